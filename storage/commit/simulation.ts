import type { StageVersions } from '../../contracts/stage.ts';
import { StoreUnavailable } from '../../contracts/store.ts';
import type { EventLog } from '../../contracts/event-log.ts';
import { parseRecord } from '../../contracts/log-record.ts';
import type { Gate } from '../../contracts/memory-log.ts';
import { createLogDisk, MemoryLogError, openMemoryLog } from '../../contracts/memory-log.ts';
import { appendLeaf } from '../../contracts/merkle.ts';
import type { Random } from '../../contracts/seeded-random.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { CHAIN_LIMITS } from './chain-tracker.ts';
import { createCommitter } from './committer.ts';
import type { CommitterDeps } from './committer-deps.ts';
import { CommitError } from './errors.ts';
import type { StoredRow } from './memory-store.ts';
import { createStoreDisk, losePower, openMemoryStore } from './memory-store.ts';
import { createSimulatedShippers } from './simulated-shippers.ts';
import { createToyStage } from './toy-stage.ts';
import { createVirtualClock } from './virtual-clock.ts';
import { checkWorld } from './simulation-checks.ts';

/**
 * One history: shippers, a log, a store, workers that come and go, faults before and after every step; then calm until
 * everything is stored, then the checks. The seed decides all of it.
 */
export interface History {
  readonly seed: number;
  /** What went wrong; empty when all is well. */
  readonly problems: readonly string[];
  readonly counts: HistoryCounts;
}

/** What happened, so that a test can say that the histories were wild enough. */
export interface HistoryCounts {
  readonly lines: number;
  groups: number;
  crashes: number;
  powerLosses: number;
  restored: number;
  adopted: number;
  amended: number;
  overtaken: number;
  duplicates: number;
  damaged: number;
  forks: number;
  systemic: number;
}

/** Ways to break a rule of the committer from outside, to show that the checks see it. */
export interface Sabotage {
  /** Wraps a worker's dependencies. */
  readonly deps?: (deps: CommitterDeps) => CommitterDeps;
}

const MAX_STEPS = 20_000;
const CONFIG: CommitterDeps['config'] = { max_group_events: 12, max_group_bytes: 1_000_000, linger_ms: 20, idle_ms: 1_000, recount_groups: 2, snapshot_every: 3, retry_first_ms: 5, retry_most_ms: 40, key_refresh_ms: 50 };
/** So few ends are remembered that old repeats must be looked up. */
const TIGHT_LIMITS = { branches: 16, recent: 3, gaps: 1_000 };
const PARTITION = 0;
/** A month ends inside some histories. */
const MONTH_END_MS = Date.UTC(2026, 1, 1);

type Counts = { -readonly [K in keyof HistoryCounts]: HistoryCounts[K] };

/** A commit record's first position: worth no full parse, since it is read at every power loss. */
function firstOf(commit: string): number {
  return Number(/"first":(\d+)/.exec(commit)?.[1]);
}

const turn = (): Promise<void> => new Promise((resolve) => {
  setImmediate(resolve);
});

interface Worker {
  alive: boolean;
  next: number;
  readonly stop: AbortController;
}

