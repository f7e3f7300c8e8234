import { mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readCacheFile, writeCacheFile } from './cache-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'tourniquet-cache-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a file is read back as it was written; one that is not there is undefined', () => {
  writeCacheFile(join(folder, 'new'), 'plan-a.bin', Buffer.from('abc'));
  expect(readCacheFile(join(folder, 'new'), 'plan-a.bin')).toEqual(Buffer.from('abc'));
  expect(readCacheFile(folder, 'plan-b.bin')).toBeUndefined();
});

test('of one kind the six newest are kept, of others all', () => {
  writeCacheFile(folder, 'other-1.bin', Buffer.of(1));
  for (let i = 0; i < 9; i++) {
    writeCacheFile(folder, `plan-${i}.bin`, Buffer.of(i));
    utimesSync(join(folder, `plan-${i}.bin`), 1_000 + i, 1_000 + i);
  }
  expect(readdirSync(folder).filter((name) => name.endsWith('.bin')).toSorted()).toEqual(['other-1.bin', ...[3, 4, 5, 6, 7, 8].map((i) => `plan-${i}.bin`)]);
});
