import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { VaultEntry } from '../contracts/keys.ts';
import { openVaultStore } from './vault.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tq-vault-'));
});
afterEach(() => rmSync(home, { recursive: true }));

function entry(token: string, text: string, ...subjects: readonly string[]): readonly VaultEntry[] {
  return [{ site: 'shop', token, subjects, value: Buffer.from(text) }];
}

test('what was put is revealed, also after opening again, and only for its site and token', async () => {
  {
    await using vault = openVaultStore(home);
    await vault.put(entry('aaa', 'one'));
  }
  await using vault = openVaultStore(home);
  expect(vault.reveal('shop', 'aaa')?.toString()).toBe('one');
  expect(vault.reveal('other', 'aaa')).toBeUndefined();
  expect(vault.reveal('shop', 'aab')).toBeUndefined();
});

test('values and keys never stand together: no file holds the value', async () => {
  await using vault = openVaultStore(home);
  await vault.put(entry('aaa', 'a very plain value'));
  for (const name of readdirSync(home)) expect(readFileSync(join(home, name)).includes('a very plain value')).toBe(false);
});

test('erasing a subject erases its entries and no other subject\'s, whose names may start alike', async () => {
  await using vault = openVaultStore(home);
  await vault.put(entry('aaa', 'one', 'ann'));
  await vault.put(entry('bbb', 'two', 'ann'));
  await vault.put(entry('ccc', 'three', 'anna'));
  await vault.put(entry('ddd', 'four'));
  expect(['ann', 'anna', 'aaa', 'an', 'eve'].map((subject) => vault.linked('shop', subject))).toEqual([2, 1, 1, 0, 0]);
  expect(await vault.erase('shop', 'ann')).toBe(2);
  expect(['ann', 'anna', 'aaa'].map((subject) => vault.linked('shop', subject))).toEqual([0, 1, 0]);
  expect(['aaa', 'bbb', 'ccc', 'ddd'].map((token) => vault.reveal('shop', token)?.toString())).toEqual([undefined, undefined, 'three', 'four']);
  expect(await vault.erase('shop', 'ann')).toBe(0);
  expect(await vault.erase('other', 'anna')).toBe(0);
});

test('a token is a subject of itself, and one value may be of several persons', async () => {
  await using vault = openVaultStore(home);
  await vault.put(entry('aaa', 'one', 'ann', 'bob'));
  await vault.put(entry('bbb', 'two', 'bob'));
  expect(await vault.erase('shop', 'aaa')).toBe(1);
  expect(await vault.erase('shop', 'ann')).toBe(0);
  expect(await vault.erase('shop', 'bob')).toBe(1);
});

test('what is put again stays, and is linked to who is new', async () => {
  await using vault = openVaultStore(home);
  await vault.put(entry('aaa', 'one', 'ann'));
  const before = readFileSync(join(home, 'keys.slots'));
  await vault.put(entry('aaa', 'ONE', 'bob'));
  expect(vault.reveal('shop', 'aaa')?.toString()).toBe('one');
  expect(readFileSync(join(home, 'keys.slots'))).toEqual(before);
  expect(await vault.erase('shop', 'bob')).toBe(1);
  expect(vault.reveal('shop', 'aaa')).toBeUndefined();
});

test('what comes back after it was erased is a new entry', async () => {
  await using vault = openVaultStore(home);
  await vault.put(entry('aaa', 'one'));
  await vault.erase('shop', 'aaa');
  await vault.put(entry('aaa', 'one'));
  expect(vault.reveal('shop', 'aaa')?.toString()).toBe('one');
});

test("an erased entry's key is gone from the disk", async () => {
  await using vault = openVaultStore(home);
  await vault.put([...entry('aaa', 'one', 'ann'), ...entry('bbb', 'two')]);
  const before = readFileSync(join(home, 'keys.slots'));
  await vault.erase('shop', 'ann');
  const after = readFileSync(join(home, 'keys.slots'));
  expect([after.subarray(0, 32), after.subarray(32)]).toEqual([Buffer.alloc(32), before.subarray(32)]);
  expect(readdirSync(home).some((name) => readFileSync(join(home, name)).includes(before.subarray(0, 32)))).toBe(false);
  expect(vault.reveal('shop', 'bbb')?.toString()).toBe('two');
});

test('many entries put at once keep each its own value', async () => {
  await using vault = openVaultStore(home);
  await Promise.all(Array.from({ length: 50 }, async (_, i) => vault.put(entry(`t${i}`, `v${i}`, 's'))));
  for (let i = 0; i < 50; i++) expect(vault.reveal('shop', `t${i}`)?.toString()).toBe(`v${i}`);
  expect(await vault.erase('shop', 's')).toBe(50);
});

test('a vault whose file is damaged is refused with what to do', () => {
  writeFileSync(join(home, 'data.mdb'), Buffer.alloc(10_000, 0x41));
  expect(() => openVaultStore(home)).toThrow(/TQ-KEYS-08.*vault/);
});