/** Everything one history is made of. */
function createWorld(random: Random, sabotage: Sabotage) {
  const clock = createVirtualClock(MONTH_END_MS - random.between(0, 1_500));
  const logDisk = createLogDisk(1);
  const storeDisk = createStoreDisk();
  const log: EventLog = openMemoryLog(logDisk, undefined, clock.sleep);
  const counts: Counts = { lines: 0, groups: 0, crashes: 0, powerLosses: 0, restored: 0, adopted: 0, amended: 0, overtaken: 0, duplicates: 0, damaged: 0, forks: 0, systemic: 0 };
  const problems: string[] = [];
  const commits = new Map<number, string>();
  const workers: Worker[] = [];
  const tight = random.chance(0.3);
  let calm = false;
  let refuseAll = false;
  let derivation = 1;
  let keyEpoch = 1;
  let lines = 0;
  const nextLine = (): string => {
    const dice = random();
    lines += 1;
    return `${lines}${dice < 0.03 ? ' poison' : dice < 0.04 ? ' alert poison-match' : dice < 0.08 ? ' dead' : dice < 0.15 ? ' alert' : ''}`;
  };
  const shippers = Array.from({ length: random.between(1, 3) }, (_, i) => createSimulatedShippers(random, `site-${i >> 1}`, `stream-${i & 1}`, nextLine));
  const refuses = (table: string, row: StoredRow): boolean => refuseAll || (table === 'events' && String(row['line']).endsWith(' poison')) || (table === 'matches' && String(row['field']).includes('poison-match'));

  function spawn(): void {
    const worker: Worker = { alive: true, next: 0, stop: new AbortController() };
    const delays = random.chance(0.3) ? 0.3 : 0;
    const faults = random.chance(0.4) ? 0.05 : 0;
    let stepsToLive = random.chance(0.8) ? random.between(1, 60) : Infinity;
    const gate: Gate = async (what, effect) => {
      const never = new Promise<never>(() => {});
      if (!worker.alive) return never;
      if (delays > 0 && !calm && random.chance(what === 'insert' ? 0.8 : delays)) await clock.sleep(random.between(1, what === 'insert' ? 80 : 30));
      if (!worker.alive) return never;
      stepsToLive -= 1;
      const dies = stepsToLive <= 0 && !calm;
      const late = random.chance(0.5);
      if (dies && !late) return kill(worker, never);
      if (faults > 0 && !calm && random.chance(faults)) {
        if (random.chance(0.5)) effect();
        throw faultOf(what);
      }
      const result = effect();
      return dies ? kill(worker, never) : result;
    };
    workers.push(worker);
    const committer = createCommitter(sabotage.deps === undefined ? depsOf(worker, gate) : sabotage.deps(depsOf(worker, gate)));
    committer.run(worker.stop.signal).catch((error: unknown) => {
      if (!worker.alive) return;
      worker.alive = false;
      if (error instanceof CommitError && error.retryable) {
        counts.systemic += 1;
        // Whoever mends the store has heard of it only now.
        refuseAll = false;
        void clock.sleep(random.between(1, 50)).then(spawnIfNone);
      } else problems.push(`worker stopped: ${error instanceof Error ? error.stack : String(error)}`);
    });
  }

  function spawnIfNone(): void {
    if (!workers.some((w) => w.alive)) spawn();
  }

  function kill<T>(worker: Worker, never: Promise<T>): Promise<T> {
    worker.alive = false;
    counts.crashes += 1;
    if (random.chance(0.2)) derivation += 1;
    if (random.chance(0.2)) cutPower();
    void clock.sleep(random.between(1, 50)).then(spawnIfNone);
    return never;
  }

  /** Takes inserts of the newest groups, as a disk may that lied about an fsync. */
  function cutPower(): void {
    for (const worker of workers) worker.alive = false;
    watch();
    const firsts = [...commits.values()].map(firstOf).toSorted((x, y) => x - y);
    const safeBelow = firsts.at(-CONFIG.recount_groups) ?? 0;
    const lost = storeDisk.parts.toReversed().findIndex((p) => Number(p.rows[0]?.['position']) < safeBelow);
    losePower(storeDisk, random.between(0, Math.min(8, lost < 0 ? storeDisk.parts.length : lost)), random.chance(0.7));
    counts.powerLosses += 1;
  }

  function depsOf(worker: Worker, gate: Gate): CommitterDeps {
    const own = openMemoryLog(logDisk, gate, clock.sleep);
    const versions: StageVersions = { derivation, pack: 'toy' };
    return {
      partition: PARTITION, log: own, store: openMemoryStore(storeDisk, gate, refuses), clock, config: CONFIG, chainLimits: tight ? TIGHT_LIMITS : CHAIN_LIMITS,
      stageFor: async (v) => createToyStage(v),
      currentVersions: () => versions,
      open: (record) => gate('open', () => openRecord(record.value)),
      siteKeys: (site, epoch) => gate('keys', () => ({ site, epoch: epoch ?? keyEpoch, token: Buffer.alloc(0), deadLetter: Buffer.alloc(0) })),
      tree: { append: (frontier, leaves) => {
        let grown = frontier;
        for (let i = 0; i < leaves.length; i += 32) grown = appendLeaf(grown, leaves.subarray(i, i + 32));
        return grown;
      } },
      releaseControl: (_partition, before) => {
        watch();
        return own.control.trim(before);
      },
      onEvent: (event) => {
        switch (event.type) {
          case 'recovered':
            worker.next = event.next;
            counts.restored += event.restored;
            break;
          case 'committed':
            worker.next = event.record.last + 1;
            break;
          case 'adopted':
          case 'amended':
          case 'overtaken':
            counts[event.type] += 1;
            break;
          default:
        }
      },
    };
  }

  /** Sees every commit record, also those that are trimmed later. */
  function watch(): void {
    for (const entry of logDisk.control.entries) if (entry.key.startsWith('commit/')) commits.set(entry.offset, entry.value);
  }

  async function ship(): Promise<void> {
    const steps = random.between(5, 16);
    for (let i = 0; i < steps; i++) {
      if (random.chance(0.5)) await clock.sleep(random.between(1, 60));
      if (random.chance(0.05)) keyEpoch += 1;
      if (random.chance(0.02)) refuseAll = true;
      if (random.chance(0.05)) spawn();
      if (random.chance(0.04)) {
        cutPower();
        spawn();
      }
      const receivedAtMs = clock.nowMs() - (random.chance(0.05) ? random.between(0, 500) : 0);
      for (const record of random.pick(shippers).step(receivedAtMs)) await log.append(record.key, record.value);
    }
    for (const shipper of shippers) for (const record of shipper.drain(clock.nowMs())) await log.append(record.key, record.value);
  }

  async function history(): Promise<void> {
    let shipping = true;
    spawn();
    void ship().then(() => {
      shipping = false;
    });
    const end = (): number => (logDisk.partitions[PARTITION]?.first ?? 0) + (logDisk.partitions[PARTITION]?.records.length ?? 0);
    let quietSteps = 0;
    for (let step = 0; ; step++) {
      await turn();
      watch();
      if (problems.length > 0) break;
      if (!shipping && !calm) {
        // The last faults may still be under way; from here on nothing new goes wrong.
        calm = true;
        if (random.chance(0.3)) cutPower();
        spawnIfNone();
      }
      if (calm && workers.some((w) => w.alive && w.next >= end())) quietSteps += 1;
      if (quietSteps > 4) break;
      if (step > MAX_STEPS || !clock.advance()) {
        problems.push(`did not come to rest: step ${step}, workers at ${workers.filter((w) => w.alive).map((w) => w.next).join(', ')} of ${end()}`);
        break;
      }
    }
    for (const worker of workers) worker.stop.abort(null);
  }

  return { history, counts, problems, commits, logDisk, storeDisk, shippers, config: CONFIG, tight, lines: () => lines };
}

export type World = ReturnType<typeof createWorld>;

function faultOf(what: string): Error {
  return ['insert', 'count', 'probe', 'hasBlock', 'recordCommit'].includes(what) ? new StoreUnavailable('fault') : new MemoryLogError('fault', true);
}

function openRecord(value: Buffer) {
  const record = parseRecord(value);
  if (record === undefined || record.sealed.toString() === 'rotten') throw new MemoryLogError('damaged', false);
  return { head: record.head, body: record.sealed };
}

export async function runHistory(seed: number, sabotage: Sabotage = {}): Promise<History> {
  const world = createWorld(seededRandom(seed), sabotage);
  await world.history();
  if (world.problems.length === 0) checkWorld(world);
  return { seed, problems: [...world.problems, ...world.storeDisk.violations], counts: { ...world.counts, lines: world.lines() } };
}
