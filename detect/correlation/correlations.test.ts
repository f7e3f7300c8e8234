import { describe, expect, test } from 'vitest';
import { BY_SITE } from '../../contracts/observation.ts';
import type { Observation } from '../../contracts/observation.ts';
import { parseTimestamp } from '../derivation/v1/timestamp.ts';
import type { CorrelationRule } from '../sigma/rule.ts';
import type { CorrelationLimits } from './config.ts';
import { allOf, atLeast, compare, correlation, groupBy, seen, START } from './correlation-fixture.ts';
import { createCorrelations } from './correlations.ts';
import type { CorrelationFinding } from './finding.ts';

const LIMITS: CorrelationLimits = { latenessMs: 300_000, idleMs: 60_000, groups: 10_000, bytes: 10_000_000 };
const MINUTE = 60_000;

function findings(rules: readonly CorrelationRule[], observations: readonly Observation[], limits = LIMITS): readonly CorrelationFinding[] {
  const correlations = createCorrelations(rules, limits);
  return [...observations.flatMap((o) => correlations.observe(o)), ...correlations.finish()];
}

/** Ids of rules found, in order. */
function names(rules: readonly CorrelationRule[], observations: readonly Observation[]): readonly string[] {
  return findings(rules, observations).map(({ rule }) => rule.id);
}

describe('mistakes of other engines', () => {
  test.each([
    ['below', { percentile: 90, comparison: 'gte', value: 100 }, [1, 2, 3, 4, 5], 0],
    ['above', { percentile: 90, comparison: 'gte', value: 100 }, [1, 2, 200, 300, 400], 1],
    ['median below', { percentile: 50, comparison: 'lt', value: 3 }, [1, 2, 2, 900], 1],
    ['median above', { percentile: 50, comparison: 'lt', value: 2 }, [1, 2, 2, 900], 0],
  ] as const)('value_percentile checks its threshold: %s', (_name, { percentile, comparison, value }, numbers, count) => {
    const rule = correlation({ type: 'value_percentile', condition: { kind: 'compare', fields: ['n'], percentile, comparisons: [{ comparison, value }] } });
    expect(names([rule], numbers.map((n, i) => seen('a', i, { user: 'u', n })))).toHaveLength(count);
  });

  test.each([[99, 1], [20, 0]])('value_percentile without a percentile compares the share of a value: %i others', (others, count) => {
    const rule = correlation({ type: 'value_percentile', condition: compare('lte', 1, ['image']) });
    const events = Array.from({ length: others }, (_, i) => seen('a', i, { user: 'u', image: 'usual' }));
    expect(names([rule], [...events, seen('a', 50, { user: 'u', image: 'rare' })])).toHaveLength(count);
  });

  test('temporal without a condition does not fire on the first rule alone', () => {
    const rule = correlation({ type: 'temporal', rules: ['a', 'b'], condition: allOf('a', 'b') });
    expect(names([rule], [seen('a', 0), seen('a', 1), seen('a', 2)])).toEqual([]);
    expect(names([rule], [seen('b', 0), seen('a', 1)])).toEqual(['c']);
  });

  test('chained correlations are told', () => {
    const many = correlation({ id: 'many', standalone: false });
    const then = correlation({ id: 'then', type: 'temporal_ordered', rules: ['many', 'b'], condition: allOf('many', 'b') });
    const failures = [seen('a', 0), seen('a', 10), seen('a', 20)];
    expect(names([many, then], [...failures, seen('b', 30)])).toEqual(['then']);
    expect(names([many, then], [seen('b', 5), ...failures])).toEqual([]);
    expect(names([{ ...many, standalone: true }, then], [...failures, seen('b', 30)])).toEqual(['many', 'then']);
  });

  test('ordered rules are told apart within one second', () => {
    const rule = correlation({ type: 'temporal_ordered', rules: ['a', 'b'], condition: allOf('a', 'b') });
    expect(names([rule], [seen('a', 100), seen('b', 101)])).toEqual(['c']);
    expect(names([rule], [seen('b', 100), seen('a', 101)])).toEqual([]);
    expect(names([rule], [seen('b', 100), seen('a', 100)])).toEqual([]);
  });

  test('10.9 s are not 10 s', () => {
    const rule = correlation({ timespanMs: 10_000, condition: atLeast(2) });
    expect(names([rule], [seen('a', 0), seen('a', 10_900)])).toEqual([]);
    expect(names([rule], [seen('a', 900), seen('a', 10_899)])).toEqual(['c']);
  });

  test('late events are not counted into windows unchecked', () => {
    const few = correlation({ condition: compare('lt', 3) });
    const run = createCorrelations([few], LIMITS);
    const found = [seen('a', 0), seen('a', 10 * MINUTE), seen('a', 1), seen('a', 2), seen('a', 20 * MINUTE)].flatMap((o) => run.observe(o));
    expect(found.map(({ start, events, late }) => [start - START, events, late])).toEqual([[0, 1, false], [10 * MINUTE, 1, false]]);
    expect(run.counts().late).toBe(2);
  });

  test('there is no alert for every event past the threshold', () => {
    const hour = Array.from({ length: 3_600 }, (_, i) => seen('a', i * 1_000));
    expect(names([correlation({ timespanMs: 10 * MINUTE })], hour)).toHaveLength(6);
  });

  test('value_count looks at each of 100,000 values once, not again for each event', () => {
    const rule = correlation({ type: 'value_count', timespanMs: 3_600_000, condition: atLeast(200_000, ['v']) });
    const limits = { ...LIMITS, bytes: 100_000_000 };
    const costOf = (count: number): number => {
      const observations = Array.from({ length: count }, (_, i) => seen('a', i * 10, { user: 'u', v: `value ${i}` }));
      const run = createCorrelations([rule], limits);
      const before = process.cpuUsage();
      for (const o of observations) run.observe(o);
      expect(run.counts().groups).toBe(1);
      return process.cpuUsage(before).user / count;
    };
    costOf(10_000);
    // Linear in the window it would be ten times as much.
    expect(costOf(100_000)).toBeLessThan(costOf(10_000) * 5 + 5);
  });
});

