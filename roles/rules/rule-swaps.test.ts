import { expect, test } from 'vitest';
import type { Gate } from '../../contracts/memory-log.ts';
import { MemoryLogError, openMemoryLog } from '../../contracts/memory-log.ts';
import type { PrepareRecord } from '../../contracts/control.ts';
import type { RuleSetContent } from '../../contracts/rule-set.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import type { Random } from '../../contracts/seeded-random.ts';
import type { Stage } from '../../contracts/stage.ts';
import { StoreUnavailable } from '../../contracts/store.ts';
import { createEngine } from '../../detect/engine.ts';
import type { Engine } from '../../detect/engine.ts';
import { createStage } from '../../detect/stage.ts';
import { createCommitter } from '../../storage/commit/committer.ts';
import { openMemoryStore } from '../../storage/commit/memory-store.ts';
import { CONFIG, createPartition, JANUARY_END, plain } from '../../storage/commit/test-partition.ts';
import { createToyStage } from '../../storage/commit/toy-stage.ts';
import type { CompiledRules } from './compiled-rules.ts';
import { prepareRuleSet } from './prepared-rule-set.ts';
import type { PreparedRuleSet } from './prepared-rule-set.ts';
import { openRuleSets } from './rule-sets.ts';
import type { RuleSets } from './rule-sets.ts';

const SEED = Number(process.env['SEED'] ?? 20261121);
const HISTORIES = 25;
const EVENTS = 120;
const KINDS = 4;
const CRASH = 0.01;
const FAULT = 0.03;
const LONGEST_COMPILE_MS = 100;

/** Of every set: a rule that every event matches, and one for the kind of event that the set is about. */
function content(about: number): RuleSetContent {
  const rule = (id: string, item: string): string => `title: ${id}\nid: ${id}\nlogsource: { product: wordpress }\ndetection: { it: { ${item} }, condition: it }\nlevel: low\n`;
  return { signatures: [], sigma: [{ file: 'a.yml', text: [rule('every', 'event.action: act*'), rule(`about_${about}`, `event.action: act_${about}`)].join('---\n') }], mappings: [], placeholders: {} };
}

function expectedRules(about: number, action: string): readonly string[] {
  return action === `act_${about}` ? [`about_${about}`, 'every'] : ['every'];
}

type Partition = ReturnType<typeof createPartition>;

interface World extends Partition {
  readonly random: Random;
  /** Which content a version is of, told by compiling it. */
  readonly about: Map<string, number>;
  /** What the folder of rules holds now. */
  folder: number;
  /** From here on nothing fails any more. */
  calm: boolean;
  readonly counts: { crashes: number; swaps: number };
  /** Compilers that work in real time, which the world's own time waits for. */
  readonly compiling: Set<Promise<Engine>>;
  readonly problems: unknown[];
}

/** Rows of the memory store are JSON: events from the toy stage, matches from the real one, over the same lines. */
function withMatches(real: Stage): Stage {
  const toy = createToyStage(real.versions);
  return {
    versions: real.versions,
    begin() {
      const [events, matches] = [toy.begin(), real.begin()];
      return {
        add(block) {
          matches.add(block);
          return events.add(block);
        },
        finish: () => [...events.finish(), ...matches.finish().filter(({ table }) => table === 'matches')],
      };
    },
  };
}

function compileIn(world: World): (prepared: PreparedRuleSet) => Promise<CompiledRules> {
  return async ({ ruleSet }) => {
    world.about.set(ruleSet.version, Number(/about_(\d)/.exec(ruleSet.sigma[0]?.text ?? '')?.[1]));
    const compiling = createEngine(ruleSet);
    world.compiling.add(compiling);
    const engine = await compiling.finally(() => world.compiling.delete(compiling));
    await world.clock.sleep(world.random.between(0, LONGEST_COMPILE_MS));
    return { stage: withMatches(createStage(engine)), correlations: [], figures: () => { throw new Error('not asked for'); } };
  };
}

interface Worker {
  alive: boolean;
  sets?: RuleSets;
  readonly stop: AbortController;
}

/** Every effect of a worker fails at times, before or after it took place, or is its last. */
function gateOf(world: World, worker: Worker): Gate {
  const never = new Promise<never>(() => undefined);
  return async (what, effect) => {
    if (!worker.alive) return never;
    const crashes = !world.calm && world.random.chance(CRASH);
    const fails = !world.calm && world.random.chance(FAULT);
    const late = world.random.chance(0.5);
    const result = crashes || fails ? (late ? effect() : undefined) : effect();
    if (crashes) {
      worker.alive = false;
      world.counts.crashes += 1;
      return never;
    }
    if (fails) throw ['insert', 'count', 'probe', 'hasBlock', 'recordCommit'].includes(what) ? new StoreUnavailable('fault') : new MemoryLogError('fault', true);
    return result as ReturnType<typeof effect>; // only missing where it failed
  };
}

/** The check below reads the prepares of all groups. */
const keepAll = (): Promise<void> => Promise.resolve();

