import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRuleSet } from '../../contracts/rule-set.ts';
import type { RuleSet } from '../../contracts/rule-set.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { createEngine } from '../../detect/engine.ts';
import { readRuleSources } from '../../detect/rule-set/read-sources.ts';
import { createStage } from '../../detect/stage.ts';
import { hunt } from './hunt.ts';
import type { HuntOptions } from './hunt.ts';
import type { HuntResult } from './hunt-results.ts';
import { openStoredHistory } from './stored-history-fixture.ts';
import type { Arrival, StoredHistory } from './stored-history-fixture.ts';
import { cacheFolder } from '../home.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);
const BASE = Date.UTC(2026, 10, 21);
const MINUTE = 60_000;

const RULES = `
title: Settings page of another user
id: 11111111-1111-4111-8111-111111111111
logsource: {category: webserver}
detection:
  selection:
    url.path|contains: /settings/
  condition: selection
level: medium
---
title: An injection was found in a search
id: 22222222-2222-4222-8222-222222222222
logsource: {category: webserver}
detection:
  injection:
    scan.class: attack.sqli
  search:
    url.path|startswith: /search
  condition: injection and search
level: high
---
title: Somebody wrote an address
id: 33333333-3333-4333-8333-333333333333
logsource: {category: webserver}
detection:
  keywords:
    - pii.email
  condition: keywords
level: low
`;

let history: StoredHistory;
let ruleSet: RuleSet;

function lineOf(random: () => number, ms: number): string {
  const query = random() < 0.2 ? "q=1' union select user_pass from wp_users" : random() < 0.2 ? 'to=jane@clinic.example' : `q=${Math.floor(random() * 100)}`;
  const place = ['/search', '/settings/7', '/', '/shop'][Math.floor(random() * 4)] ?? '/';
  return JSON.stringify({
    '@timestamp': new Date(ms).toISOString(), event: { category: ['web'], action: 'request' }, source: { ip: `198.51.100.${Math.floor(random() * 9)}` },
    http: { request: { method: 'GET' }, response: { status_code: 200 } }, url: { path: place, query },
  });
}

function arrivals(): readonly Arrival[] {
  const random = seededRandom(SEED);
  return Array.from({ length: 12 }, (_, i) => {
    const receivedAtMs = BASE + i * 10 * MINUTE;
    return { site: `shop-${i % 3}`, receivedAtMs, lines: Array.from({ length: 80 }, () => lineOf(random, receivedAtMs - Math.floor(random() * 20 * MINUTE) + MINUTE)) };
  });
}

beforeAll(async () => {
  history = await openStoredHistory();
  const rules = history.file('rules.yml', RULES);
  ruleSet = createRuleSet(await readRuleSources({ packs: [], sigma: [rules] }));
  const stage = createStage(await createEngine(createRuleSet(await readRuleSources({ sigma: [rules] })), { cacheDirectory: cacheFolder() }));
  await history.store(stage, arrivals());
});
afterAll(() => history[Symbol.asyncDispose]());

function optionsOf(change: Partial<HuntOptions> = {}): HuntOptions {
  return {
    ruleSet, access: history.access, threads: 1, directory: '', cacheDirectory: path.join(history.directory, 'cache'), latenessMs: 0,
    asked: { from: '2026-11-20', to: '2026-11-22', site: '' }, nowMs: BASE + 86_400_000, leavesPerTask: 50,
    correlator: () => ({ observe: () => [], advance: () => [] }), onProgress: () => undefined, signal: new AbortController().signal, ...change,
  };
}

async function found(change: Partial<HuntOptions> = {}): Promise<readonly HuntResult[]> {
  return Array.fromAsync(hunt(optionsOf(change)));
}

type Match = Extract<HuntResult, { kind: 'match' }>;

async function matchesOf(change: Partial<HuntOptions> = {}): Promise<readonly Match[]> {
  return (await found(change)).filter((r) => r.kind === 'match');
}

async function rulesOf(text: string): Promise<RuleSet> {
  return createRuleSet(await readRuleSources({ packs: [], sigma: [history.file('changed.yml', text)] }));
}

test(`a hunt finds exactly what was found live, seed ${SEED}`, async () => {
  const results = await found({ threads: 3 });
  const matches = results.filter((r) => r.kind === 'match');
  expect(matches.length).toBeGreaterThan(100);
  expect(Map.groupBy(matches, (r) => r.match.rule).size).toBe(3);
  expect(matches.filter((r) => r.record !== 'same')).toEqual([]);
  expect(results.filter((r) => r.kind === 'judged').reduce((n, r) => n + r.events, 0)).toBe(12 * 80);
  const places = matches.map(({ match: { site, leaf, rule } }) => `${site} ${String(leaf).padStart(6, '0')} ${rule}`);
  expect(places).toEqual(places.toSorted());
});

