import type { CommitRecord } from '../../contracts/control.ts';
import type { EventLog } from '../../contracts/event-log.ts';
import { createLogDisk, openMemoryLog } from '../../contracts/memory-log.ts';
import type { Random } from '../../contracts/seeded-random.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { createStoreDisk, losePower } from './memory-store.ts';
import type { CommitterDeps } from './committer-deps.ts';
import type { StoredRow } from './memory-store.ts';
import { createSimulatedBridge } from './simulated-bridge.ts';
import type { SimulatedShippers } from './simulated-shippers.ts';
import { createSimulatedShippers } from './simulated-shippers.ts';
import type { SimulatedWorker } from './simulated-worker.ts';
import { isOnDuty, kill, spawn, spawnIfNone } from './simulated-worker.ts';
import { checkWorld } from './simulation-checks.ts';
import type { HistoryPlan } from './simulation-plan.ts';
import { SHORT } from './simulation-plan.ts';
import { createVirtualClock } from './virtual-clock.ts';

/**
 * One history: shippers, a log, a store, workers that come, sleep and go, faults before and after every step; then calm
 * until everything is stored, then the checks. The seed decides all of it.
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
  naps: number;
  handovers: number;
  outages: number;
  powerLosses: number;
  restored: number;
  adopted: number;
  amended: number;
  overtaken: number;
  duplicates: number;
  damaged: number;
  forks: number;
  systemic: number;
  /** Groups that name lost positions. */
  lost: number;
  parked: number;
  observed: number;
  nodes: number;
}

/** Ways to break a rule of the committer from outside, to show that the checks see it. */
export interface Sabotage {
  /** Wraps a worker's dependencies. */
  readonly deps?: (deps: CommitterDeps) => CommitterDeps;
}

export const NOTHING_YET: HistoryCounts = {
  lines: 0, groups: 0, crashes: 0, naps: 0, handovers: 0, outages: 0, powerLosses: 0, restored: 0, adopted: 0, amended: 0, overtaken: 0, duplicates: 0, damaged: 0,
  forks: 0, systemic: 0, lost: 0, parked: 0, observed: 0, nodes: 0,
};

/** A month ends inside some histories. */
const MONTH_END_MS = Date.UTC(2026, 1, 1);

type Counts = { -readonly [K in keyof HistoryCounts]: HistoryCounts[K] };

const turn = (): Promise<void> => new Promise((resolve) => {
  setImmediate(resolve);
});

