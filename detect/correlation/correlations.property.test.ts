import { expect, test } from 'vitest';
import type { Observation } from '../../contracts/observation.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import type { CorrelationRule } from '../sigma/rule.ts';
import type { CorrelationLimits } from './config.ts';
import { WHOLE_HISTORY } from './config.ts';
import { arrival, randomObservations, randomRules } from './correlation-fixture.ts';
import { createCorrelations } from './correlations.ts';
import { naiveFindings } from './naive.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);
const LATENESS_MS = 3_000;
const LIMITS: CorrelationLimits = { latenessMs: LATENESS_MS, idleMs: 60_000, groups: 10_000, bytes: 10_000_000 };

function idsOf(rules: readonly CorrelationRule[], observations: readonly Observation[], limits: CorrelationLimits): readonly string[] {
  const correlations = createCorrelations(rules, limits);
  const found = [...observations.flatMap((o) => correlations.observe(o)), ...correlations.finish()];
  for (const { late } of found) expect(late).toBe(false);
  return found.map(({ id }) => id).toSorted();
}

test(`random correlations find what they mean, in whatever order within the lateness observations come, seed ${SEED}`, () => {
  const random = seededRandom(SEED);
  let all = 0;
  for (let round = 0; round < 1_500; round++) {
    const rules = randomRules(random);
    const observations = randomObservations(random, rules, random.between(1, 60));
    const expected = naiveFindings(rules, observations);
    expect(idsOf(rules, observations, LIMITS), `round ${round} in order`).toEqual(expected);
    expect(idsOf(rules, arrival(random, observations, LATENESS_MS), LIMITS), `round ${round} shuffled`).toEqual(expected);
    expect(idsOf(rules, observations.toSorted(() => random() - 0.5), WHOLE_HISTORY), `round ${round} in any order`).toEqual(expected);
    all += expected.length;
  }
  expect(all).toBeGreaterThan(2_000);
});

test(`large groups, which are compacted and swept step by step, find the same, seed ${SEED}`, () => {
  const random = seededRandom(SEED + 1);
  let all = 0;
  for (let round = 0; round < 40; round++) {
    const rules = randomRules(random);
    const observations = randomObservations(random, rules, random.between(200, 300));
    const expected = naiveFindings(rules, observations);
    expect(idsOf(rules, arrival(random, observations, LATENESS_MS), LIMITS), `round ${round} shuffled`).toEqual(expected);
    expect(idsOf(rules, observations, WHOLE_HISTORY), `round ${round} in order`).toEqual(expected);
    all += expected.length;
  }
  expect(all).toBeGreaterThan(100);
});
