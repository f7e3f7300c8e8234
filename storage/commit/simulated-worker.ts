import { partitionOf } from '../../contracts/event-log.ts';
import type { ControlStream, EventLog } from '../../contracts/event-log.ts';
import { parseRecord } from '../../contracts/log-record.ts';
import type { Gate } from '../../contracts/memory-log.ts';
import { MemoryLogError, openMemoryLog } from '../../contracts/memory-log.ts';
import { appendLeaf } from '../../contracts/merkle.ts';
import type { StageVersions } from '../../contracts/stage.ts';
import { StoreUnavailable } from '../../contracts/store.ts';
import { CHAIN_LIMITS } from './chain-tracker.ts';
import { createCommitter } from './committer.ts';
import type { CommitterDeps, CommitterEvent } from './committer-deps.ts';
import { createControlRelease } from './control-release.ts';
import { CommitError } from './errors.ts';
import { openMemoryStore } from './memory-store.ts';
import type { World } from './simulation.ts';
import { createToyStage } from './toy-stage.ts';

/** A worker that a history starts, delays, puts to sleep and kills. */
export interface SimulatedWorker {
  readonly partition: number;
  alive: boolean;
  next: number;
  /** Where it stands still. */
  asleepAt: string | undefined;
  wakesAtMs: number;
  /** Of its clock against the world's. */
  skewMs: number;
  readonly stop: AbortController;
  readonly control: ControlStream;
  ended: boolean;
}

const STORE_EFFECTS = ['insert', 'count', 'probe', 'hasBlock', 'recordCommit'];
/** Few: a worker that slept finds its tokens forgotten. */
const TOKENS = 3;
/** Few: most groups complete a tile. */
export const TILE_LEAVES = 4;

/** Starts a worker on a partition. Whoever worked there goes on. */
export function spawn(world: World, partition: number): SimulatedWorker {
  const { random, clock, plan } = world;
  const raw = openMemoryLog(world.logDisk, (what, effect) => gate(what, effect), clock.sleep);
  const log: EventLog = { ...raw, control: repeatingClaims(world, raw.control) };
  const worker: SimulatedWorker = {
    partition, alive: true, next: 0, asleepAt: undefined, wakesAtMs: 0, skewMs: random.chance(0.2) ? random.between(-plan.skewMs, plan.skewMs) : 0,
    stop: new AbortController(), control: log.control, ended: false,
  };
  const gate = createGate(world, worker);
  const deps = depsOf(world, worker, log, gate);
  world.workers.push(worker);
  createCommitter(world.sabotage.deps?.(deps) ?? deps).run(worker.stop.signal).then(
    () => {
      worker.ended = true;
    },
    (error: unknown) => stopped(world, worker, error),
  );
  return worker;
}

function stopped(world: World, worker: SimulatedWorker, error: unknown): void {
  if (!worker.alive) return;
  worker.alive = false;
  if (!(error instanceof CommitError) || !error.retryable) return void world.problems.push(`worker stopped: ${error instanceof Error ? error.stack : String(error)}`);
  world.counts.systemic += 1;
  // Whoever mends the store has heard of it only now.
  world.weather.refuseAll = false;
  void world.clock.sleep(world.random.between(1, 50)).then(() => spawnIfNone(world, worker.partition));
}

export function spawnIfNone(world: World, partition: number): void {
  if (!world.workers.some((w) => w.partition === partition && isOnDuty(w))) spawn(world, partition);
}

export function isOnDuty(worker: SimulatedWorker): boolean {
  return worker.alive && !worker.stop.signal.aborted;
}

export function kill(world: World, worker: SimulatedWorker): void {
  if (!worker.alive) return;
  worker.alive = false;
  world.counts.crashes += 1;
  if (world.random.chance(0.2)) world.weather.derivation += 1;
  if (world.random.chance(0.2)) world.cutPower();
  void world.clock.sleep(world.random.between(1, 50)).then(() => spawnIfNone(world, worker.partition));
}

