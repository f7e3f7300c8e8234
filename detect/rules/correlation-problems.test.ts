import { describe, expect, test } from 'vitest';
import { correlationProblems } from './correlation-problems.ts';
import { rulesOfText } from './rules-fixture.ts';

const NAMES = Array.from({ length: 14 }, (_, i) => `base_${'abcdefghijklmn'[i]}`);
const BASES = NAMES.map((name) => `title: ${name}\nname: ${name}\nlogsource: { category: webserver }\ndetection: { a: { url.path: ${name} }, condition: a }\n`);

function problems(condition: string): readonly string[] {
  const correlation = `title: C\nname: c\ncorrelation: { type: temporal_ordered, rules: [${NAMES.join(', ')}], group-by: [source.ip], timespan: 1m, condition: '${condition}' }\n`;
  return correlationProblems(rulesOfText([...BASES, correlation].join('---\n')).correlations).map(({ place, message }) => `${place.line} ${message}`);
}

test('a correlation the engine can do has no problem', () => {
  expect(problems('base_a and (base_b or base_c)')).toEqual([]);
});

test('a condition with too many alternatives is a problem of its rule', () => {
  const pairs = NAMES.flatMap((name, i) => (i % 2 === 0 ? [`(${name} or ${NAMES[i + 1]})`] : []));
  const [problem, ...more] = problems(pairs.join(' and '));
  expect([problem, more]).toEqual([expect.stringMatching(/^\d+ .*too many alternatives/), []]);
});

describe('a correlation of a correlation', () => {
  const base = 'title: Base\nname: base\nlogsource: { category: webserver }\ndetection: { a: { url.path: x }, condition: a }\n';
  const chained = (inner: string, outer: string) => correlationProblems(rulesOfText([
    base, `title: Inner\nname: inner\ncorrelation: { type: event_count, rules: [base], ${inner} timespan: 1m, condition: { gte: 3 } }\n`,
    `title: Outer\nname: outer\ncorrelation: { type: event_count, rules: [inner], ${outer} timespan: 1h, condition: { gte: 2 } }\n`,
  ].join('---\n')).correlations);

  test.each([
    ['group-by: [source.ip],', 'group-by: [source.ip],'], ['group-by: [source.ip, user.name],', 'group-by: [user.name],'], ['group-by: [source.ip],', ''],
    ['group-by: [source.ip],', 'group-by: [tourniquet.site],'], ['group-by: [source.ip],', 'group-by: [address], aliases: { address: { inner: source.ip } },'],
  ])('may group by what that groups by, and by the site: %s then %s', (inner, outer) => {
    expect(chained(inner, outer)).toEqual([]);
  });

  test.each([
    ['group-by: [source.ip],', 'group-by: [source.ip, user.name],', 'user.name', 'source.ip'], ['', 'group-by: [source.ip],', 'source.ip', 'nothing'],
    ['group-by: [source.ip],', 'group-by: [source.ip], aliases: { source.ip: { inner: client.ip } },', 'client.ip', 'source.ip'],
  ])('may not group by another field: %s then %s', (inner, outer, field, known) => {
    expect(chained(inner, outer)).toMatchObject([{
      place: { line: 10 }, message: `"Outer" groups by ${field}, which the correlation "Inner" does not group by: none of its findings would be counted`,
      hint: `add ${field} to the group-by of "Inner", or group "Outer" by ${known}`,
    }]);
  });
});
