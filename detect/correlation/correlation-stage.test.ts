import { describe, expect, test } from 'vitest';
import type { Finding, KeyedRules, KeyedRun } from '../../contracts/keyed-stage.ts';
import type { Observation } from '../../contracts/observation.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import type { CorrelationRule } from '../sigma/rule.ts';
import type { CorrelationLimits } from './config.ts';
import { CORRELATION_SETTINGS, limitsOf } from './config.ts';
import { allOf, arrival, atLeast, compare, correlation, randomObservations, randomRules, seen, START } from './correlation-fixture.ts';
import { createCorrelationStage } from './correlation-stage.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);
const LIMITS: CorrelationLimits = { latenessMs: 3_000, idleMs: 5_000, groups: 10_000, bytes: 1_000_000 };
const DEFAULTS = limitsOf({ lateness_s: CORRELATION_SETTINGS.lateness_s.default, idle_s: CORRELATION_SETTINGS.idle_s.default, groups: CORRELATION_SETTINGS.groups.default, bytes: CORRELATION_SETTINGS.bytes.default });

/** Rule sets `1`, `2`, … in the order of their use. */
function stageOf(sets: readonly (readonly CorrelationRule[])[], limits = LIMITS) {
  return createCorrelationStage(async (version) => ({ order: Number(version), correlations: sets[Number(version) - 1] ?? [] }), limits);
}

async function begun(rules: readonly CorrelationRule[], limits = LIMITS): Promise<KeyedRun> {
  const stage = stageOf([rules], limits);
  const run = stage.begin();
  run.use(await stage.rules('1'));
  return run;
}

function idsOf(found: readonly Finding[]): readonly string[] {
  return found.map(({ line }) => String(JSON.parse(line).event.id));
}

test(`a run goes on from its snapshot, at any moment, as if nothing had been, seed ${SEED}`, async () => {
  const random = seededRandom(SEED);
  let all = 0;
  for (let round = 0; round < 300; round++) {
    const rules = randomRules(random);
    const limits = random.chance(0.5) ? LIMITS : { ...LIMITS, groups: 3, bytes: 1_500 };
    const stage = stageOf([rules], limits);
    const ready = await stage.rules('1');
    const observations = arrival(random, randomObservations(random, rules, random.between(5, 120)), 5_000);
    let [run, killed] = [stage.begin(), stage.begin()];
    run.use(ready);
    killed.use(ready);
    for (const observation of observations) {
      if (random.chance(0.2)) {
        killed = stage.begin(JSON.parse(JSON.stringify(killed.snapshot())));
        killed.use(ready);
      }
      const found = [...run.advance(observation.received_at), ...run.observe(observation)];
      expect([...killed.advance(observation.received_at), ...killed.observe(observation)], `round ${round}`).toEqual(found);
      all += found.length;
    }
    const last = run.advance(START + 1_000_000);
    expect(killed.advance(START + 1_000_000)).toEqual(last);
    expect(killed.counts()).toEqual(run.counts());
    all += last.length;
  }
  expect(all).toBeGreaterThan(500);
});

describe('a changed rule set', () => {
  const twice = correlation({ id: 'same', condition: atLeast(2) });
  const before = [twice, correlation({ id: 'changed', condition: atLeast(2), hash: '1' }), correlation({ id: 'gone', condition: compare('lt', 9) })];
  const after = [correlation({ id: 'new', condition: atLeast(2) }), correlation({ id: 'changed', condition: atLeast(2), hash: '2' }), twice];
  const rulesOf = (found: readonly Finding[]): readonly string[] => found.map(({ line }) => String(JSON.parse(line).rule.id));

  test('leaves rules that are the same their memory; others begin with nothing', async () => {
    const stage = stageOf([before, after]);
    const run = stage.begin();
    run.use(await stage.rules('1'));
    expect(run.observe(seen('a', 0))).toEqual([]);
    run.use(await stage.rules('2'));
    expect(run.counts()).toMatchObject({ groups: 1, waiting: 0 });
    expect(rulesOf(run.observe(seen('a', 1)))).toEqual(['same']);
    expect(rulesOf(run.observe(seen('a', 2)))).toEqual(['new', 'changed']);
  });

  test('does not go back to an older one, also not after a restart', async () => {
    const stage = stageOf([before, after]);
    const sets: readonly KeyedRules[] = [await stage.rules('1'), await stage.rules('2')];
    let run = stage.begin();
    for (const index of [1, 0]) if (sets[index] !== undefined) run.use(sets[index]);
    run = stage.begin(JSON.parse(JSON.stringify(run.snapshot())));
    for (const set of sets) run.use(set);
    run.observe(seen('a', 0));
    const found = run.observe(seen('a', 1));
    expect(rulesOf(found)).toEqual(['new', 'changed', 'same']);
    expect(new Set(found.map(({ line }) => JSON.parse(line).rule.version))).toEqual(new Set(['2']));
  });

  test('that cannot be read is not taken', async () => {
    const stage = createCorrelationStage(async () => Promise.reject(new Error('the registry is away')), LIMITS);
    await expect(stage.rules('1')).rejects.toThrow('the registry is away');
    const run = stage.begin();
    expect([run.observe(seen('a', 0)), run.advance(START), run.counts().groups]).toEqual([[], [], 0]);
  });

  test('may be unknown while a snapshot is kept', async () => {
    const stage = stageOf([before]);
    const run = stage.begin();
    run.use(await stage.rules('1'));
    run.observe(seen('a', 0));
    const snapshot = run.snapshot();
    expect(stage.begin(snapshot).snapshot()).toEqual(snapshot);
  });
});

