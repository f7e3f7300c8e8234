import { spawn } from 'node:child_process';
import process from 'node:process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRuleSet } from '../../contracts/rule-set.ts';
import { createEngine } from '../../detect/engine.ts';
import { readRuleSources } from '../../detect/rule-set/read-sources.ts';
import { createStage } from '../../detect/stage.ts';
import { openStoredHistory } from '../hunt/stored-history-fixture.ts';
import type { StoredHistory } from '../hunt/stored-history-fixture.ts';
import { cacheFolder } from '../home.ts';

const NOW = Date.now();
const RULE = 'title: Settings of a user\nid: 11111111-1111-4111-8111-111111111111\nlogsource: {category: webserver}\ndetection:\n  selection:\n    url.path|startswith: /settings/\n  condition: selection\nlevel: medium\n';
const line = (path: string): string => JSON.stringify({ '@timestamp': new Date(NOW - 60_000).toISOString(), event: { category: ['web'] }, http: { request: { method: 'GET' } }, url: { path } });

let history: StoredHistory;
let rules: string;
beforeAll(async () => {
  history = await openStoredHistory();
  rules = history.file('rules.yml', RULE);
  const stage = createStage(await createEngine(createRuleSet(await readRuleSources({ sigma: [rules] })), { cacheDirectory: cacheFolder() }));
  await history.store(stage, [{ site: 'clinic', receivedAtMs: NOW, lines: [line('/'), line('/settings/7')] }]);
  history.file('tourniquet.yaml', `addresses:\n  storage: ${history.access.url}\nsecrets:\n  storage_reader: env:READER_PASSWORD\n`);
});
afterAll(() => history[Symbol.asyncDispose]());

interface Finished {
  readonly out: string;
  readonly err: string;
}

/** Runs the command in a process of its own, as the command line does. */
function run(paths: readonly string[], options: object): Promise<Finished> {
  const file = history.file('run.mjs', `
    import { huntCommand } from ${JSON.stringify(new URL('hunt.ts', import.meta.url).href)};
    await huntCommand(${JSON.stringify(paths)}, ${JSON.stringify({ to: 'now', ...options })}).catch((error) => process.stderr.write(error.name + ': ' + error.message));`);
  const child = spawn(process.execPath, [file], { env: { ...process.env, TOURNIQUET_HOME: history.directory, TOURNIQUET_CONFIG: undefined, READER_PASSWORD: history.access.password } });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  return new Promise((resolve) => child.on('close', () => resolve({ out, err })));
}

test('results go to standard output, the table of counts to standard error', async () => {
  const json = await run([rules], { from: '1h', json: true });
  expect(JSON.parse(json.out)).toEqual({
    site: 'clinic', leaf: 1, '@timestamp': new Date(NOW - 60_000).toISOString(), rule: '11111111-1111-4111-8111-111111111111', level: 'medium', class: '', field: 'url.path', view: '',
    record: 'same', rule_version: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(json.err).toContain('1 found in 2 events.');
  expect((await run([rules], { from: '1h', to: '30m' })).out).toBe('');
  expect((await run([rules], { from: '1h' })).out).toMatch(/^\S+Z {2}medium {9}clinic\/1 {2}11111111-1111-4111-8111-111111111111\n$/);
});

test.each([
  ['/nonexistent.yml', {}, 'UsageError: there is no file or folder /nonexistent.yml'],
  ['', { workers: '0' }, 'UsageError: --workers "0" must be a whole number from 1 to 64'],
  ['', { from: 'soon' }, 'UsageError: --from "soon" must be a time such as'],
])('wrong use is said: rules "%s", %j', async (file, options, message) => {
  expect(await run([file === '' ? rules : file], { from: '1h', ...options })).toEqual({ out: '', err: expect.stringContaining(message) });
});

test('a wrong rule is told with its place, before anything is read', async () => {
  const { out, err } = await run([history.file('wrong.yml', RULE.replace('|startswith', '|startwith'))], { from: '1h' });
  expect([out, err]).toEqual(['', expect.stringMatching(/wrong\.yml:6:\d+[^]*startswith/)]);
});
