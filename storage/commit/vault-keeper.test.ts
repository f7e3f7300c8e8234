import { expect, test } from 'vitest';
import type { VaultEntry } from '../../contracts/keys.ts';
import { createVaultKeeper } from './vault-keeper.ts';

function entry(token: string, bytes = 1, subjects: readonly string[] = []): VaultEntry {
  return { site: 'shop', token, subjects, value: Buffer.alloc(bytes) };
}

function recorder(fails: { next: boolean } = { next: false }) {
  const calls: string[][] = [];
  const put = (entries: readonly VaultEntry[]): Promise<void> => {
    if (fails.next) return Promise.reject(new Error('gone'));
    calls.push(entries.map(({ token }) => token));
    return Promise.resolve();
  };
  return { calls, put };
}

test('what was put lately is not put again, but for further persons', async () => {
  const { calls, put } = recorder();
  const keep = createVaultKeeper(put);
  await keep([entry('a'), entry('b')]);
  await keep([entry('a'), entry('c'), entry('b', 1, ['ann'])]);
  await keep([entry('a')]);
  expect(calls).toEqual([['a', 'b'], ['c', 'b']]);
});

test('what failed is put the next time', async () => {
  const fails = { next: true };
  const { calls, put } = recorder(fails);
  const keep = createVaultKeeper(put);
  await expect(keep([entry('a')])).rejects.toThrow('gone');
  fails.next = false;
  await keep([entry('a')]);
  expect(calls).toEqual([['a']]);
});

test('a request stays within what the keys role takes', async () => {
  const { calls, put } = recorder();
  await createVaultKeeper(put)([...Array.from({ length: 2_001 }, (_, i) => entry(`t${i}`)), entry('large', 500_000), entry('larger', 600_000)]);
  expect(calls.map((tokens) => tokens.length)).toEqual([2_000, 2, 1]);
});

test('a value of very many persons is linked to all of them, by requests that the keys role takes', async () => {
  const calls: VaultEntry[][] = [];
  const put = (entries: readonly VaultEntry[]): Promise<void> => (calls.push([...entries]), Promise.resolve());
  const subjects = Array.from({ length: 100_000 }, (_, i) => String(i).padStart(24, 'a'));
  await createVaultKeeper(put)([entry('a', 30, subjects)]);
  expect(new Set(calls.flat().flatMap((one) => one.subjects))).toEqual(new Set(subjects));
  for (const call of calls) expect(JSON.stringify(call.map(({ value, ...one }) => ({ ...one, value: value.toString('base64') }))).length).toBeLessThan(2 * 1024 * 1024);
});

test('only so many tokens are remembered, the newest', async () => {
  const { calls, put } = recorder();
  const keep = createVaultKeeper(put, 2);
  for (const token of ['a', 'b', 'c', 'c', 'b', 'a']) await keep([entry(token)]);
  expect(calls.flat()).toEqual(['a', 'b', 'c', 'a']);
});