describe('memory', () => {
  test('lets go of groups that no window can reach any more', async () => {
    const run = await begun([correlation({ condition: atLeast(100) })]);
    for (let i = 0; i < 50_000; i++) run.observe(seen('a', i * 100, { user: `user ${i}` }));
    expect(run.counts()).toMatchObject({ evicted: 0, late: 0 });
    expect(run.counts().groups).toBeLessThan(3_000);
  });

  test('lets go of them while time passes only', async () => {
    const run = await begun([correlation()]);
    for (let i = 0; i < 500; i++) run.observe(seen('a', i, { user: `user ${i}` }));
    run.advance(START + 3_600_000);
    expect(run.counts()).toEqual({ groups: 0, bytes: 0, waiting: 0, late: 0, evicted: 0 });
  });

  test('forgets the group seen longest ago when there are too many, and counts it', async () => {
    const run = await begun([correlation()], { ...LIMITS, groups: 100 });
    const flood = Array.from({ length: 150 }, (_, i) => seen('a', i, { user: `user ${i}` }));
    const found = [seen('a', 0), ...flood.slice(0, 80), seen('a', 81), ...flood.slice(80), seen('a', 151)].flatMap((o) => run.observe(o));
    expect(found).toHaveLength(1);
    expect(run.counts()).toMatchObject({ groups: 100, evicted: 51 });
  });

  test('a flood takes from the rule and site it comes through', async () => {
    const run = await begun([correlation(), correlation({ id: 'other', rules: ['b'] })], { ...LIMITS, groups: 1_000 });
    const quiet = [seen('b', 0, { user: 'quiet' }), seen('a', 0, { user: 'quiet' }, { site: 'calm', value: 'calm' })];
    for (const o of [...quiet, ...quiet]) run.observe(o);
    for (let i = 0; i < 5_000; i++) run.observe(seen('a', 1, { user: `user ${i}` }));
    expect(run.counts().evicted).toBeGreaterThanOrEqual(4_000);
    expect(quiet.flatMap((o) => run.observe(o))).toHaveLength(2);
  });

  test('one group cannot take it all', async () => {
    const run = await begun([correlation({ type: 'temporal_ordered', rules: ['a', 'b'], condition: allOf('a', 'b') })], { ...LIMITS, bytes: 50_000 });
    for (let i = 0; i < 5_000; i++) run.observe(seen('a', i));
    expect(run.counts().bytes).toBeLessThan(10_000);
    expect(run.counts().evicted).toBeGreaterThan(0);
    expect(run.observe(seen('b', 5_001))).toHaveLength(1);
  });

  test('grows with the threshold, not with a flood of one value or of events', async () => {
    const run = await begun([correlation(), correlation({ id: 'v', type: 'value_count', condition: atLeast(5, ['v']) })]);
    for (let i = 0; i < 20_000; i++) run.observe(seen('a', i, { user: 'u', v: `v${i % 4}` }));
    expect(run.counts()).toMatchObject({ evicted: 0 });
    expect(run.counts().bytes).toBeLessThan(10_000);
  });

  test('does not hold on to long values', async () => {
    const run = await begun([correlation({ type: 'value_count', condition: atLeast(3, ['v']) })]);
    const long = 'x'.repeat(40_000);
    const found = [1, 2, 2, 3].flatMap((i) => run.observe(seen('a', i, { user: `${long}u`, v: `${long}${i}` })));
    expect(found).toHaveLength(1);
    expect(run.counts().bytes).toBeLessThan(2_000);
    expect(found[0]?.line.length).toBeLessThan(2_000);
  });

  test('fits a few MiB as a snapshot, however full it is', async () => {
    const random = seededRandom(SEED);
    const run = await begun([
      correlation({ id: 'l', condition: compare('lt', 3), timespanMs: 3_600_000 }), correlation({ id: 'v', type: 'value_count', condition: atLeast(50, ['v']), timespanMs: 3_600_000 }),
      correlation({ id: 'd', timespanMs: 3_600_000, condition: atLeast(50), options: { class: '', scope: 'deployment' } }),
    ], DEFAULTS);
    for (let i = 0; i < 150_000; i++) {
      const [user, site] = [`user number ${random.below(60_000)}`, `a-site-with-a-name-${random.below(500)}`];
      run.observe(seen('a', i, { user, v: String(random.below(1_000_000)) }, { site, value: site }));
      run.observe(seen('a', i, { user }, { by: 'd', value: user, site }));
    }
    expect(run.counts().bytes).toBeGreaterThan(DEFAULTS.bytes * 0.9);
    expect(run.counts().bytes).toBeLessThanOrEqual(DEFAULTS.bytes);
    expect(JSON.stringify(run.snapshot()).length).toBeLessThan(4 * 1024 * 1024);
  });
});

test('what is found is an event of its site, one of the deployment when it is across sites', async () => {
  const run = await begun([correlation({ condition: atLeast(1) }), correlation({ id: 'd', condition: atLeast(1), options: { class: '', scope: 'deployment' } })]);
  const told: readonly Observation[] = [seen('a', 0), seen('a', 0, { user: 'u' }, { by: 'd', value: 'u' })];
  const found = told.flatMap((o) => run.observe(o));
  expect(found.map(({ site }) => site)).toEqual(['shop', '_system']);
  expect(new Set(idsOf(found)).size).toBe(2);
});