/** Everything one history is made of. */
export function createWorld(random: Random, plan: HistoryPlan, sabotage: Sabotage) {
  const clock = createVirtualClock(MONTH_END_MS - random.between(0, plan.beforeMonthEndMs));
  const partitions = plan.partitions(random);
  const logDisk = createLogDisk(partitions);
  const storeDisk = createStoreDisk();
  const log: EventLog = openMemoryLog(logDisk, undefined, clock.sleep);
  const counts: Counts = { ...NOTHING_YET };
  const problems: string[] = [];
  const commits = new Map<number, string>();
  /** Site and token of each value in the vault. */
  const vault = new Set<string>();
  const workers: SimulatedWorker[] = [];
  const shippers: SimulatedShippers[] = [];
  /** Lines of each record, by partition and position. */
  const sent = new Map<string, readonly string[]>();
  /** Positions cut off before they were stored. */
  const cutOff = new Set<string>();
  const weather = { derivation: 1, keyEpoch: 1, refuseAll: false, refusedSite: random.chance(0.03) ? 'site-1' : '', brokerDownUntilMs: 0, storeDownUntilMs: 0, gatewaySkewMs: 0, recountDue: false };
  let calm = false;
  let lines = 0;
  let watched = 0;
  const nextLine = (): string => {
    const dice = random();
    lines += 1;
    return `${lines}${dice < 0.03 ? ' poison' : dice < 0.04 ? ' alert poison-match' : dice < 0.08 ? ' dead' : dice < 0.15 ? ' alert' : ''}`;
  };
  const refuses = (table: string, row: StoredRow): boolean => weather.refuseAll
    || (table === 'events' && (String(row['line']).endsWith(' poison') || row['site'] === weather.refusedSite))
    || (table === 'matches' && String(row['field']).includes('poison-match'));

  /** Sees every commit record, also those that are trimmed later. */
  function watch(): void {
    const { first, entries } = logDisk.control;
    for (let i = Math.max(0, watched - first); i < entries.length; i++) {
      const entry = entries[i];
      if (entry?.key.startsWith('commit/') === true) commits.set(entry.offset, entry.value);
    }
    watched = first + entries.length;
  }

  const committedEnd = (partition: number): number => Math.max(0, ...commitsOf(partition).map((c) => c.last + 1));

  /** Ranges of the newest commits: worth no full parse, since it is read at every power loss. */
  function commitsOf(partition: number): readonly { readonly first: number; readonly last: number }[] {
    watch();
    return [...commits.values()].slice(-plan.lookBack).filter((text) => text.includes(`"partition":${partition},`))
      .map((text) => ({ first: Number(/"first":(\d+)/.exec(text)?.[1]), last: Number(/"last":(\d+)/.exec(text)?.[1]) }));
  }

  /** Takes inserts of the newest groups whose blocks are kept, as a disk may that lied about an fsync. Some sleep through it. */
  function cutPower(): void {
    for (const worker of workers) {
      if (worker.asleepAt !== 'insert') worker.alive = false;
      else if (worker.alive) weather.recountDue = true;
    }
    const safeBelow = logDisk.partitions.map(({ first }, p) => {
      const kept = [...new Set(commitsOf(p).map((c) => c.first))].filter((start) => start >= first).toSorted((x, y) => x - y);
      return kept.at(-plan.config.recount_groups) ?? kept[0] ?? committedEnd(p);
    });
    const kept = storeDisk.parts.toReversed().findIndex((part) => part.first < (safeBelow[part.partition] ?? 0));
    losePower(storeDisk, random.between(0, Math.min(8, kept < 0 ? storeDisk.parts.length : kept)), random.chance(0.7));
    counts.powerLosses += 1;
    for (let p = 0; p < partitions; p++) void clock.sleep(random.between(1, 50)).then(() => spawnIfNone(world, p));
  }

  /** Retention passes what nobody stored: everybody was away for long. */
  function loseRecords(partition: number): void {
    for (const worker of workers) if (worker.partition === partition) worker.alive = false;
    const disk = logDisk.partitions[partition];
    if (disk === undefined) return;
    const end = committedEnd(partition);
    // What a power loss took is put back first: rows and blocks are never gone at once.
    if (!storeHolds(partition)) return;
    // Of a group that is stored in part no one can say what is missing: that stops the partition, see the committer's tests.
    if (storeDisk.parts.some((p) => p.partition === partition && p.last >= end)) return;
    const before = random.between(disk.first, disk.first + disk.records.length);
    for (let position = Math.max(end, disk.first); position < before; position++) cutOff.add(`${partition}/${position}`);
    disk.first += disk.records.splice(0, before - disk.first).length;
    void clock.sleep(random.between(1, 50)).then(() => spawnIfNone(world, partition));
  }

  function storeHolds(partition: number): boolean {
    watch();
    const records = [...commits.values()].slice(-plan.lookBack).map((text) => JSON.parse(text) as CommitRecord).filter((c) => c.partition === partition); // Written by the committer.
    return records.every(({ first, last, rows }) => Object.entries(rows).every(([table, n]) => n === storeDisk.parts.filter((p) => p.table === table && p.partition === partition && p.first >= first && p.last <= last).reduce((sum, p) => sum + p.rows.length, 0)));
  }

  /** Another worker is given the partition; the one before may stop in time, late, or not know. */
  function handOver(partition: number): void {
    counts.handovers += 1;
    const before = workers.filter((w) => w.partition === partition && isOnDuty(w));
    spawn(world, partition);
    for (const worker of before) {
      const dice = random();
      if (dice < 0.2) kill(world, worker);
      else if (dice < 0.8) void retire(worker);
    }
  }

  async function retire(worker: SimulatedWorker): Promise<void> {
    await clock.sleep(random.between(0, plan.napMs));
    worker.stop.abort(null);
    spawnIfNone(world, worker.partition);
    await clock.sleep(1_001);
    if (worker.alive && !worker.ended) problems.push('a worker did not stop');
  }

  function addShippers(names: readonly string[], streams: (site: string) => readonly string[]): void {
    for (const site of names) for (const stream of streams(site)) shippers.push(stream.startsWith('ingress') ? createSimulatedBridge(random, site, stream, nextLine) : createSimulatedShippers(random, site, stream, nextLine));
  }

  async function append(records: ReturnType<SimulatedShippers['step']>): Promise<void> {
    for (const record of records) {
      const { partition, position } = await log.append(record.key, record.value);
      sent.set(`${partition}/${position}`, record.lines);
    }
  }

  const world = {
    random, plan, sabotage, clock, partitions, logDisk, storeDisk, log, counts, problems, commits, vault, workers, shippers, sent, cutOff, weather, refuses,
    tight: random.chance(plan.tightChance), calm: () => calm, setCalm: () => {
      calm = true;
    },
    watch, cutPower, loseRecords, handOver, addShippers, append, lines: () => lines,
  };
  return world;
}

