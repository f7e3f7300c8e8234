import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { placeholdersOf, readConfiguredRules } from './configured-rules.ts';

const root = mkdtempSync(path.join(tmpdir(), 'tourniquet-configured-'));
afterAll(() => rmSync(root, { recursive: true }));

test('all paths that are not there are told at once, with the setting that names them', async () => {
  const [one, two] = [path.join(root, 'one'), path.join(root, 'two')];
  const reading = readConfiguredRules({ shipped: true, paths: [root, one], mappings: [two], packs: [], placeholders: [], tiers: { sites: [], classes: [] }, reload_s: 5 });
  await expect(reading).rejects.toMatchObject({ name: 'ConfigError', problems: [
    `rules.paths: there is no file or folder ${one}: create it, or take it out of the configuration`,
    `rules.mappings: there is no file or folder ${two}: create it, or take it out of the configuration`,
  ] });
});

test('an empty folder adds nothing; without the shipped rules there are none', async () => {
  const { sigma, signatures } = await readConfiguredRules({ shipped: false, paths: [root], mappings: [], packs: [], placeholders: [], tiers: { sites: [], classes: [] }, reload_s: 5 });
  expect(sigma).toEqual([]);
  expect(signatures.length).toBeGreaterThan(10);
});

test('placeholders gather the values of a name', () => {
  expect(placeholdersOf(['dc=a', 'dc=b=c', 'user='])).toEqual({ dc: ['a', 'b=c'], user: [''] });
  expect(() => placeholdersOf(['dc'])).toThrow('rules.placeholders: "dc" must be name=value');
});