describe('windows', () => {
  test('end before one timespan has passed', () => {
    const rule = correlation({ condition: atLeast(2) });
    expect(names([rule], [seen('a', 0), seen('a', MINUTE)])).toEqual([]);
    expect(names([rule], [seen('a', 1), seen('a', MINUTE)])).toEqual(['c']);
  });

  test('are not snapped to the clock', () => {
    expect(names([correlation()], [seen('a', 59_000), seen('a', 61_000), seen('a', 62_000)])).toEqual(['c']);
  });

  test('that can be un-reached are the largest there are, and told when they are over', () => {
    const three = correlation({ condition: compare('eq', 3) });
    const run = createCorrelations([three], LIMITS);
    const burst = Array.from({ length: 10 }, (_, i) => seen('a', i * 100));
    const trio = [20, 21, 22].map((second) => seen('a', MINUTE * 2 + second * 1_000));
    expect([...burst, ...trio].flatMap((o) => run.observe(o))).toEqual([]);
    expect(run.observe(seen('a', MINUTE * 8 + 19_999))).toEqual([]);
    expect(run.counts().waiting).toBe(1);
    expect(run.observe(seen('a', MINUTE * 8 + 20_000))).toMatchObject([{ start: START + MINUTE * 2 + 20_000, end: START + MINUTE * 2 + 22_000, events: 3, value: 3, late: false }]);
  });

  test.each([
    ['lt', compare('lt', 3), 2, 1], ['lt', compare('lt', 3), 3, 0], ['lte', compare('lte', 3), 3, 1], ['neq', compare('neq', 3), 3, 0], ['neq', compare('neq', 3), 4, 1],
    ['range', { kind: 'compare', fields: [], comparisons: [{ comparison: 'gt', value: 2 }, { comparison: 'lte', value: 5 }] }, 5, 1],
    ['range', { kind: 'compare', fields: [], comparisons: [{ comparison: 'gt', value: 2 }, { comparison: 'lte', value: 5 }] }, 6, 0],
  ] as const)('%s: %j of %i events: %i', (_name, condition, events, count) => {
    expect(names([correlation({ condition })], Array.from({ length: events }, (_, i) => seen('a', i)))).toHaveLength(count);
  });

  test('of "one and not the other" wait for the other', () => {
    const rule = correlation({ type: 'temporal', rules: ['a', 'b'], condition: { kind: 'rules', expression: { kind: 'and', of: [{ kind: 'rule', rule: 'a' }, { kind: 'not', of: { kind: 'rule', rule: 'b' } }] } } });
    expect(names([rule], [seen('a', 0), seen('b', 59_999)])).toEqual([]);
    expect(names([rule], [seen('a', 0), seen('b', 60_000)])).toEqual(['c']);
    expect(names([rule], [seen('b', 0)])).toEqual([]);
  });
});

