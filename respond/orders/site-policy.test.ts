import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parsePolicy, POLICY_NAMES, policyProblems, policyText } from './site-policy.ts';

const FULL = {
  region: ['DE', 'mirror.example'], outbound_purposes: { 'pay.example': 'payment' }, ai_policy: 'local-only', ai_local_endpoint: 'http://127.0.0.1:11434/v1', ai_local_model: 'llama3:8b', ai_hosts: ['ai.example'], ai_local_hosts: ['ollama'],
  ai_revert_settings: true, browser_reports: true, browser_pages: ['/booking/'], discover: false, owner_undo: false,
};

test('a policy sets the very names that the plugin lets a policy set', () => {
  const settings = readFileSync(new URL('../../ingest/wordpress/plugin/src/Settings.php', import.meta.url), 'utf8');
  const names = [...(/POLICY_NAMES = \[([^\]]*)\]/.exec(settings)?.[1] ?? '').matchAll(/'([a-z_]+)'/g)].map(([, name]) => name);
  expect(POLICY_NAMES.toSorted()).toEqual(names.toSorted());
});

test('a full policy has no problem and travels as canonical JSON', () => {
  expect(policyProblems(FULL)).toEqual([]);
  expect(parsePolicy(policyText(FULL))).toEqual(FULL);
  expect(policyText({ region: ['DE'], ai_policy: 'block' })).toBe('{"ai_policy":"block","region":["DE"]}');
});

test.each(Object.entries({
  region: ['DE', ['de de'], ['Germany!'], [7], Array.from({ length: 101 }, () => 'DE')],
  outbound_purposes: [['a'], { 'pay.example': 'gifts' }, { 'a b': 'payment' }, null],
  ai_policy: ['cloud', true, ''], ai_local_endpoint: ['', 'ftp://x', 'http://u:p@x/', 'http://x/?k=1', 'http://x/#a', 'http://x/\n', 'javascript:1', 'http://'],
  ai_local_model: ['', 'a b', 7], ai_hosts: ['x', ['http://x'], ['a b']], ai_local_hosts: [[null]], ai_revert_settings: ['true', 1], browser_reports: [null], browser_pages: [['x'], ['/a?b'], ['/a\nb']], discover: [0], owner_undo: ['no'],
  containment: ['enforce'], constructor: [1], spool_directory: ['/'],
}).flatMap(([name, values]) => values.map((value) => [name, value] as const)))('%s of %j is refused', (name, value) => {
  expect(policyProblems({ [name]: value })).toHaveLength(1);
  expect(parsePolicy(JSON.stringify({ [name]: value }))).toBeUndefined();
});

test('a text that is no object is no policy', () => {
  for (const text of ['', '[]', 'null', '7', '{', '"x"']) expect(parsePolicy(text)).toBeUndefined();
});
