import { describe, expect, test } from 'vitest';
import { MAX_LINE_BYTES } from '../../contracts/limits.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { fieldPolicies } from './field-policies.ts';
import type { FieldPolicies } from './field-policies.ts';
import { keptValues, textsIn } from './kept-values.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);

function policiesOf(...given: Parameters<typeof fieldPolicies>[0]): FieldPolicies {
  const policies = fieldPolicies(given);
  if (policies === undefined) throw new Error('no policies');
  return policies;
}

const POLICIES = policiesOf({ keep: 'text', fields: ['form.plain'] }, { keep: 'nothing', fields: ['*.password'] }, { keep: 'summary', fields: ['http.body.content', 'form.*'] });

/** What is kept otherwise than as text, as written. */
function found(line: string): readonly string[] {
  return keptValues(line, POLICIES).map(({ keep, start, end }) => `${keep} ${line.slice(start, end)}`);
}

describe('values that are not kept as text', () => {
  test.each([
    ['a nested field', '{"http":{"body":{"content":"a","bytes":1}}}', ['summary "a"']],
    ['a dotted one', '{"http.body.content":"a"}', ['summary "a"']],
    ['one that is dotted in part', '{"http.body":{"content":"a"},"http":{"body.content":"b"}}', ['summary "a"', 'summary "b"']],
    ['a field below one', '{"http.body.content.more":"a"}', ['summary "a"']],
    ['another spelling', '{"HTTP":{"Body":{"Content":"a"}}}', ['summary "a"']],
    ['an escaped key', '{"http.body.con\\u0074ent":"a"}', ['summary "a"']],
    ['each field of a form', '{"form":{"a":"1","plain":"2","b":{"c":[true]}}}', ['summary "1"', 'summary {"c":[true]}']],
    ['fields of a list of forms', '{"form":[{"a":"1"},{"b":2}]}', ['summary "1"', 'summary 2']],
    ['a name at any depth, and at none', '{"password":"a","x":{"y":{"password":[1,2]}},"form":{"password":"b"}}', ['nothing "a"', 'nothing [1,2]', 'nothing "b"']],
    ['a whole object', '{"http":{"body":{"content":{"a":[{"b":"}\\""}],"c":null}}},"n":1}', ['summary {"a":[{"b":"}\\""}],"c":null}']],
    ['a value between spaces', '{ "password" :\t-1.5e3 , "n":1}', ['nothing -1.5e3']],
    ['true', '{"password":true}', ['nothing true']],
    ['neither null nor the empty text', '{"password":null,"form":{"a":""}}', []],
    ['no longer name', '{"xpassword":"a","http":{"body":{"contents":"a"}},"myform":{"a":1},"form":"a"}', []],
    ['nothing of a key', '{"a":{"http.body.content":{}}}', []],
  ])('are %s', (_name, line, expected) => {
    expect(found(line)).toEqual(expected);
  });

  test('are counted by their strings and numbers', () => {
    const line = '{"a":1,"form":{"x":{"k":"v","l":[1,true]},"y":"z"},"password":{},"b":2}';
    expect(keptValues(line, POLICIES).map(({ firstToken, tokens }) => [firstToken, tokens])).toEqual([[4, 4], [9, 1], [11, 0]]);
  });

  test('take time in proportion to a hostile line', () => {
    const key = 'k'.repeat(20_000);
    const line = `{"${key}":{${Array.from({ length: 900 }, (_, i) => `"${i}":"a"`).join(',')},"password":"x"}}`;
    const deep = `${'{"form.x":'.repeat(30)}1${'}'.repeat(30)}`;
    expect([line.length < MAX_LINE_BYTES, found(line), found(deep).length]).toEqual([true, ['nothing "x"'], 1]);
  });
});

/** The same by way of parsed JSON: kept values, each as JSON. */
function naive(value: unknown, path: string, into: string[]): void {
  if (Array.isArray(value)) for (const one of value) naive(one, path, into);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      const names = key.split('.').map((_, i, all) => [path, ...all.slice(0, i + 1)].filter((name) => name !== '').join('.'));
      const keep = names.map((name) => POLICIES.keptAs(name)).find((kept) => kept !== 'text');
      if (keep === undefined) naive(inner, names.at(-1) ?? '', into);
      else if (inner !== null && inner !== '') into.push(`${keep} ${JSON.stringify(inner)}`);
    }
  }
}

test(`what is found is what a walk through the parsed event finds, seed ${SEED}`, () => {
  const random = seededRandom(SEED);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T; // never empty
  const KEYS = ['http', 'body', 'content', 'http.body', 'body.content', 'form', 'plain', 'password', 'x', 'FORM', 'form.plain', 'a"b', 'http.body.content.z', '{', '\u00e9:'];
  const value = (depth: number): unknown => {
    const kind = random();
    if (depth === 0 || kind < 0.4) return pick(['', 'a', 'x}"{', '\\', 1, -2.5, true, null, '[1,']);
    if (kind < 0.55) return Array.from({ length: Math.floor(random() * 3) }, () => value(depth - 1));
    return Object.fromEntries(Array.from({ length: Math.floor(random() * 4) }, () => [pick(KEYS), value(depth - 1)]));
  };
  let some = 0;
  for (let i = 0; i < 5_000; i++) {
    const event = { e: value(5), ...(value(4) as object | null) };
    const line = JSON.stringify(event, null, random() < 0.3 ? 1 : undefined).replaceAll('\n', ' ');
    const expected: string[] = [];
    naive(event, '', expected);
    expect(keptValues(line, POLICIES).map(({ keep, start, end }) => `${keep} ${JSON.stringify(JSON.parse(line.slice(start, end)))}`), line).toEqual(expected);
    if (expected.length > 0) some++;
  }
  expect(some).toBeGreaterThan(1_000);
});

test('the texts of a value are its strings and numbers, not its keys', () => {
  expect(textsIn({ a: 'one', b: [2, { c: 'three', d: true, e: null }] })).toBe('one\n2\nthree');
});
