import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { breachInput, emailOf, KEY, SITE, TOKEN_KEY, verifierOf } from '../../storage/bundle/bundle-fixture.ts';
import { writeToDirectory } from '../../storage/bundle/directory-sink.ts';
import { writeBundle } from '../../storage/bundle/write-bundle.ts';
import { formatTokenKeys } from '../resolve/token-key-file.ts';
import { bundleVerify } from './bundle-verify.ts';
import { resolve } from './resolve.ts';

const PERSONS = 12;
const INPUT = breachInput({ seed: 9, deeds: 40, persons: PERSONS });
const affected = INPUT.report.subjects.length;

let root: string;
let bundle: string;
let siteKey: string;
beforeAll(async () => {
  root = mkdtempSync(path.join(os.tmpdir(), 'tourniquet-resolve-'));
  [bundle, siteKey] = [path.join(root, 'bundle'), path.join(root, 'site.key')];
  await writeToDirectory(bundle, (sink) => writeBundle(INPUT, sink));
  // The bundle is sealed in epoch 2; its tokens are of that key, too.
  writeFileSync(siteKey, formatTokenKeys({ site: SITE, keys: [Buffer.alloc(32, 77), TOKEN_KEY] }));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

let stdout: string;
let stderr: string;
beforeEach(() => {
  [stdout, stderr] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk, done?: unknown) => {
    stdout += String(chunk);
    if (typeof done === 'function') done();
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    stderr += String(chunk);
    return true;
  });
  return () => vi.restoreAllMocks();
});

function exported(name: string, text: string): string {
  const file = path.join(root, name);
  writeFileSync(file, text);
  return file;
}

function customers(count: number): string {
  return exported('customers.csv', `\ufeff"ID";"E-Mail";"Name"\r\n${Array.from({ length: count }, (_, i) => `${i};${emailOf(i).toUpperCase()};"Doe; Person ${i}"\r\n`).join('')}`);
}

test('prints the rows of those affected, with what a notice says, and nobody else', async () => {
  expect(await resolve({ bundle, export: customers(500), siteKey, kind: 'email' })).toBe(0);
  const [head, ...rows] = stdout.trimEnd().split('\r\n');
  expect(head).toBe('"ID","E-Mail","Name","breach_data","breach_first","breach_last"');
  expect(rows).toHaveLength(affected);
  expect(rows[0]).toMatch(/^"\d+","PERSON\d+@EXAMPLE.ORG","Doe; Person \d+",".*pii\.email.*","2026-11-/);
  expect(stderr).toContain(`${affected} of ${affected} persons are in the export`);
  expect(stderr).not.toContain('@');
});

test('says how many tokens found nobody, and exits with 1', async () => {
  expect(await resolve({ bundle, export: customers(1), siteKey, kind: 'email', json: true })).toBe(1);
  const found = stdout === '' ? 0 : 1;
  expect(stderr).toContain(`${affected - found} tokens found nobody`);
});

test('NDJSON holds the row as pairs and the recipient', async () => {
  await resolve({ bundle, export: customers(500), siteKey, kind: 'email', json: true });
  expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({ line: expect.any(Number), row: [['ID', expect.any(String)], ['E-Mail', expect.any(String)], ['Name', expect.any(String)]], recipient: { token: expect.stringMatching(/^[a-p]{24}$/) } });
});

test('a file is written whole or not at all, for its owner alone, and never over another', async () => {
  const out = path.join(root, 'affected.csv');
  await resolve({ bundle, export: customers(500), siteKey, kind: 'email', out });
  expect(statSync(out).mode & 0o777).toBe(0o600);
  expect(readFileSync(out, 'utf8').trimEnd().split('\r\n')).toHaveLength(affected + 1);
  await expect(resolve({ bundle, export: customers(500), siteKey, kind: 'email', out })).rejects.toThrow('is there already');
  const broken = exported('broken.csv', 'id,email\n1,"x');
  await expect(resolve({ bundle, export: broken, siteKey, kind: 'email', out: path.join(root, 'other.csv') })).rejects.toThrow('line 2: the file ends inside a quoted cell');
  expect(readdirSync(root).filter((name) => name.startsWith('other'))).toEqual([]);
});

test.each([
  ['the keys of another site', () => ({ siteKey: exported('a.key', formatTokenKeys({ site: 'other', keys: [TOKEN_KEY] })) }), 'the bundle is of clinic-shop, the keys are of other'],
  ['keys from before the epoch', () => ({ siteKey: exported('b.key', formatTokenKeys({ site: SITE, keys: [TOKEN_KEY] })) }), 'key epoch 2, the file has 1'],
  ['other keys', () => ({ siteKey: exported('c.key', formatTokenKeys({ site: SITE, keys: [TOKEN_KEY, Buffer.alloc(32)] })) }), 'the keys do not open the list'],
  ['a kind that is none', () => ({ kind: 'name' }), '--kind is one of email'],
  ['a column that is not there', () => ({ column: 'login' }), 'has no such column; there are "ID", "E-Mail", "Name"'],
  ['an empty export', () => ({ export: exported('empty.csv', '') }), 'the export is empty'],
  ['no bundle', () => ({ bundle: path.join(root, 'nowhere') }), 'there is no folder'],
  ['no export', () => ({ export: path.join(root, 'nowhere.csv') }), 'there is no file'],
])('%s is wrong use', async (_what, change, message) => {
  await expect(resolve({ bundle, export: customers(20), siteKey, kind: 'email', ...change() })).rejects.toMatchObject({ name: 'UsageError', message: expect.stringContaining(message) });
});

test('a bundle that was changed resolves nobody', async () => {
  const gaps = path.join(bundle, 'gaps.json');
  const before = readFileSync(gaps);
  writeFileSync(gaps, '[]\n');
  expect(await resolve({ bundle, export: customers(500), siteKey, kind: 'email' })).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain('PROBLEM  gaps.json, line 1');
  expect(await bundleVerify(bundle, { json: true })).toBe(1);
  writeFileSync(gaps, before);
});

test('bundle verify says what holds, and by which key', async () => {
  expect(await bundleVerify(bundle, { key: [verifierOf(KEY)] })).toBe(0);
  expect(stdout).toContain('signed by the key you gave');
  await expect(bundleVerify(bundle, { key: ['nonsense'] })).rejects.toMatchObject({ name: 'UsageError' });
  await expect(bundleVerify(path.join(root, 'nowhere'), {})).rejects.toMatchObject({ name: 'UsageError' });
});
