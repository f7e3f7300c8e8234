import { expect, test } from 'vitest';
import { seededRandom } from '../../../contracts/seeded-random.ts';
import type { Random } from '../../../contracts/seeded-random.ts';
import { viewsOf } from '../../views/views.ts';
import { loadNative } from '../../native/binding.ts';
import type { EventObject } from '../event/field-value.ts';
import { considered } from '../event/routing.ts';
import type { Served } from '../event/routing.ts';
import { matches } from '../naive/matches.ts';
import type { DetectionRule } from '../rule.ts';
import { lineHits } from './line-hits.ts';
import { createPlan } from './plan.ts';
import { randomLine } from './random-events.ts';
import { randomMappings, randomRule } from './random-rules.ts';
import { shrinkCondition, shrinkEvent } from './shrink.ts';
import type { Audience } from './triggers.ts';

const SEED = Number(process.env['SEED'] ?? 20261121);
const ROUNDS = Number(process.env['ROUNDS'] ?? 100);
const RULES = 100;
const LINES = 100;

const mappings = randomMappings();
const surroundings = { mappings, views: (text: string) => viewsOf(text).map((view) => view.text) };
const native = await loadNative();

function scanned(random: Random, event: EventObject): EventObject {
  return random.chance(0.9) ? event : { ...event, scan: { rule: ['select', 'tourniquet.attacks.sqli'], class: ['a', 'true'] } };
}

function anyServed(random: Random, event: EventObject): Served {
  return random.chance(0.4) ? 'any' : random.chance(0.5) ? mappings.served(event) : undefined;
}

interface Case {
  readonly line: string;
  readonly event: EventObject;
  readonly audience: Audience;
  readonly served: Served;
}

/** Ids of the rules that match, by the plan and by the definition. */
function bothWays(rules: readonly DetectionRule[], { line, event, audience, served }: Case): readonly [planned: readonly string[], naive: readonly string[]] {
  const plan = createPlan(rules, { mappings, viewsOf, audience });
  const [hits] = lineHits(native, plan).find([line]);
  const planned = plan.evaluator().match(event, hits, served).map((match) => match.rule.id);
  return [planned, rules.filter((rule) => holds(rule, event, served)).map((rule) => rule.id)];
}

function holds(rule: DetectionRule, event: EventObject, served: Served): boolean {
  return considered(served, rule.logsource, matches(rule, {}, surroundings)) && matches(rule, event, surroundings);
}

function shrunk(rule: DetectionRule, failed: Case): string {
  const { line, event } = failed;
  const differs = (smallRule: DetectionRule, small: Case): boolean => {
    const [planned, naive] = bothWays([smallRule], small);
    return planned.length !== naive.length;
  };
  if (!differs(rule, failed)) return `only beside other rules: ${JSON.stringify(rule.condition)} on ${line}`;
  const condition = shrinkCondition(rule.condition, (small) => differs({ ...rule, condition: small }, failed));
  const small = { ...rule, condition };
  const smallEvent = shrinkEvent(event, (less) => differs(small, { ...failed, line: JSON.stringify(less), event: less }));
  const [planned] = bothWays([small], failed);
  const text = JSON.stringify(condition, (_, value: unknown) => (typeof value === 'symbol' ? value.description : value));
  return `${planned.length === 0 ? 'missed by' : 'only in'} the plan: ${text} on ${JSON.stringify(smallEvent)}, first seen in ${line}`;
}

type Hits = readonly number[];

/** `damage` takes away of what was found. */
function fuzzRound(seed: number, damage?: (hits: Hits) => Hits): { readonly pairs: number; readonly matched: number; readonly evaluated: number; readonly failure?: string } {
  const random = seededRandom(seed);
  const rules = Array.from({ length: RULES }, (_, i) => randomRule(random, `r${i}`));
  const lines = Array.from({ length: LINES }, () => randomLine(random));
  const audience = random.pick<Audience>(['any', 'mapped', [{ category: 'webserver' }]]);
  const plan = createPlan(rules, { mappings, viewsOf, audience });
  const evaluator = plan.evaluator();
  let matched = 0;
  let pairs = 0;
  for (const [i, hits] of lineHits(native, plan).find(lines).entries()) {
    const line = lines[i] ?? '';
    if (hits === undefined) continue;
    const event = scanned(random, JSON.parse(line) as EventObject);
    const served = audience === 'mapped' ? mappings.served(event) : audience === 'any' ? anyServed(random, event) : audience;
    const planned = new Set(evaluator.match(event, damage?.(hits) ?? hits, served).map((match) => match.rule));
    for (const rule of rules) {
      const naive = holds(rule, event, served);
      pairs++;
      if (naive) matched++;
      if (planned.has(rule) !== naive) return { pairs, matched, evaluated: 0, failure: damage === undefined ? `seed ${seed}: ${shrunk(rule, { line, event, audience, served })}` : 'missed' };
    }
  }
  return { pairs, matched, evaluated: evaluator.counts().evaluated };
}

test('a plan says what the definition says, on a million pairs of a random rule and a hostile event', () => {
  let pairs = 0;
  let matched = 0;
  let evaluated = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const result = fuzzRound(SEED + round);
    expect(result.failure, `seed ${SEED + round}`).toBeUndefined();
    pairs += result.pairs;
    matched += result.matched;
    evaluated += result.evaluated;
  }
  expect(pairs).toBeGreaterThanOrEqual(ROUNDS * RULES * LINES * 0.99);
  // Neither trivial: rules match often, and far fewer are evaluated than there are pairs.
  expect(matched / pairs).toBeGreaterThan(0.05);
  expect(evaluated / pairs).toBeLessThan(0.7);
});

test.each([
  ['one atom in ten is not looked for', (hits: Hits) => hits.filter((atom) => atom % 10 !== 7)],
  ['the first hit of a line is lost', (hits: Hits) => hits.slice(1)],
])('where %s, the comparison fails', (_, damage) => {
  const rounds = Array.from({ length: 5 }, (__, round) => fuzzRound(SEED + round, damage).failure);
  expect(rounds).toContain('missed');
});