describe('late events', () => {
  test('still count towards what can be reached, and the finding says so', () => {
    const run = createCorrelations([correlation()], LIMITS);
    run.observe(seen('a', 3_600_000, { user: 'w' }));
    const spool = [0, 1, 2].map((second) => seen('a', second * 1_000, { user: 'u' }, { received_at: START + 3_600_001 }));
    expect(spool.flatMap((o) => run.observe(o))).toMatchObject([{ late: true, group: { user: 'u' } }]);
    expect(run.counts().late).toBe(3);
  });

  test('are told by the clock of their own site', () => {
    const run = createCorrelations([correlation()], LIMITS);
    run.observe(seen('a', 3_600_000));
    for (const second of [0, 1, 2]) run.observe(seen('a', second, { user: 'u' }, { site: 'other', value: 'other' }));
    expect(run.counts().late).toBe(0);
  });

  test('event time is never later than the receipt', () => {
    const run = createCorrelations([correlation()], LIMITS);
    run.observe(seen('a', 10 * 3_600_000, { user: 'w' }, { received_at: START }));
    run.observe(seen('a', 0));
    expect(run.counts().late).toBe(0);
  });
});

describe('a site that falls silent', () => {
  test('has its windows closed by time', () => {
    const run = createCorrelations([correlation({ condition: compare('lt', 3) })], LIMITS);
    run.observe(seen('a', 0));
    // Window, lateness and idle time have to pass.
    expect(run.advance(START + MINUTE * 7 - 1)).toEqual([]);
    expect(run.advance(START + MINUTE * 7)).toMatchObject([{ site: 'shop', start: START, late: false }]);
    expect(run.counts().waiting).toBe(0);
  });

  test('is late when it comes back with what is old', () => {
    const run = createCorrelations([correlation()], LIMITS);
    run.observe(seen('a', 0));
    run.advance(START + 3_600_000);
    const found = [1, 2, 3].flatMap((ms) => run.observe(seen('a', ms, { user: 'u' }, { received_at: START + 3_600_000 })));
    expect(found).toMatchObject([{ late: true }]);
  });
});