export type World = ReturnType<typeof createWorld>;

/** Ships and lets things happen until the plan is over, then waits until all is stored and parked. */
async function live(world: World): Promise<void> {
  const { plan, clock, random, workers, problems, logDisk, partitions } = world;
  let shipping = true;
  for (let p = 0; p < partitions; p++) spawn(world, p);
  void plan.happen(world).then(() => {
    shipping = false;
  }, (error: unknown) => problems.push(String(error)));
  const isDone = (p: number): boolean => {
    const { first, records } = logDisk.partitions[p] ?? { first: 0, records: [] };
    return workers.some((w) => w.partition === p && isOnDuty(w) && (w.next >= first + records.length || records.length === 0)) && (records.length === 0 || !parks);
  };
  const parks = random.chance(plan.parkChance);
  let quietSteps = 0;
  for (let step = 0; ; step++) {
    await turn();
    world.watch();
    if (problems.length > 0) break;
    if (!shipping && !world.calm()) {
      // The last faults may still be under way; from here on nothing new goes wrong.
      world.setCalm();
      if (random.chance(0.3)) world.cutPower();
      for (let p = 0; p < partitions; p++) spawnIfNone(world, p);
      continue;
    }
    const asleep = workers.some((w) => w.alive && w.asleepAt !== undefined);
    if (world.calm() && !asleep && Array.from({ length: partitions }, (_, p) => isDone(p)).every(Boolean)) quietSteps += 1;
    if (quietSteps > 4 && world.weather.recountDue) {
      // Who slept through a power loss counts its groups only when it lets go of them.
      world.weather.recountDue = false;
      quietSteps = 0;
      for (const worker of workers) worker.alive = false;
      for (let p = 0; p < partitions; p++) spawn(world, p);
      continue;
    }
    if (quietSteps > 4) break;
    if (step > plan.maxSteps || !clock.advance()) {
      problems.push(`did not come to rest: step ${step}, workers at ${workers.filter((w) => w.alive).map((w) => `${w.partition}/${w.next}`).join(', ')} of ${logDisk.partitions.map((d) => d.first + d.records.length).join(', ')}`);
      break;
    }
    forgetDead(workers);
  }
  for (const worker of workers) worker.stop.abort(null);
}

function forgetDead(workers: SimulatedWorker[]): void {
  if (workers.length < 64) return;
  workers.splice(0, workers.length, ...workers.filter((w) => w.alive && !w.ended));
}

export async function runHistory(seed: number, sabotage: Sabotage = {}, plan: HistoryPlan = SHORT): Promise<History> {
  const world = createWorld(seededRandom(seed), plan, sabotage);
  await live(world);
  if (world.problems.length === 0) checkWorld(world);
  return { seed, problems: [...world.problems, ...world.storeDisk.violations], counts: { ...world.counts, lines: world.lines() } };
}
