import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultStorageConfig } from '../config.ts';
import { startStorage } from '../engine/storage.ts';
import type { Storage } from '../engine/storage.ts';
import { queryOutput } from './query-output.ts';
import type { QueryFormat } from './query-output.ts';

let directory: string;
let storage: Storage;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tourniquet-query-'));
  storage = await startStorage({ directory, host: '127.0.0.1', port: 0, writerPassword: 'w', readerPassword: 'r', config: defaultStorageConfig() });
});
afterAll(async () => {
  await storage.close();
  await rm(directory, { recursive: true, force: true });
});

async function run(sql: string, format: QueryFormat): Promise<{ readonly text: string; readonly error: unknown }> {
  const chunks: Buffer[] = [];
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  const error: unknown = await queryOutput({ url: storage.url, password: 'r', sql, format, output }).catch((e: unknown) => e);
  return { text: Buffer.concat(chunks).toString(), error };
}

test.each<[QueryFormat, string]>([
  ['ndjson', '{"a":1,"b":"x,y"}\n'],
  ['csv', '"a","b"\n1,"x,y"\n'],
  ['table', '\u250c\u2500a\u2500\u252c\u2500b\u2500\u2500\u2500\u2510\n\u2502 1 \u2502 x,y \u2502\n\u2514\u2500\u2500\u2500\u2534\u2500\u2500\u2500\u2500\u2500\u2518\n'],
])('prints %s', async (format, text) => {
  expect(await run("SELECT 1 AS a, 'x,y' AS b", format)).toEqual({ text, error: undefined });
});

test('a semicolon, a comment and a format of the statement itself are fine', async () => {
  expect((await run('SELECT 1 AS a; -- done', 'ndjson')).text).toBe('{"a":1}\n');
  expect((await run('SELECT 1 AS a FORMAT TSV', 'ndjson')).text).toBe('1\n');
});

test('a large result comes whole', async () => {
  expect((await run('SELECT number FROM numbers(300000)', 'csv')).text.split('\n')).toHaveLength(300_002);
});

test.each([
  ['SELECT nothing', /UNKNOWN_IDENTIFIER 47: .*nothing/],
  ['DROP TABLE events', /READONLY 164/],
  ['SELECT throwIf(number = 1500000) FROM numbers(2000000)', /395/],
])('the error of %s says what the engine said', async (sql, text) => {
  const { error } = await run(sql, 'ndjson');
  expect(error).toMatchObject({ code: 'TQ-STORAGE-09' });
  expect(String(error)).toMatch(text);
});
