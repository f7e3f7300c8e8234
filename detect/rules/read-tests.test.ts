import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { readTests } from './read-tests.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);

function problemsOf(text: string): readonly string[] {
  return readTests({ file: 'x.test.yml', text }).problems.map(({ place, message }) => `${place.line}:${place.column} ${message}`);
}

describe('a file of tests', () => {
  test('gives tests of detection rules and of correlations', () => {
    const { tests, problems } = readTests({ file: 'x.test.yml', text: [
      '- title: one', '  event: { a: 1 }', '  matches: true',
      '- title: two', '  rule: other', '  logsource: { category: webserver }', '  events: [{ at: 1m, a: 2 }]', '  fires: [{ at: 0, group: { user.name: 7 } }]',
      '- title: three', '  logsource: any', '  scan: { class: [attack.sqli] }', '  given: { b: 1 }', '  event: { a: 3 }', '  fires: 0',
    ].join('\n') });
    expect(problems).toEqual([]);
    expect(tests.map(({ title, rule, logsource, expected, place }) => ({ title, rule, logsource, expected, line: place.line }))).toEqual([
      { title: 'one', rule: undefined, logsource: undefined, expected: { kind: 'matches', matches: true }, line: 1 },
      { title: 'two', rule: 'other', logsource: { category: 'webserver' }, expected: { kind: 'fires', count: 1, fires: [{ at: 0, group: { 'user.name': '7' } }] }, line: 4 },
      { title: 'three', rule: undefined, logsource: 'any', expected: { kind: 'fires', count: 0, fires: [] }, line: 9 },
    ]);
    expect(tests[2]?.events[0]?.event).toMatchObject({ a: 3, b: 1, scan: { class: ['attack.sqli'] } });
  });

  test.each([
    ['a: 1', '1:1 a file of tests is a list'],
    ['- x', '1:3 a test is a map'],
    ['- title: a\n  event: {}\n  match: true', '3:3 a test has no `match`'],
    ['- event: {}\n  matches: true', '1:3 a test has a title'],
    ['- title: a\n  event: {}', '1:3 a test says either what `matches` or what `fires`'],
    ['- title: a\n  event: {}\n  matches: true\n  fires: 0', '1:3 a test says either what `matches` or what `fires`'],
    ['- title: a\n  event: {}\n  matches: 1', '3:12 `matches` is true or false'],
    ['- title: a\n  event: {}\n  fires: yes', '3:10 `fires` is a count or a list'],
    ['- title: a\n  event: {}\n  fires: -1', '3:10 `fires` is a count or a list'],
    ['- title: a\n  event: {}\n  fires: [{ in: 2 }]', '3:10 what fires has `at`, an index of the events, and `group`, fields with their texts'],
    ['- title: a\n  event: {}\n  fires: [{ at: 0.5 }]', '3:10 what fires has `at`, an index of the events, and `group`, fields with their texts'],
    ['- title: a\n  matches: true', '1:3 a test has either `event` or `events`'],
    ['- title: a\n  event: {}\n  events: [{}]\n  matches: true', '1:3 a test has either `event` or `events`'],
    ['- title: a\n  event: [1]\n  matches: true', '2:10 `event` is a map of fields'],
    ['- title: a\n  events: []\n  matches: true', '2:11 `events` is a list of maps'],
    ['- title: a\n  events: [1]\n  matches: true', '2:11 `events` is a list of maps'],
    ['- title: a\n  event: {}\n  given: x\n  matches: true', '3:10 `given` is a map of fields'],
    ['- title: a\n  event: {}\n  scan: { clas: [a] }\n  matches: true', '3:9 `scan` has no `clas`'],
    ['- title: a\n  event: { at: soon }\n  matches: true', '2:10 at is a time such as 90s, 5m, 1h or 250ms'],
    ['- title: a\n  event: { times: 2, every: often }\n  matches: true', '2:10 every is a time such as 90s, 5m, 1h or 250ms'],
    ['- title: a\n  event: { times: 30000 }\n  matches: true', '2:10 times is a whole number, and a test has at most 20000 events'],
    ["- title: a\n  event: { '@timestamp': soon }\n  matches: true", '2:10 @timestamp is a time such as 2026-11-20T10:00:00Z'],
    ['- title: a\n  event: {}\n  logsource: web\n  matches: true', '3:14 `logsource` is `any` or a log source'],
    ['- title: a\n  event: {}\n  logsource: { kind: web }\n  matches: true', '3:14 `logsource` is `any` or a log source'],
    ['- title: a\n  rule: [x]\n  event: {}\n  matches: true', '2:9 rule is the id, name or title of a rule'],
    ['- title: a\n  event: { a: 1, a: 2 }\n  matches: true', '2:18 YAML: Map keys must be unique'],
  ])('with a mistake is told its place: %j', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  test('tells a near name', () => {
    const [problem] = readTests({ file: 'x.test.yml', text: '- title: a\n  evnt: {}\n  event: {}\n  matches: true' }).problems;
    expect(problem?.hint).toBe('did you mean `event`?');
  });

  test('cannot set the prototype of anything', () => {
    const { tests } = readTests({ file: 'x.test.yml', text: '- title: a\n  event: { __proto__: { polluted: yes }, constructor: { prototype: { polluted: yes } } }\n  matches: true' });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    const event = tests[0]?.events[0]?.event ?? {};
    expect([event['polluted'], Object.hasOwn(event, '__proto__')]).toEqual([undefined, true]);
  });

  test('is refused where aliases would make too much of it', () => {
    const bomb = ['- &a [x, x, x, x, x, x, x, x, x, x]', ...Array.from({ length: 6 }, (_, i) => `- &${'bcdefg'[i]} [${Array.from({ length: 10 }, () => `*${'abcdef'[i]}`).join(', ')}]`)];
    const text = `- title: a\n  event: { list: [${bomb.map((line) => line.slice(2)).join(', ')}] }\n  matches: true`;
    expect(problemsOf(text)[0]).toContain('Excessive alias count');
  });

  test.each([['- '.repeat(100_000)], [`- title: a\n  event: { x: ${'['.repeat(200_000)}`]])('nested without end is a problem, no more', (text) => {
    expect(problemsOf(text).length).toBeGreaterThan(0);
  });

  test(`never throws, and places stand inside of the file, seed ${SEED}`, () => {
    const random = seededRandom(SEED);
    const source = '- title: one\n  rule: x\n  given: { a: [1, "b"] }\n  scan: { class: [attack.sqli] }\n  events:\n    - { at: 5s, times: 3, every: 1m, u: "{n}" }\n  fires: [{ at: 2, group: { u: 1 } }]\n- title: two\n  event: { x: { y: null } }\n  matches: false\n';
    const pieces = [':', '-', '[', ']', '{', '}', '&a', '*a', '"', '\n', '  ', '__proto__', '#', '\t', '%', '|', '0x', '~', '\u2028', '@', 'times: 99999'];
    for (let round = 0; round < 2_000; round++) {
      let text = source;
      for (let edit = random.between(1, 4); edit > 0; edit--) {
        const at = random.below(text.length);
        text = text.slice(0, at) + (random.chance(0.5) ? random.pick(pieces) : '') + text.slice(at + random.below(6));
      }
      const lines = text.split('\n');
      for (const { place } of readTests({ file: 'x.test.yml', text }).problems) {
        expect(place.line, text).toBeLessThanOrEqual(lines.length);
        expect(place.column, text).toBeLessThanOrEqual((lines[place.line - 1]?.length ?? 0) + 1);
      }
    }
  });
});
