import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Act, Trail } from '../contracts/trail.ts';
import { homeAt } from './home.ts';
import type { Home } from './home.ts';
import { noteConfiguration, noteRules } from './noted-acts.ts';
import { openNoted } from './noted.ts';

let home: Home;
let acts: Act[];
const trail: Trail = { write: async (act) => void acts.push(act) };
beforeEach(() => {
  home = homeAt(mkdtempSync(path.join(tmpdir(), 'tq-noted-')));
  mkdirSync(home.data, { recursive: true });
  acts = [];
});
afterEach(() => rmSync(home.root, { recursive: true }));

test('a configuration is told once, and then the names of what changed, never a value', async () => {
  const config = { gateway: { port: 7700, hosts: ['a'] }, respond: { webhooks: { url: 'https://receiver.example/token-in-path' } } };
  for (let start = 0; start < 2; start++) await noteConfiguration(openNoted(home), trail, 'worker', config);
  await noteConfiguration(openNoted(home), trail, 'worker', { gateway: { port: 7701, hosts: ['a'] }, respond: { webhooks: { url: 'https://other.example/' } }, added: true });
  expect(acts.map(({ action, about }) => [action, about])).toEqual([
    ['configuration-in-use', { configuration: { hash: expect.any(String), changed: [], changes: 0 } }],
    ['configuration-changed', { configuration: { hash: expect.any(String), changed: ['added', 'gateway.port', 'respond.webhooks.url'], changes: 3 } }],
  ]);
  expect(JSON.stringify(acts)).not.toContain('example');
});

test('a rule set is told when it is put to use, again when an older one comes back, and not at a start that changes nothing', async () => {
  for (const version of ['a', 'a', 'b', 'a']) await noteRules(openNoted(home), trail, version);
  expect(acts.map(({ target, about }) => [target?.name, about])).toEqual([['a', { rules: { version: 'a' } }], ['b', { rules: { version: 'b', before: 'a' } }], ['a', { rules: { version: 'a', before: 'b' } }]]);
});

test('what could not be told is told at the next start; a damaged memory costs a repeat', async () => {
  await expect(noteRules(openNoted(home), { write: async () => Promise.reject(new Error('away')) }, 'a')).rejects.toThrow('away');
  await noteRules(openNoted(home), trail, 'a');
  writeFileSync(path.join(home.data, 'noted.json'), '{"rules":');
  await noteRules(openNoted(home), trail, 'a');
  expect(acts).toHaveLength(2);
});