async function run(world: World, worker: Worker): Promise<void> {
  const gate = gateOf(world, worker);
  const log = openMemoryLog(world.logDisk, gate, world.clock.sleep);
  worker.sets = await openRuleSets(log.registry, compileIn(world), () => Promise.resolve(content(world.folder)), () => undefined);
  const { sets } = worker;
  const config = { ...CONFIG, max_group_events: 6 };
  await createCommitter(world.deps({ log, config, store: openMemoryStore(world.storeDisk, { gate }), stageFor: (versions) => sets.stageFor(versions), currentVersions: () => sets.versions(), releaseControl: keepAll })).run(worker.stop.signal);
}

/** A worker that is started again whenever it was killed or stopped. */
function start(world: World): Worker {
  const worker: Worker = { alive: true, stop: new AbortController() };
  run(world, worker).catch((error: unknown) => {
    worker.alive = false;
    const retryable = error instanceof Error && 'retryable' in error && error.retryable === true;
    if (!retryable) world.problems.push(error);
  });
  return worker;
}

/** What `startRuleReload` does once the checking process is done. */
async function swap(world: World, { sets }: Worker): Promise<void> {
  if (sets === undefined) return;
  const prepared = prepareRuleSet(content(world.folder), await sets.known());
  if (prepared.ruleSet.version === sets.current.ruleSet.version) return;
  await sets.use(prepared);
  world.counts.swaps += 1;
}

async function turns(world: World, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await new Promise((resolve) => { setImmediate(resolve); });
    await Promise.allSettled(world.compiling);
    world.clock.advance();
  }
}

async function live(world: World): Promise<void> {
  const { random, log, storeDisk } = world;
  const workers = [start(world), start(world)];
  const again = (): void => {
    for (const [i, worker] of workers.entries()) if (!worker.alive) workers[i] = start(world);
  };
  for (let sent = 0; sent < EVENTS;) {
    const lines = Array.from({ length: random.between(1, 4) }, () => JSON.stringify({ '@timestamp': '2026-01-31T23:00:00.000Z', event: { kind: 'event', category: 'iam', action: `act_${random.below(KINDS)}`, dataset: 'wordpress.audit', id: `e${sent++}` } }));
    await log.append('shop', plain(lines, JANUARY_END - 3_600_000 + sent * 1_000));
    if (random.chance(0.3)) world.folder = random.below(KINDS);
    for (const worker of workers) if (worker.alive && random.chance(0.5)) swap(world, worker).catch(() => undefined);
    await turns(world, random.between(1, 12));
    if (random.chance(0.5)) again();
  }
  world.calm = true;
  const { next: end } = await log.bounds(0);
  for (let i = 0; i < 200 && (storeDisk.committed.get(0) ?? -1) < end - 1; i++) {
    again();
    await turns(world, 20);
  }
  for (const worker of workers) worker.stop.abort(null);
  await turns(world, 20);
}

interface Line {
  readonly action: string;
  readonly id: string;
}

function check({ rows, logDisk, about }: World): { readonly versions: number } {
  // Written by the committer.
  const prepares = logDisk.control.entries.filter(({ key }) => key.startsWith('prepare/')).map(({ value }) => JSON.parse(value) as PrepareRecord);
  const matches = Map.groupBy(rows('matches'), (row) => Number(row['leaf']));
  const events = rows('events').map((row) => ({ leaf: Number(row['leaf']), position: Number(row['position']), line: (JSON.parse(String(row['line'])) as { readonly event: Line }).event }));
  expect(events.map(({ line }) => line.id)).toEqual(expect.arrayContaining(Array.from({ length: EVENTS }, (_, i) => `e${i}`)));
  expect(new Set(events.map(({ line }) => line.id)).size).toBe(events.length);
  const told = events.map(({ leaf, line }) => ({ id: line.id, by: (matches.get(leaf) ?? []).map((m) => [m['rule'], m['rule_version']]).toSorted() }));
  expect(told).toEqual(events.map(({ position, line }) => {
    const version = prepares.find(({ first, last }) => first <= position && position <= last)?.versions.rules ?? 'none';
    return { id: line.id, by: expectedRules(about.get(version) ?? -1, line.action).map((rule) => [rule, version]) };
  }));
  expect([...matches.keys()].every((leaf) => leaf < events.length)).toBe(true);
  return { versions: new Set(prepares.map(({ versions }) => versions.rules)).size };
}

test(`sets swapped while workers die: every event is matched once, by exactly the set its group names (seed ${SEED})`, async () => {
  const seen = { crashes: 0, swaps: 0, versions: 0 };
  for (let history = 0; history < HISTORIES; history++) {
    const world: World = { ...createPartition(), random: seededRandom(SEED + history), about: new Map(), folder: 0, calm: false, compiling: new Set(), counts: { crashes: 0, swaps: 0 }, problems: [] };
    await live(world);
    expect(world.problems).toEqual([]);
    expect(world.storeDisk.violations).toEqual([]);
    const { versions } = check(world);
    seen.crashes += world.counts.crashes;
    seen.swaps += world.counts.swaps;
    seen.versions += versions;
  }
  // Else the test would show nothing.
  expect(seen.crashes).toBeGreaterThan(HISTORIES);
  expect(seen.swaps).toBeGreaterThan(HISTORIES);
  expect(seen.versions).toBeGreaterThan(2 * HISTORIES);
});
