import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadNative } from './binding.ts';
import type { Expression, Native, PatternDatabase } from './binding.ts';
import { cachedDatabase } from './database-cache.ts';

const real = await loadNative();
const folder = mkdtempSync(join(tmpdir(), 'tourniquet-patterns-'));
let compiled = 0;
const native: Native = { ...real, compile: (expressions, parts) => (compiled += parts?.length ?? 1, real.compile(expressions, parts)) };

afterAll(() => rmSync(folder, { recursive: true }));

function found(database: PatternDatabase, text: string): readonly number[] {
  const request = { body: Buffer.from(`{"a":"${text}"}\n`), nonces: false, envelopePrefix: Buffer.alloc(0), firstSeq: 0, skipLines: 0, omit: new Uint32Array() };
  return [...real.process(database, request).hits];
}

function patterns(...texts: readonly string[]): readonly Expression[] {
  return texts.map((text) => ({ text, flags: 0 }));
}

test('a database is compiled once, and again when its file is damaged, foreign or for other patterns', () => {
  const directory = join(folder, 'made', 'here');
  const open = (expressions = patterns('abc', 'xyz')): readonly number[] => found(cachedDatabase(native, directory, expressions, [expressions.length]), 'abc xyz');
  expect(open()).toEqual([0, 0, 0, 1]);
  expect([open(), compiled]).toEqual([[0, 0, 0, 1], 1]);
  const [name = ''] = readdirSync(directory);
  const file = join(directory, name);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const whole = readFileSync(file);
  for (const damaged of [Buffer.alloc(0), whole.subarray(0, whole.length - 1), Buffer.from(whole).fill(1, 100, 101), Buffer.alloc(5_000, 7)]) {
    writeFileSync(file, damaged);
    const before = compiled;
    expect([open(), compiled]).toEqual([[0, 0, 0, 1], before + 1]);
    expect(readFileSync(file)).toEqual(whole);
  }
  expect(open(patterns('xyz'))).toEqual([0, 0]);
  const other = readdirSync(directory).find((n) => n !== name) ?? '';
  writeFileSync(file, readFileSync(join(directory, other)));
  expect(open()).toEqual([0, 0, 0, 1]);
  expect(readdirSync(directory)).toHaveLength(2);
});

test('each part is compiled once, in whatever database it stands', () => {
  const directory = join(folder, 'parts');
  const open = (texts: readonly string[], sizes: readonly number[]): readonly number[] => found(cachedDatabase(native, directory, patterns(...texts), sizes), 'abc xyz uvw');
  const before = compiled;
  expect(open(['abc', 'xyz', 'no'], [2, 1])).toEqual([0, 0, 0, 1]);
  expect(compiled).toBe(before + 2);
  expect(open(['abc', 'xyz', 'uvw'], [2, 1])).toEqual([0, 0, 0, 1, 0, 2]);
  expect(compiled).toBe(before + 3);
  expect(open(['uvw', 'no', 'abc', 'xyz'], [1, 1, 2])).toEqual([0, 0, 0, 2, 0, 3]);
  expect(compiled).toBe(before + 3);
});

test('an expression that is refused is named among all, whatever the cache holds', () => {
  const directory = join(folder, 'refused');
  cachedDatabase(native, directory, patterns('abc'), [1]);
  expect(() => cachedDatabase(native, directory, patterns('abc', 'x', '(?<=a)b'), [1, 2])).toThrow(expect.objectContaining({ pattern: 2 }));
});

test('a directory that cannot be written costs only time', () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  expect(found(cachedDatabase(native, file, patterns('abc'), [1]), 'abc')).toEqual([0, 0]);
});
