import { expect, test } from 'vitest';
import { describeGroupStore } from '../../contracts/store.suite.ts';
import { createStoreDisk, losePower, openMemoryStore } from './memory-store.ts';

describeGroupStore('the fake store', async () => ({ store: openMemoryStore(createStoreDisk()), close: async () => {} }));

const ROWS = { table: 'gaps', tier: 'standard', rows: 1, format: 'JSONEachRow', data: Buffer.from('{"partition":0,"position":1,"received_at":"2026-01-01"}\n') } as const;
const RANGE = { partition: 0, first: 0, last: 9 };
const JANUARY = Date.UTC(2026, 0, 1);
const FENCE = { kind: 'uncommitted', range: RANGE } as const;

test('a power loss takes the last inserts, and with them or without them their tokens', async () => {
  for (const tokensToo of [true, false]) {
    const disk = createStoreDisk();
    const store = openMemoryStore(disk);
    await store.insert('0/a', ROWS, FENCE);
    await store.insert('0/b', ROWS, FENCE);
    losePower(disk, 1, tokensToo);
    expect(await store.count('gaps', RANGE, JANUARY, JANUARY)).toBe(1);
    await store.insert('0/b', ROWS, FENCE);
    expect(await store.count('gaps', RANGE, JANUARY, JANUARY)).toBe(tokensToo ? 2 : 1);
  }
});

test('a token that comes again with other rows is noted as a violation', async () => {
  const disk = createStoreDisk();
  const store = openMemoryStore(disk);
  await store.insert('0/a', ROWS, FENCE);
  await store.insert('0/a', { ...ROWS, data: Buffer.from('{"partition":0,"position":2,"received_at":"2026-01-01"}\n') }, FENCE);
  expect(disk.violations).toHaveLength(1);
});

test('a window remembers so many tokens, and forgets the oldest first', async () => {
  const store = openMemoryStore(createStoreDisk(), { tokens: 2 });
  for (const token of ['0/a', '0/b', '0/c', '0/b', '0/a']) await store.insert(token, ROWS, FENCE);
  expect(await store.count('gaps', RANGE, JANUARY, JANUARY)).toBe(4);
});
