import { isDeepStrictEqual } from 'node:util';
import type { LogRecord } from '../../contracts/event-log.ts';
import type { Finding, KeyedStage } from '../../contracts/keyed-stage.ts';
import type { Gate } from '../../contracts/memory-log.ts';
import { createLogDisk, MemoryLogError, openMemoryLog } from '../../contracts/memory-log.ts';
import type { Observation } from '../../contracts/observation.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import type { Random } from '../../contracts/seeded-random.ts';
import { createControlRelease } from '../commit/control-release.ts';
import { createVirtualClock } from '../commit/virtual-clock.ts';
import { createCorrelator } from './correlator.ts';
import type { CorrelatorDeps, CorrelatorEvent } from './correlator-deps.ts';
import { CONFIG, noSeal, observation, observationRecord, openPlain, trailOf } from './correlator-fixture.ts';
import { createToyKeyedStage } from './toy-keyed-stage.ts';

/**
 * Seeded histories of one partition: groups of several workers are told, again, in parts, and late, under rule sets that
 * each worker reloads when it comes to it; correlators come and go, several at once, die before and after each effect,
 * stand still for long, tell the time; the control stream is trimmed as the committers' release does it. Then calm, then:
 * each finding stands once on the trail of its site, in the order of the observations, and no epoch broke: as if one
 * correlator had read the whole log at leisure.
 */
export interface SimulatedHistory {
  readonly problems: readonly string[];
  readonly findings: number;
  readonly crashes: number;
  readonly duplicates: number;
  readonly overtaken: number;
  readonly trimmed: number;
  readonly ticks: number;
  readonly reloads: number;
  /** Observations that came late, and groups forgotten, as the stage counts them. */
  readonly late: number;
  readonly evicted: number;
}

export interface SimulationOptions {
  /** Its rule sets are called `r1`, `r2` and so on. */
  readonly createStage?: () => KeyedStage;
  /** The next observation out of a partition of blocks, received now. */
  readonly nextObservation?: (random: Random, leaf: number, source: number, nowMs: number) => Observation;
  /** Breaks a rule of the correlator from outside, to show that the checks see it. */
  readonly sabotage?: (deps: CorrelatorDeps) => CorrelatorDeps;
}

const SOURCES = 3;
const STEPS = 220;
const CALM_STEPS = 120;

interface Told {
  readonly source: number;
  readonly first: number;
  readonly part: number;
  readonly rules: string;
  readonly observations: readonly Observation[];
}

const turn = (): Promise<void> => new Promise((resolve) => {
  setImmediate(resolve);
});

function createWorld(seed: number, options: SimulationOptions) {
  const random = seededRandom(seed);
  const disk = createLogDisk(1);
  const clock = createVirtualClock(Date.UTC(2026, 10, 21));
  return {
    random, disk, clock, log: openMemoryLog(disk, undefined, clock.sleep),
    createStage: options.createStage ?? createToyKeyedStage,
    nextObservation: options.nextObservation ?? ((dice: Random, leaf: number, source: number, nowMs: number) => observation(`198.51.100.${dice.below(4)}`, leaf, `s${source}`, nowMs)),
    sabotage: options.sabotage ?? ((deps: CorrelatorDeps) => deps),
    /** Every record of observations that ever was. */
    history: [] as LogRecord[],
    problems: [] as string[],
    workers: [] as { alive: boolean; readonly stop: AbortController }[],
    counts: { crashes: 0, overtaken: 0, trimmed: 0, reloads: 0 },
    calm: false, leaf: 0,
    groups: [] as (readonly Told[])[],
    next: Array.from({ length: SOURCES }, () => 0),
    /** Which set each worker derives with, and the newest. */
    rules: Array.from({ length: SOURCES }, () => 1),
    newestRules: 1,
  };
}

type World = ReturnType<typeof createWorld>;

/** Before anything is trimmed. */
function watch({ disk, history }: World): void {
  const observed = disk.observations[0];
  if (observed !== undefined) history.push(...observed.records.slice(history.length - observed.first));
}

function note(world: World, event: CorrelatorEvent): void {
  if (event.type === 'overtaken') world.counts.overtaken += 1;
  if (event.type === 'lost' || event.type === 'cut' || event.type === 'changed' || event.type === 'damaged_record') world.problems.push(event.type);
}

/** Every effect of a worker passes here: it is delayed, fails before or after it happened, or is the last one. */
function createGate(world: World, worker: World['workers'][number]): Gate {
  const { random, clock } = world;
  const never = new Promise<never>(() => {});
  let stepsToLive = random.chance(0.7) ? random.between(1, 40) : Infinity;
  const faults = random.chance(0.4) ? 0.1 : 0;
  const pauses = random.chance(0.4) ? 0.05 : 0;
  return async (what, effect) => {
    if (!worker.alive) return never;
    if (!world.calm && random.chance(pauses)) await clock.sleep(random.pick([10, 300, 3_000]));
    if (what === 'trim observations') watch(world);
    // One that stood still may do this one thing more, long after it was given up.
    if (!worker.alive && random.chance(0.5)) return never;
    stepsToLive -= 1;
    if (worker.alive && stepsToLive <= 0 && !world.calm) {
      worker.alive = false;
      world.counts.crashes += 1;
      if (random.chance(0.5)) effect();
      return never;
    }
    if (!world.calm && random.chance(faults)) {
      if (random.chance(0.5)) effect();
      throw new MemoryLogError('not reached', true);
    }
    return effect();
  };
}

