import { describe, expect, it } from 'vitest';
import { loadMappings } from './load-mappings.ts';

const GOOD = 'events:\n  - when: [{ a.b: [x, "y*"], c: "*" }]\n    serves: [{ category: web }]\nfields:\n  one: first.name\n  two: { every: [a, "{b}-{c}"] }\n';

function problemsOf(text: string): readonly string[] {
  return loadMappings([{ file: 'm.yml', text }]).problems.map(({ place, message, hint }) => `${place.line}:${place.column} ${message}${hint === undefined ? '' : ` (${hint})`}`);
}

describe('a mapping file', () => {
  it('is read', () => {
    const { mappings, problems } = loadMappings([{ file: 'm.yml', text: GOOD }]);
    expect(problems).toEqual([]);
    expect(mappings.served({ a: { b: 'yes' }, c: 0 })).toEqual([{ category: 'web' }]);
    expect(mappings.served({ a: { b: 'yes' } })).toBeUndefined();
    expect(mappings.fieldPath('one', { category: 'web' }).read({ first: { name: 1 } })).toBe(1);
    expect(mappings.fieldPath('one', { category: 'other' }).read({ first: { name: 1 } })).toBeUndefined();
    expect(mappings.fieldPath('two', {}).read({ a: 1, b: 'x', c: 'y' })).toEqual([1, 'x-y']);
  });

  it.for([
    ['events: 1', '1:9 events is no list'],
    ['event: []', '1:1 a mapping file has no "event" (events, fields)'],
    ['', '1:1 a mapping file is no map'],
    ['fields: {}', '1:1 says of no event what it serves (events: with when: and serves:)'],
    ['events:\n  - serves: [{ category: a }]', '2:5 has no when (when: and serves:)'],
    ['events:\n  - when: [{ a: b }]', '2:5 has no serves (when: and serves:)'],
    ['events:\n  - when: [{}]\n    serves: [{ category: a }]', '2:5 condition 1 of when is empty: it would hold for every event'],
    ['events:\n  - when: [{ a: b }]\n    serves: [{ kategory: a }]', '3:16 a log source has no "kategory" (category, product, service)'],
    ['events:\n  - when: [{ a: b }]\n    serves: [{}]', '3:14 a log source names nothing (category, product, service)'],
    ['events:\n  - when: [{ a: b*c }]\n    serves: [{ category: a }]', '2:17 a * stands only at the end of a value'],
    ['events:\n  - when: [{ a: { b: c } }]\n    serves: [{ category: a }]', '2:17 is no text (a text or a number)'],
    ['events:\n  - when: [{ a: b }]\n    serves: [{ category: a }]\nfields:\n  x: "{a"', '5:6 is neither a field nor fields in braces ({url.path}?{url.query}, beginning and ending with a brace)'],
    ['events:\n  - when: [{ a: b }]\n    serves: [{ category: a }]\nfields:\n  x: { any: [a] }', '5:8 a field has no "any" (every)'],
    ['events: [}', '1:10 is no YAML: Flow sequence in block collection must be sufficiently indented and end with a ]'],
    [`${GOOD}---\n${GOOD}`, '8:1 a second document: a mapping file holds one'],
  ] as const)('%j is refused', ([text, problem]) => expect(problemsOf(text)[0]).toBe(problem));

  it('tells the problems of all files and then maps nothing', () => {
    const { mappings, problems } = loadMappings([{ file: 'a.yml', text: GOOD }, { file: 'b.yml', text: 'x: 1\ny: 2\nevents: 3' }]);
    expect(problems.map((problem) => `${problem.place.file}:${problem.place.line}`)).toEqual(['b.yml:1', 'b.yml:2', 'b.yml:3']);
    expect(mappings.served({ a: { b: 'x' }, c: 1 })).toBeUndefined();
  });
});
