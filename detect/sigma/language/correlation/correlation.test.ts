import { describe, expect, it } from 'vitest';
import type { CorrelationRule } from '../../rule.ts';
import { readRules } from '../read-rules.ts';
import { printedRules } from '../printed.suite.ts';
import { correlationWith, line, rulesOf, told } from '../told.suite.ts';

function only(correlation: string, more = ''): CorrelationRule {
  const [first, ...others] = rulesOf(correlationWith(correlation, more)).correlations;
  if (first === undefined || others.length > 0) throw new Error('expected one correlation');
  return first;
}

/** The condition of a correlation in one line. */
function printed({ condition }: CorrelationRule): string {
  if (condition.kind === 'rules') return printedRules(condition.expression);
  const { fields, percentile, comparisons } = condition;
  return [...fields, ...(percentile === undefined ? [] : [`percentile ${percentile}`]), ...comparisons.map(({ comparison, value }) => `${comparison} ${value}`)].join(' ');
}

const CONDITIONS: readonly (readonly [string, string])[] = [
  ['type: event_count, rules: [one], condition: {gte: 10}', 'gte 10'],
  ['type: event_count, rules: one, condition: {eq: 1}', 'eq 1'],
  ['type: event_count, rules: [one, two], condition: {gt: 100, lte: 200}', 'gt 100 lte 200'],
  ['type: event_count, rules: [one], condition: {gt: 5, lt: 7}', 'gt 5 lt 7'],
  ['type: event_count, rules: [one], condition: {neq: 3}', 'neq 3'],
  ['type: value_count, rules: [one], condition: {field: User, gte: 100}', 'User gte 100'],
  ['type: value_count, rules: [one], condition: {field: [User, Host], lt: 3}', 'User Host lt 3'],
  ['type: value_sum, rules: [one], condition: {field: bytes, gt: 1000.5}', 'bytes gt 1000.5'],
  ['type: value_sum, rules: [one], condition: {field: change, lt: -5}', 'change lt -5'],
  ['type: value_avg, rules: [one], condition: {field: bytes, gt: 500}', 'bytes gt 500'],
  ['type: value_percentile, rules: [one], condition: {field: image, lte: 1}', 'image lte 1'],
  ['type: value_percentile, rules: [one], condition: {field: ms, percentile: 95, gt: 400}', 'ms percentile 95 gt 400'],
  ['type: value_median, rules: [one], condition: {field: ms, gt: 400}', 'ms gt 400'],
  ['type: temporal, rules: [one, two]', '(id-one & id-two)'],
  ['type: temporal, rules: [id-two, one]', '(id-two & id-one)'],
  ['type: temporal, rules: [one, two], condition: {gte: 2}', 'gte 2'],
  ['type: temporal, rules: [one, two], condition: one and not two', '(id-one & !id-two)'],
  ['type: temporal, condition: two or (one and id-two)', '(id-two | (id-one & id-two))'],
  ['type: temporal_ordered, rules: [two, one]', '(id-two & id-one)'],
];

describe('the condition of a correlation', () => {
  it.each(CONDITIONS)('%s is %s', (written, meaning) => {
    expect(printed(only(`{${written}, timespan: 5m}`))).toBe(meaning);
  });
});

const TIMESPANS: readonly (readonly [string, number])[] = [
  ['1s', 1000], ['90m', 5_400_000], ['1h', 3_600_000], ['30d', 2_592_000_000], ['2w', 1_209_600_000], ['1M', 2_629_746_000], ['1y', 31_556_952_000],
];

it.each(TIMESPANS)('a timespan of %s has %d ms', (written, timespanMs) => {
  expect(only(`{type: temporal, rules: [one], timespan: ${written}}`)).toMatchObject({ timespanMs });
});

describe('group-by', () => {
  it('reads each rule’s field: what the alias says, else the name itself', () => {
    expect(only('{type: temporal, rules: [one, two], timespan: 5m, group-by: [user, ip], aliases: {ip: {one: src, id-two: dst}}}').groupBy).toEqual([
      { name: 'user', of: { 'id-one': 'user', 'id-two': 'user' } },
      { name: 'ip', of: { 'id-one': 'src', 'id-two': 'dst' } },
    ]);
  });

  it('may be one name, or be left out', () => {
    expect(only('{type: temporal, rules: [one], timespan: 5m, group-by: user}').groupBy.map(({ name }) => name)).toEqual(['user']);
    expect(only('{type: temporal, rules: [one], timespan: 5m}').groupBy).toEqual([]);
  });
});