function spawn(world: World): void {
  const { random, clock, disk, workers } = world;
  const worker = { alive: true, stop: new AbortController() };
  workers.push(worker);
  const deps: CorrelatorDeps = {
    partition: 0, log: openMemoryLog(disk, createGate(world, worker), clock.sleep), open: openPlain, seal: noSeal, stage: world.createStage(), clock,
    horizon: { read: async () => clock.nowMs() - random.below(2_000) },
    config: { ...CONFIG, snapshot_every: random.pick([1, 3, 10]), snapshot_ms: random.pick([50, 400]) },
    onEvent: (event) => worker.alive && note(world, event),
  };
  createCorrelator(world.sabotage(deps)).run(worker.stop.signal).catch((error: unknown) => world.problems.push(String(error)));
}

async function append({ log, clock }: World, { source, first, part, rules, observations }: Told): Promise<void> {
  const observed = { partition: source, first, last: first + 1, rules, ...(part === 0 ? {} : { part }) };
  await log.observations.appendTo(0, String(source), await observationRecord(observed, observations, clock.nowMs()));
}

/** A group's parts, tried until a try got through; sometimes a group of before again, as a worker left behind does. */
async function tell(world: World): Promise<void> {
  const { random, clock, groups, next, rules } = world;
  const old = groups.length > 0 && random.chance(0.15) ? random.pick(groups) : undefined;
  if (old !== undefined) return append(world, random.pick(old));
  const source = random.below(SOURCES);
  const first = next[source] ?? 0;
  next[source] = first + random.between(2, 9);
  if (random.chance(0.1)) world.newestRules += 1;
  if (random.chance(0.3) && rules[source] !== world.newestRules) {
    rules[source] = world.newestRules;
    world.counts.reloads += 1;
  }
  const group = Array.from({ length: random.pick([1, 1, 1, 2, 3]) }, (_, part): Told => ({
    source, first, part, rules: `r${rules[source]}`,
    observations: Array.from({ length: random.between(1, 4) }, () => world.nextObservation(random, world.leaf++, source, clock.nowMs())),
  }));
  groups.push(group);
  while (random.chance(0.2)) for (const told of group) if (random.chance(0.6)) await append(world, told);
  for (const told of group) await append(world, told);
}

/** What committers do, sometimes while a snapshot is being written. */
async function trimControl(world: World): Promise<void> {
  const { disk, log } = world;
  if (!disk.control.entries.some((e) => e.key === 'keyed/0')) return;
  await createControlRelease(log.control, 1).release(0, (await log.control.bounds()).next);
  world.counts.trimmed += 1;
}

async function live(world: World): Promise<void> {
  const { random, clock, log, workers } = world;
  for (let step = 0; step < STEPS; step++) {
    if (random.chance(0.25)) await tell(world);
    if (random.chance(0.03)) await trimControl(world);
    if (random.chance(0.1)) await log.control.append(`commit/0/${step}`, '{}');
    if (workers.filter((w) => w.alive).length < random.pick([1, 1, 2, 3])) spawn(world);
    const alive = workers.filter((w) => w.alive);
    if (alive.length > 1 && random.chance(0.05)) random.pick(alive).stop.abort(null);
    await turn();
    if (random.chance(0.5)) clock.advance();
  }
  world.calm = true;
  spawn(world);
  for (let step = 0; step < CALM_STEPS; step++) {
    await turn();
    clock.advance();
  }
  for (const worker of workers) worker.stop.abort(null);
  watch(world);
}

interface Expected {
  readonly findings: readonly Finding[];
  readonly late: number;
  readonly evicted: number;
}

/** What a reader that sees every record of the log once, and nothing goes wrong with, would find. */
async function expectedOf({ history, createStage }: World): Promise<Expected> {
  const taken = new Set<string>();
  const stage = createStage();
  const run = stage.begin();
  const findings: Finding[] = [];
  for (const record of history) {
    const { head: { observed, tick }, body } = await openPlain(record);
    if (tick !== undefined) findings.push(...run.advance(tick));
    if (observed === undefined) continue;
    const key = (n: number): string => `${observed.partition}/${observed.first}/${n}`;
    const part = observed.part ?? 0;
    if (taken.has(key(part)) || (part > 0 && !taken.has(key(part - 1)))) continue;
    taken.add(key(part));
    run.use(await stage.rules(observed.rules));
    for (const line of body.toString().split('\n').slice(0, -1)) findings.push(...run.observe(JSON.parse(line) as Observation)); // Written by the history.
  }
  const { late, evicted } = run.counts();
  return { findings, late, evicted };
}

export async function simulate(seed: number, options: SimulationOptions = {}): Promise<SimulatedHistory> {
  const world = createWorld(seed, options);
  await live(world);
  const { disk, problems, history, counts } = world;
  const { lines, breaks, duplicates } = await trailOf(disk.partitions[0]?.records ?? []);
  const { findings, late, evicted } = await expectedOf(world);
  const expected = Object.fromEntries(Array.from(Map.groupBy(findings, (f) => f.site), ([site, mine]) => [site, mine.map((f) => f.line)]));
  if (breaks.length > 0) problems.push(`epochs broke: ${breaks.join(' ')}`);
  if (!isDeepStrictEqual(lines, expected)) problems.push(`${Object.values(lines).flat().length} findings on the trails, ${findings.length} expected, or other ones`);
  return { problems, findings: findings.length, duplicates, ticks: history.filter((r) => r.key === 'tick').length, late, evicted, ...counts };
}