test('a rule that was not there yet is missing on record; of one that finds less now the rest is extra', async () => {
  const [first = ''] = RULES.split('---');
  const matches = await matchesOf({ ruleSet: await rulesOf(`${first.replace(/id: .*/, 'id: 99999999-9999-4999-8999-999999999999')}---\n${first.replace('/settings/', '/settings/7')}`) });
  expect(new Set(matches.map((r) => `${r.match.rule.slice(0, 3)} ${r.record}`))).toEqual(new Set(['999 missing', '111 same']));
  const narrowed = await matchesOf({ ruleSet: await rulesOf(first.replace('condition: selection', 'address:\n    source.ip: 198.51.100.3\n  condition: selection and address')) });
  const counts = Map.groupBy(narrowed, (r) => r.record);
  expect([...counts.keys()].toSorted()).toEqual(['extra', 'same']);
  expect(narrowed).toHaveLength(matches.length / 2);
});

test('only events of the times and the site count, a time being what the event says but never later than its receipt', async () => {
  const all = await matchesOf();
  const [fromMs, toMs] = [BASE + 15 * MINUTE, BASE + 45 * MINUTE];
  const asked = { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString(), site: 'shop-1' };
  const within = all.filter(({ match: { site, timestampMs } }) => site === 'shop-1' && timestampMs >= fromMs && timestampMs < toMs);
  expect(within.length).toBeGreaterThan(10);
  expect(await matchesOf({ asked })).toEqual(within);
  expect(await found({ asked: { ...asked, site: 'nobody' } })).toEqual([]);
});

describe('a question that makes no sense', () => {
  test.each([
    [{ from: 'yesterday', to: 'now', site: '' }, /--from "yesterday" must be a time/],
    [{ from: '1d', to: '2026-02-30', site: '' }, /--to "2026-02-30" must be a time/],
    [{ from: '1h', to: '2h', site: '' }, /--from 1h is not before --to 2h/],
  ])('%j is refused', async (asked, message) => {
    await expect(found({ asked })).rejects.toThrow(message);
  });

  test('is one that the directory was not begun with', async () => {
    const directory = path.join(history.directory, 'begun');
    await found({ directory });
    await expect(found({ directory, asked: { from: '2026-11-19', to: '2026-11-22', site: '' } })).rejects.toThrow(/holds a hunt with other rules, times or site/);
    await expect(found({ directory, ruleSet: await rulesOf(RULES.split('---')[0] ?? '') })).rejects.toThrow(/name another directory/);
    expect(await found({ directory })).toEqual(await found());
  });
});

/** Runs a hunt in a process of its own, killed once it has done so many tasks. */
function spawned(directory: string, killAfter: number): Promise<{ readonly out: string; readonly done: number }> {
  const { correlator: _correlator, onProgress: _onProgress, signal: _signal, ...options } = optionsOf({ directory, leavesPerTask: 20, threads: 2 });
  const child = spawn(process.execPath, [fileURLToPath(new URL('hunt-process-fixture.ts', import.meta.url)), JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let done = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    done = Number(text.trim().split('\n').at(-1));
    if (done >= killAfter) child.kill('SIGKILL');
  });
  return new Promise((resolve) => child.on('close', () => resolve({ out, done })));
}

test('killed at arbitrary moments and run again, a hunt prints what an undisturbed one prints', async () => {
  const undisturbed = await spawned('', Number.POSITIVE_INFINITY);
  expect(undisturbed.out.split('\n').length).toBeGreaterThan(100);
  const directory = path.join(history.directory, 'killed');
  for (const killAfter of [1, 25]) expect((await spawned(directory, killAfter)).out).toBe('');
  expect((await spawned(directory, Number.POSITIVE_INFINITY)).out).toBe(undisturbed.out);
  rmSync(path.join(directory, 'part-000007.ndjson'));
  expect((await spawned(directory, Number.POSITIVE_INFINITY)).out).toBe(undisturbed.out);
});

test('a hunt that is stopped, or whose store goes away, says why and keeps what is done', async () => {
  const directory = path.join(history.directory, 'stopped');
  const stop = new AbortController();
  await expect(found({ directory, leavesPerTask: 20, signal: stop.signal, onProgress: (done) => done === 3 && stop.abort(new Error('the hunt was stopped')) })).rejects.toThrow('the hunt was stopped');
  await expect(found({ directory, access: { ...history.access, password: 'wrong' } })).rejects.toThrow(/password/i);
  expect(await found({ directory })).toEqual(await found({ leavesPerTask: 20 }));
});