describe('generate', () => {
  const standalone = (text: string): readonly boolean[] => rulesOf(text).detections.map((rule) => rule.standalone);

  it('decides whether the rules referred to stand alone too', () => {
    const correlation = '{type: event_count, rules: [one], timespan: 5m, condition: {gte: 3}}';
    expect(standalone(correlationWith(correlation))).toEqual([false, true]);
    expect(standalone(correlationWith(correlation, 'generate: false\n'))).toEqual([false, true]);
    expect(standalone(correlationWith(correlation, 'generate: true\n'))).toEqual([true, true]);
    expect(standalone(correlationWith(correlation.replace('}}', '}, generate: true}')))).toEqual([true, true]);
  });

  it('holds when one of several correlations says so', () => {
    const other = '---\ntitle: other\ncorrelation: {type: temporal, rules: [one], timespan: 5m}\ngenerate: true\n';
    expect(standalone(correlationWith('{type: temporal, rules: [one], timespan: 5m}', other))).toEqual([true, true]);
  });
});

/** A chain of correlations, the last written first; each refers to the one before. */
function chain(length: number, first: string): string {
  const links = Array.from({ length }, (_, index) => `title: link-${index}\nname: link-${index}\ncorrelation: {type: temporal, rules: [${index === 0 ? first : `link-${index - 1}`}], timespan: 5m}\n`);
  return `${links.toReversed().join('---\n')}---\ntitle: base\nname: base\nlogsource: {category: c}\ndetection: {s: {f: 1}, condition: s}\n`;
}

describe('chains', () => {
  it('are ordered so that each stands after what it refers to', () => {
    const { correlations } = rulesOf(chain(2000, 'base'));
    expect(correlations.map(({ id }) => id)).toEqual(Array.from({ length: 2000 }, (_, index) => `link-${index}`));
    expect(correlations.map((rule) => rule.standalone).indexOf(true)).toBe(1999);
  });

  it('may meet again', () => {
    const link = (name: string, rules: string): string => `title: ${name}\nname: ${name}\ncorrelation: {type: temporal, rules: [${rules}], timespan: 5m}\n---\n`;
    const { correlations } = rulesOf(`${link('top', 'left, right')}${link('left', 'base')}${link('right', 'base')}${link('base', 'rule')}title: rule\nname: rule\nlogsource: {category: c}\ndetection: {s: {f: 1}, condition: s}\n`);
    expect(correlations.map(({ id, standalone }) => `${id} ${standalone}`)).toEqual(['base false', 'left false', 'right false', 'top true']);
  });

  it('are refused when they lead back, each circle once', () => {
    expect(told(chain(3, 'link-2'))).toEqual(['1:1 correlations refer to each other in a circle: `link-2` → `link-1` → `link-0` → `link-2` = a correlation refers to what is known before it']);
    expect(told(chain(2000, 'link-1999'))).toHaveLength(1);
  });
});

function deployment(name: string, rules: string, groupBy: string, scope = 'deployment'): string {
  return `---\ntitle: ${name}\nname: ${name}\ncorrelation: {type: event_count, rules: [${rules}], timespan: 5m, condition: {gte: 2}${groupBy}}\ntourniquet: {scope: ${scope}}\n`;
}

describe('correlations across sites', () => {
  const lines = (...documents: readonly string[]): readonly string[] => readRules([{ file: 'f', text: [...documents, '---\ntitle: one\nname: one\nlogsource: {category: c}\ndetection: {s: {f: 1}, condition: s}'].join('').slice(4) }]).problems.map(line);

  it('need something to group by', () => {
    expect(lines(deployment('a', 'one', ', group-by: [ip]'))).toEqual([]);
    expect(lines(deployment('a', 'one', ''))).toEqual(['1:1 a correlation with `scope: deployment` needs a `group-by` = what is the same across sites, like source.ip']);
  });

  it('refer to their like', () => {
    const a = deployment('a', 'one', ', group-by: [ip]');
    expect(lines(deployment('b', 'a', ', group-by: [ip]'), a)).toEqual([]);
    expect(lines(deployment('b', 'a', ', group-by: [user]'), a)).toEqual(['3:42 `a` has another `group-by` = correlations across sites that refer to each other group by the same fields']);
    expect(lines(deployment('b', 'a', ', group-by: [ip]', 'site'), a)).toEqual(['3:42 `a` looks at all sites together, this correlation at each site alone = give both the same `scope`']);
    expect(lines(deployment('b', 'a', ', group-by: [ip]'), deployment('a', 'one', ', group-by: [ip]', 'site'))).toEqual(['3:42 `a` looks at each site alone, this correlation at all sites together = give both the same `scope`']);
  });
});