describe('groups', () => {
  test('of several fields are apart, and those without a value are no group', () => {
    const rule = correlation({ groupBy: groupBy(['user', 'host'], ['a']), condition: atLeast(2) });
    const events = [{ user: 'u', host: 'h' }, { user: 'u', host: 'i' }, { user: 'u' }, { user: 'u', host: null }, { user: 'u', host: [] }, { user: 'u', host: 'h' }];
    expect(findings([rule], events.map((fields, i) => seen('a', i, fields)))).toMatchObject([{ group: { user: 'u', host: 'h' }, events: 2 }]);
  });

  test('of a list are one for each of its values', () => {
    const rule = correlation({ condition: atLeast(2) });
    expect(findings([rule], [seen('a', 0, { user: ['u', 'v'] }), seen('a', 1, { user: ['v', 'w', 7] }), seen('a', 2, { user: '7' })]).map(({ group }) => group['user'])).toEqual(['v', '7']);
  });

  test('are read under the field each rule has', () => {
    const rule = correlation({ type: 'temporal', rules: ['a', 'b'], condition: allOf('a', 'b'), groupBy: [{ name: 'ip', of: { a: 'source.ip', b: 'destination.ip' } }] });
    expect(findings([rule], [seen('a', 0, { 'source.ip': 'x', 'destination.ip': 'y' }), seen('b', 1, { 'source.ip': 'y', 'destination.ip': 'x' })])).toMatchObject([{ group: { ip: 'x' } }]);
    expect(names([rule], [seen('a', 0, { 'source.ip': 'x' }), seen('b', 1, { 'source.ip': 'x' })])).toEqual([]);
  });

  test('of different sites are apart, unless the correlation is across sites', () => {
    const two = correlation({ condition: atLeast(2) });
    const across = correlation({ id: 'd', type: 'value_count', condition: atLeast(2, ['tourniquet.site']), options: { class: '', scope: 'deployment' } });
    const events = ['shop', 'other'].flatMap((site, i) => [seen('a', i, { user: 'u' }, { site, value: site }), seen('a', i, { user: 'u' }, { by: 'd', value: 'u', site })]);
    expect(findings([two, across], events)).toMatchObject([{ rule: { id: 'd' }, site: '_system', evidence: [{ site: 'shop' }, { site: 'other' }] }]);
  });

  test('no name or value does harm', () => {
    const rule = correlation({ rules: ['__proto__'], groupBy: groupBy(['__proto__', 'constructor'], ['__proto__']), condition: atLeast(2) });
    const fields: Observation['fields'] = JSON.parse('{"__proto__":"__proto__","constructor":"toString"}');
    expect(findings([rule], [seen('__proto__', 0, fields), seen('__proto__', 1, fields), seen('toString', 2, {})])).toHaveLength(1);
    expect(names([rule], [seen('__proto__', 0, {}), seen('__proto__', 1, {})])).toEqual([]);
    expect(findings([correlation()], [seen('a', 0, {}, { by: '__proto__' }), seen('a', Number.NaN)])).toEqual([]);
  });
});

describe('numbers', () => {
  test.each([
    ['texts of numbers count', ['400', 500, '100.5'], 1], ['others do not', ['x', '', '1e9', true, 999], 0],
    ['negative ones do not take back what was reached', [1_000, -999, 0.5], 1], ['beyond what is exact they are none', [1e300, 1], 0],
    ['tenths add up', Array.from({ length: 10 }, () => 100.1), 1],
  ])('of a sum: %s', (_name, numbers, count) => {
    const rule = correlation({ type: 'value_sum', condition: atLeast(1_000.5, ['n']) });
    expect(names([rule], numbers.map((n, i) => seen('a', i, { user: 'u', n })))).toHaveLength(count);
  });

  test('of a sum with an upper end may be negative', () => {
    const rule = correlation({ type: 'value_sum', condition: compare('lt', -10, ['n']) });
    expect(names([rule], [5, -20].map((n, i) => seen('a', i, { user: 'u', n })))).toHaveLength(1);
  });
});

describe('ids', () => {
  const ids = (rules: readonly CorrelationRule[]): readonly string[] => findings(rules, [0, 1, 2].map((i) => seen('a', i))).map(({ id }) => id);

  test('are letters, and do not change with other rules or their own threshold', () => {
    const [id = ''] = ids([correlation()]);
    expect(id).toMatch(/^finding_[a-p]{32}$/);
    expect(ids([correlation({ id: 'b' }), correlation({ condition: atLeast(2) })])).toContain(id);
    expect(ids([correlation({ timespanMs: 61_000 })])).not.toContain(id);
  });
});

test('fractions of a millisecond in an event are no harm to order', () => {
  const at = parseTimestamp('2026-11-21T00:00:00.0009Z');
  expect(findings([correlation({ condition: atLeast(1) })], [{ ...seen('a', 0), by: BY_SITE, timestamp: at + 0.9, received_at: at + 5 }])).toMatchObject([{ timestamp: at }]);
});