/** Every effect of a worker passes here: it is delayed, fails before or after it happened, or is the last one. */
function createGate(world: World, worker: SimulatedWorker): Gate {
  const { random, clock, plan } = world;
  const delays = random.chance(0.3) ? 0.3 : 0;
  const faults = random.chance(0.4) ? 0.05 : 0;
  const naps = random.chance(plan.sleepers) ? plan.naps : 0;
  let stepsToLive = random.chance(0.8) ? random.between(1, plan.stepsToLive) : Infinity;
  const never = new Promise<never>(() => {});

  async function nap(what: string): Promise<void> {
    if (naps > 0 && !world.calm() && worker.asleepAt === undefined && random.chance(what === 'control append' ? 10 * naps : naps)) {
      const napMs = random.between(50, plan.napMs);
      world.counts.naps += 1;
      worker.asleepAt = what;
      worker.wakesAtMs = clock.nowMs() + napMs;
      if (random.chance(0.7)) void clock.sleep(random.between(1, 30)).then(() => spawn(world, worker.partition));
    }
    // The whole worker stands still, whatever else it has under way.
    while (worker.asleepAt !== undefined && clock.nowMs() < worker.wakesAtMs) await clock.sleep(worker.wakesAtMs - clock.nowMs());
    worker.asleepAt = undefined;
  }

  return async (what, effect) => {
    if (!worker.alive) return never;
    await nap(what);
    if (delays > 0 && !world.calm() && random.chance(what === 'insert' ? 0.8 : delays)) await clock.sleep(random.between(1, what === 'insert' ? plan.slowInsertMs : 30));
    if (!worker.alive) return never;
    stepsToLive -= 1;
    const dies = stepsToLive <= 0 && !world.calm();
    const late = random.chance(0.5);
    if (dies && !late) {
      kill(world, worker);
      return never;
    }
    if (isDown(world, what) || (faults > 0 && !world.calm() && random.chance(faults))) {
      if (random.chance(0.5) && !isDown(world, what)) effect();
      throw STORE_EFFECTS.includes(what) ? new StoreUnavailable('fault') : new MemoryLogError('fault', true);
    }
    const result = effect();
    if (dies) {
      kill(world, worker);
      return never;
    }
    await nap(`${what} done`);
    return worker.alive ? result : never;
  };
}

function isDown({ clock, weather }: World, what: string): boolean {
  return clock.nowMs() < (STORE_EFFECTS.includes(what) ? weather.storeDownUntilMs : weather.brokerDownUntilMs);
}

/** A control stream that shows claims written twice, winners and losers: the first of a key counts. */
function repeatingClaims({ logDisk: { control: disk }, random, calm }: World, control: ControlStream): ControlStream {
  return {
    ...control,
    async claim(key, value) {
      const entry = await control.claim(key, value);
      if (!calm() && random.chance(entry.value === value ? 0.05 : 0.5)) disk.entries.push({ offset: disk.first + disk.entries.length, key, value });
      return entry;
    },
  };
}

function depsOf(world: World, worker: SimulatedWorker, log: EventLog, gate: Gate): CommitterDeps {
  const { clock, weather } = world;
  const { partition } = worker;
  const versions: StageVersions = { derivation: weather.derivation, rules: `toy ${weather.derivation}` };
  const release = createControlRelease(log.control, log.partitions);
  return {
    partition, log, config: world.plan.config, chainLimits: world.tight ? world.plan.tightLimits : CHAIN_LIMITS, tileLeaves: TILE_LEAVES,
    store: openMemoryStore(world.storeDisk, { gate, refuses: world.refuses, tokens: TOKENS }),
    clock: { ...clock, nowMs: () => clock.nowMs() + worker.skewMs },
    stageFor: async (v) => createToyStage(v),
    currentVersions: () => versions,
    open: (record) => gate('open', () => openRecord(record.value)),
    siteKeys: (site, epoch) => gate('keys', () => ({ site, epoch: epoch ?? weather.keyEpoch, token: Buffer.alloc(0), deadLetter: Buffer.alloc(0) })),
    tree: { append: (frontier, leaves) => {
      let grown = frontier;
      for (let i = 0; i < leaves.length; i += 32) grown = appendLeaf(grown, leaves.subarray(i, i + 32));
      return grown;
    } },
    publish: async (range, rules, observations) => {
      const keyOf = String(range.partition);
      await log.observations.appendTo(partitionOf(keyOf, log.partitions), keyOf, Buffer.from(JSON.stringify({ range, rules, observations })));
    },
    keep: async (entries) => {
      await gate('vault', () => entries.forEach(({ site, token }) => world.vault.add(`${site} ${token}`)));
    },
    releaseControl: (owner, before) => {
      world.watch();
      return release.release(owner, before);
    },
    onEvent: (event) => note(world, worker, event),
  };
}

function note({ counts }: World, worker: SimulatedWorker, event: CommitterEvent): void {
  switch (event.type) {
    case 'recovered':
      worker.next = event.next;
      counts.restored += event.restored;
      break;
    case 'committed':
      worker.next = event.record.last + 1;
      break;
    case 'trimmed':
      if (event.before === worker.next) counts.parked += 1;
      break;
    case 'adopted':
    case 'amended':
    case 'overtaken':
    case 'lost':
      counts[event.type] += 1;
      break;
    default:
  }
}

function openRecord(value: Buffer) {
  const record = parseRecord(value);
  if (record === undefined || record.sealed.toString() === 'rotten') throw new MemoryLogError('damaged', false);
  return { head: record.head, body: record.sealed };
}
