import { BY_SITE } from '../../contracts/observation.ts';
import type { Observation } from '../../contracts/observation.ts';
import type { Random } from '../../contracts/seeded-random.ts';
import { CORRELATION_TYPES } from '../sigma/rule.ts';
import type { Comparison, CorrelationCondition, CorrelationRule, RuleExpression } from '../sigma/rule.ts';
import { createObserver } from './observer.ts';

/** Correlations and observations of tests. */
export const START = Date.UTC(2026, 10, 21);

export function correlation(change: Partial<CorrelationRule> = {}): CorrelationRule {
  const rules = change.rules ?? ['a'];
  return {
    kind: 'correlation', id: 'c', title: 'A correlation', references: [], tags: [], falsePositives: [], level: 'high',
    options: { class: 'attack.test', scope: 'site' }, place: { file: 'c.yml', line: 1, column: 1, length: 1 }, hash: JSON.stringify(change),
    type: 'event_count', rules, groupBy: groupBy(['user'], rules), timespanMs: 60_000, condition: atLeast(3), generate: false, standalone: true, ...change,
  };
}

export function groupBy(names: readonly string[], rules: readonly string[]): CorrelationRule['groupBy'] {
  return names.map((name) => ({ name, of: Object.fromEntries(rules.map((rule) => [rule, name])) }));
}

export function compare(comparison: Comparison, value: number, fields: readonly string[] = []): CorrelationCondition {
  return { kind: 'compare', fields, comparisons: [{ comparison, value }] };
}

export function atLeast(value: number, fields: readonly string[] = []): CorrelationCondition {
  return compare('gte', value, fields);
}

export function allOf(...rules: readonly string[]): CorrelationCondition {
  return { kind: 'rules', expression: { kind: 'and', of: rules.map((rule) => ({ kind: 'rule', rule })) } };
}

let leaves = 0;

export function seen(rule: string, atMs: number, fields: Observation['fields'] = { user: 'u' }, change: Partial<Observation> = {}): Observation {
  const timestamp = START + atMs;
  return { by: BY_SITE, value: 'shop', site: 'shop', leaf: leaves++, timestamp, received_at: timestamp, rule, fields, ...change };
}

/** An order of arrival in which nothing is later than allowed, with times of receipt that fit. */
export function arrival(random: Random, observations: readonly Observation[], latenessMs: number): readonly Observation[] {
  const delayed = observations.map((observation) => ({ ...observation, received_at: observation.timestamp + random.below(latenessMs) }));
  return delayed.toSorted((a, b) => a.received_at - b.received_at);
}

function randomExpression(random: Random, rules: readonly string[], depth: number): RuleExpression {
  if (depth === 0 || random.chance(0.3)) return { kind: 'rule', rule: random.pick(rules) };
  if (random.chance(0.2)) return { kind: 'not', of: randomExpression(random, rules, depth - 1) };
  return { kind: random.chance(0.5) ? 'and' : 'or', of: Array.from({ length: random.between(1, 3) }, () => randomExpression(random, rules, depth - 1)) };
}

const COMPARISONS = ['gte', 'gte', 'gt', 'gt', 'lt', 'lte', 'eq', 'neq'] as const;

function randomCondition(random: Random, type: CorrelationRule['type'], rules: readonly string[]): CorrelationCondition {
  if (type.startsWith('temporal') && random.chance(0.7)) return random.chance(0.5) ? allOf(...rules) : { kind: 'rules', expression: { kind: 'and', of: [{ kind: 'rule', rule: random.pick(rules) }, randomExpression(random, rules, 2)] } };
  const isCount = type === 'event_count' || type === 'value_count' || type.startsWith('temporal');
  const comparisons = Array.from({ length: random.between(1, 2) }, () => ({ comparison: random.pick(COMPARISONS), value: isCount ? random.between(1, 5) : random.between(0, 30) }));
  const fields = type === 'value_count' ? random.pick([['v'], ['v', 'n']]) : type.startsWith('value_') ? [type === 'value_percentile' && random.chance(0.5) ? 'v' : 'n'] : [];
  return { kind: 'compare', fields, comparisons, ...(type === 'value_percentile' && fields[0] === 'n' ? { percentile: random.pick([0, 10, 50, 90, 100]) } : {}) };
}

/** Correlations of all kinds over the rules `a`, `b`, `c`, some over the ones before. */
export function randomRules(random: Random): readonly CorrelationRule[] {
  const made: CorrelationRule[] = [];
  for (let i = 0; i < random.between(1, 4); i++) {
    const scope = random.chance(0.2) ? 'deployment' : 'site';
    const names = scope === 'deployment' ? ['user'] : random.pick([[], ['user'], ['user'], ['user', 'v']]);
    const fitting = made.filter(({ options, groupBy: fields }) => options.scope === scope && (scope === 'site' || fields.length === 1));
    const known = random.chance(0.5) && fitting.length > 0 ? [random.pick(fitting).id] : [];
    const rules = [...known, ...['a', 'b', 'c'].filter(() => random.chance(0.6))];
    if (rules.length === 0) rules.push('a');
    const type = random.pick(CORRELATION_TYPES);
    made.push(correlation({
      id: `r${i}`, type, rules, groupBy: groupBy(names, rules), timespanMs: random.pick([1_000, 5_000, 20_000]), condition: randomCondition(random, type, rules),
      options: { class: '', scope }, standalone: true,
    }));
  }
  return made.map((rule) => (made.some(({ rules }) => rules.includes(rule.id)) && random.chance(0.3) ? { ...rule, standalone: false } : rule));
}

/** What the rules want to know of random events, in order of time. */
export function randomObservations(random: Random, rules: readonly CorrelationRule[], count: number): readonly Observation[] {
  const observer = createObserver(rules);
  const spanMs = random.pick([2_000, 20_000, 120_000]);
  const events = Array.from({ length: count }, (_, leaf) => ({ leaf, timestamp: START + random.below(spanMs), site: `shop${random.below(2)}` })).toSorted((a, b) => a.timestamp - b.timestamp);
  return events.flatMap(({ leaf, timestamp, site }) => {
    const values: Readonly<Record<string, Observation['fields'][string]>> = {
      ...(random.chance(0.05) ? {} : { user: random.pick(['u', 'w']) }),
      ...(random.chance(0.1) ? {} : { v: random.chance(0.1) ? ['x', 'y'] : random.pick(['x', 'y', 'z', null]) }),
      n: random.pick([0, 1, 2, 2.5, 10, '7', '0.1', -3, 'none']),
    };
    const matched = ['a', 'b', 'c'].filter(() => random.chance(0.4));
    return matched.flatMap((rule) => observer.observe(rule, site, (field) => (Object.hasOwn(values, field) ? values[field] : undefined)).map((told): Observation => ({ ...told, site, leaf, timestamp, received_at: timestamp, rule })));
  });
}
