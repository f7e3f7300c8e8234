import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LINE_STATUS } from '../../contracts/line-status.ts';
import { loadNative } from './binding.ts';
import { judgeLine } from './oracle.ts';

const native = await loadNative();
const vectors = readFileSync(new URL('../../contracts/vectors/line-status.ndjson', import.meta.url), 'utf8')
  .split('\n')
  .filter((row) => row !== '')
  // The file's rows, as contracts/ writes them.
  .map((row) => JSON.parse(row) as { readonly bytes: string; readonly status: string });

test('every shared vector has its status from the addon and from the oracle', () => {
  expect(vectors.length).toBeGreaterThan(10);
  for (const { bytes, status } of vectors) {
    const line = Buffer.from(bytes, 'base64');
    const { table } = native.inspect(Buffer.concat([line, Buffer.from('\n')]), undefined);
    expect({ bytes, native: LINE_STATUS[table[2] ?? -1], oracle: judgeLine(line) }).toEqual({ bytes, native: status, oracle: status });
  }
});
