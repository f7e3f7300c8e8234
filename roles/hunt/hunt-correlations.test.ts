import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRuleSet } from '../../contracts/rule-set.ts';
import type { RuleSet } from '../../contracts/rule-set.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import type { Observation } from '../../contracts/observation.ts';
import { limitsOf } from '../../detect/correlation/config.ts';
import { createCorrelations } from '../../detect/correlation/correlations.ts';
import { findingLine } from '../../detect/correlation/finding.ts';
import { createEngine } from '../../detect/engine.ts';
import type { Engine } from '../../detect/engine.ts';
import { readRuleSources } from '../../detect/rule-set/read-sources.ts';
import { createStage } from '../../detect/stage.ts';
import { createHuntCorrelator } from './correlator.ts';
import { hunt } from './hunt.ts';
import type { HuntResult } from './hunt-results.ts';
import { openStoredHistory } from './stored-history-fixture.ts';
import type { Arrival, StoredHistory } from './stored-history-fixture.ts';
import { cacheFolder } from '../home.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);
const BASE = Date.UTC(2026, 10, 21);
const MINUTE = 60_000;
const LATENESS_MS = 5 * MINUTE;
const END = BASE + 24 * 60 * MINUTE;

const correlation = (name: string, type: string, rules: string, by: string, condition: string, more = ''): string =>
  `title: ${name}\nname: ${name}\ncorrelation:\n  type: ${type}\n  rules: [${rules}]\n  group-by: [${by}]\n  timespan: 20m\n${condition === '' ? '' : `  condition: ${condition}\n`}level: high\n${more}`;
const base = (name: string, url: string): string => `title: ${name}\nname: ${name}\nlogsource: {category: webserver}\ndetection:\n  selection:\n    url.path: ${url}\n  condition: selection\nlevel: low\n`;
const RULES = [
  base('login', '/login'), base('export', '/export'),
  correlation('many-logins', 'event_count', 'login', 'source.ip', '{gte: 6}'),
  correlation('few-exports', 'event_count', 'export', 'user.name', '{lt: 2}'),
  correlation('many-users', 'value_count', 'login', 'source.ip', '{gt: 3, field: user.name}'),
  correlation('login-and-export', 'temporal_ordered', 'login, export', 'user.name', ''),
  correlation('everywhere', 'event_count', 'login', 'source.ip', '{gte: 12}', 'tourniquet: {scope: deployment}\n'),
].join('---\n');

let history: StoredHistory;
let ruleSet: RuleSet;

/** Three shops over four hours; a group every five minutes, events up to lateness behind the group. */
function arrivals(): readonly Arrival[] {
  const random = seededRandom(SEED);
  const line = (receivedAtMs: number): string => JSON.stringify({
    '@timestamp': new Date(receivedAtMs - Math.floor(random() * LATENESS_MS)).toISOString(), event: { category: ['web'] },
    source: { ip: `198.51.100.${Math.floor(random() * 4)}` }, user: { name: `user-${Math.floor(random() * 6)}` },
    http: { request: { method: 'POST' } }, url: { path: random() < 0.5 ? '/login' : random() < 0.3 ? '/export' : '/' },
  });
  return Array.from({ length: 48 * 3 }, (_, i) => {
    const receivedAtMs = BASE + Math.floor(i / 3) * 5 * MINUTE + (i % 3);
    return { site: `shop-${i % 3}`, receivedAtMs, lines: Array.from({ length: 1 + Math.floor(random() * 8) }, () => line(receivedAtMs)) };
  });
}

beforeAll(async () => {
  history = await openStoredHistory();
  const file = history.file('rules.yml', RULES);
  ruleSet = createRuleSet(await readRuleSources({ packs: [], sigma: [file] }));
  const live = await createEngine(createRuleSet(await readRuleSources({ sigma: [file] })), { cacheDirectory: cacheFolder() });
  const stage = createStage(live);
  const observations = await history.store(stage, arrivals());
  await history.store(stage, findingsOf(live, observations));
});
afterAll(() => history[Symbol.asyncDispose]());

const CONFIG = { lateness_s: LATENESS_MS / 1_000, idle_s: 60, groups: 50_000, bytes: 3_500_000 } as const;

/** What the second stage finds live, as it comes back: all sites in one run, in the order of receipt. */
function findingsOf({ correlations, ruleSet: { version } }: Engine, observations: readonly Observation[]): readonly Arrival[] {
  const run = createCorrelations(correlations, limitsOf(CONFIG));
  const found = observations.flatMap((observation) => [...run.advance(observation.received_at), ...run.observe(observation)]);
  found.push(...run.advance(END));
  return found.map((finding) => ({ site: finding.site, receivedAtMs: END, lines: [findingLine(finding, version)], provenance: 'system' }));
}

type Finding = Extract<HuntResult, { kind: 'finding' }>;

async function findings(from: number, to: number, site = ''): Promise<readonly Finding[]> {
  const results = await Array.fromAsync(hunt({
    ruleSet, access: history.access, threads: 1, directory: '', cacheDirectory: path.join(history.directory, 'cache'), latenessMs: LATENESS_MS,
    asked: { from: new Date(from).toISOString(), to: new Date(to).toISOString(), site }, nowMs: END, leavesPerTask: 150,
    correlator: (correlations) => createHuntCorrelator(correlations, CONFIG), onProgress: () => undefined, signal: new AbortController().signal,
  }));
  return results.filter((r) => r.kind === 'finding');
}

const short = ({ finding: { rule, site, id, timestampMs } }: Finding): string => `${rule} ${site} ${id} ${timestampMs}`;

test(`correlations find exactly what they found live, of each kind, in each site and across, seed ${SEED}`, async () => {
  const all = await findings(BASE - MINUTE, END);
  expect(new Set(all.map((r) => r.finding.rule))).toEqual(new Set(['many-logins', 'few-exports', 'many-users', 'login-and-export', 'everywhere']));
  expect(new Set(all.map((r) => r.finding.site))).toEqual(new Set(['shop-0', 'shop-1', 'shop-2', '_system']));
  expect(all.length).toBeGreaterThan(100);
  expect(all.filter((r) => r.record !== 'same').map(short)).toEqual([]);
});

test('a part of the time gives that part of the findings, whatever windows lie across its ends', async () => {
  const all = await findings(BASE - MINUTE, END);
  const [from, to] = [BASE + 95 * MINUTE + 7, BASE + 171 * MINUTE + 11];
  const part = await findings(from, to);
  const expected = all.filter((r) => r.finding.timestampMs >= from && r.finding.timestampMs < to);
  expect(expected.length).toBeGreaterThan(20);
  expect(part.map(short)).toEqual(expected.map(short));
  expect(part.filter((r) => r.record !== 'same')).toEqual([]);
  const alone = await findings(from, to, 'shop-1');
  expect(alone.map(short)).toEqual(expected.filter((r) => r.finding.site === 'shop-1').map(short));
});
