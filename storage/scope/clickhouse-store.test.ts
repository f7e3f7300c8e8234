import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@clickhouse/client';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultStorageConfig } from '../config.ts';
import { startStorage } from '../engine/storage.ts';
import type { Storage } from '../engine/storage.ts';
import { createScopeStore } from './clickhouse-store.ts';
import { scopeStoreSuite, SUITE_MEMORY, SUITE_START, SUITE_TRAIL } from './scope-store.suite.ts';
import { MINUTE } from './test-trail.ts';

const HOUR = 60 * MINUTE;
const time = (ms: number): string => new Date(ms).toISOString();
let directory: string;
let storage: Storage;
let reader: ClickHouseClient;

/** An event that is no deed: whatever account it claims, nothing but its address is believed. */
function plainLine(): readonly object[] {
  const at = time(SUITE_START + 9 * HOUR);
  return [{ site: 'shop', leaf: 8, received_at: at, timestamp: at, tier: 'standard', provenance: 'gateway', stream: 'access', line: '{}', user_name: 'anna', source_ip: '203.0.113.5', category: 'http', status: 200, response_bytes: 48_120 }];
}

/** Prompts that failed, by what their lines say of it, a leaf each. */
const FAILED_PROMPTS: readonly object[] = [
  { event: { type: 'denied' } }, { 'event.type': 'denied' }, { event: { type: ['info', 'denied'] } }, { 'event.type': ['denied'] },
  {}, { event: { type: 'error', reason: 'denied' } }, { type: 'denied' },
];

function failedPrompts(): readonly object[] {
  const at = time(SUITE_START);
  const row = { site: 'prompts', received_at: at, timestamp: at, tier: 'standard', provenance: 'plugin', stream: 'audit', category: 'ai', action: 'prompt-sent', outcome: 'failure' };
  const claimed = { ...row, leaf: FAILED_PROMPTS.length, provenance: 'gateway', line: JSON.stringify(FAILED_PROMPTS[0]) };
  return [claimed, ...FAILED_PROMPTS.map((line, leaf) => ({ ...row, leaf, line: JSON.stringify(line) }))];
}

/** Of a version that stored events alone, and of the time it took to put another one in its place. */
const OLD_MS = Date.UTC(2020, 1, 3);

function oldEvents(): readonly object[] {
  return [0, 1, 2].map((leaf) => ({ site: 'old', leaf, received_at: time(OLD_MS + leaf), timestamp: time(OLD_MS + leaf), tier: 'standard', provenance: 'plugin', stream: 'audit', line: '{}' }));
}

/** Rows of the suite's trail; `saidMs` of an event of a time to come lies after its receipt. */
function rows(): Readonly<Record<string, readonly object[]>> {
  const common = SUITE_TRAIL.acts.map(({ atMs, receivedAtMs, ...act }, leaf) => ({ ...act, site: SUITE_TRAIL.site, tier: 'standard', received_at: time(receivedAtMs), timestamp: time(leaf === 5 ? SUITE_START + 90 * HOUR : atMs) }));
  const block = { site: 'shop', stream: 'audit', stored: 4, lines: 4, provenance: 'plugin' };
  return {
    acts: [...common, ...oldEvents().slice(2)],
    accesses: common.flatMap((act) => (SUITE_TRAIL.subjects.get(act.leaf) ?? []).map(({ subject, kind, jurisdiction }) => ({ ...act, subject, subject_kind: kind, jurisdiction }))),
    events: [...plainLine(), ...failedPrompts(), ...oldEvents(), ...common.map(({ site, leaf, received_at, timestamp, tier, provenance }) => ({ site, leaf, received_at, timestamp, tier, provenance, stream: 'audit', line: '{}', user_agent: SUITE_TRAIL.agents.get(leaf) ?? '' }))],
    matches: ['rule-b', 'rule-a', 'rule-a'].map((rule, i) => ({ site: 'shop', leaf: 1, rule, engine: 'sigma', field: String(i), received_at: time(SUITE_START), timestamp: time(SUITE_START) })),
    alerts: [...SUITE_MEMORY.alerts].map(([id, [leaf = 0]]) => ({ id, site: 'shop', leaf, received_at: time(SUITE_START), timestamp: time(SUITE_START) })),
    blocks: [0, 4].map((first_leaf) => ({ ...block, first_leaf, first_seq: first_leaf * 2, epoch: 1, received_at: time(SUITE_START + HOUR * (first_leaf === 0 ? 1 : 28)) })),
    gaps: [
      { site: 'shop', stream: 'audit', epoch: 1, from_seq: 4, to_seq: 7, state: 'open', position: 1, received_at: time(SUITE_START + 5 * HOUR) },
      { site: 'shop', stream: 'audit', epoch: 1, from_seq: 90, to_seq: 91, state: 'open', position: 1, received_at: time(SUITE_START) },
      { site: 'shop', stream: 'audit', epoch: 1, from_seq: 90, to_seq: 91, state: 'closed', position: 2, received_at: time(SUITE_START + HOUR) },
    ],
    dead_letters: [{ site: 'shop', stream: 'audit', epoch: 1, seq: 3, reason: 'not_json', received_at: time(SUITE_START + HOUR) }],
    expired_leaves: [{ site: 'shop', tile: 0, offsets: [1, 2, 3], hashes: '', expiry: 'e', expired_at: time(SUITE_START) }],
    expiries: [{ id: 'e', tier: 'brief', month: 202611, rows: 77, note: '', expired_at: time(SUITE_START) }],
    commits: [{ committed_at: time(SUITE_START + HOUR), rules: 'rules-1', sites: ['shop'], tree_sizes: [9] }],
    checkpoints: [{ site: 'shop', size: 8, signed_at: time(SUITE_START) }],
  };
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tourniquet-scope-'));
  storage = await startStorage({ directory, host: '127.0.0.1', port: 0, writerPassword: 'w', readerPassword: 'r', retentionPassword: 't', config: defaultStorageConfig() });
  const connect = (username: string, password: string): ClickHouseClient => createClient({ url: storage.url, username, password, database: 'tourniquet' });
  reader = connect('reader', 'r');
  await using writer = connect('writer', 'w');
  await using retention = connect('retention', 't');
  for (const [table, values] of Object.entries(rows())) await (table.startsWith('expir') ? retention : writer).insert({ table, format: 'JSONEachRow', values: [...values], clickhouse_settings: { date_time_input_format: 'best_effort', input_format_skip_unknown_fields: 1 } });
});
afterAll(async () => {
  await reader.close();
  await storage.close();
  await rm(directory, { recursive: true, force: true });
});

describe('the stored trail', () => {
  scopeStoreSuite(() => createScopeStore(reader));

  test('of a time it says what is there, and what is missing', async () => {
    const facts = await createScopeStore(reader).facts({ site: 'shop', treeSize: 8 }, { fromMs: SUITE_START, toMs: SUITE_START + 7 * HOUR });
    expect(facts).toEqual({
      sources: [{ provenance: 'plugin', stream: 'audit', events: 8 }], received: { fromMs: SUITE_START, toMs: SUITE_START + 28 * HOUR + 1 },
      blocks: { blocks: 2, lines: 8, stored: 8, deadLetters: 0 }, eventsCounted: 8,
      chains: [{ stream: 'audit', epoch: 1, firstMs: SUITE_START + HOUR, lastMs: SUITE_START + 28 * HOUR }], silences: [],
      holes: [{ stream: 'audit', epoch: 1, fromSeq: 4, toSeq: 7, lost: false, afterMs: SUITE_START + HOUR, noticedMs: SUITE_START + 5 * HOUR }],
      deadLetters: [{ stream: 'audit', epoch: 1, count: 1, fromMs: SUITE_START + HOUR, toMs: SUITE_START + HOUR }], expired: [{ tier: 'brief', month: 202611, rows: 3 }], underived: { events: 0, fromMs: 0, toMs: 0 },
      ruleSets: [{ version: 'rules-1', fromMs: SUITE_START + HOUR, toMs: SUITE_START + HOUR }], knownSubjects: 6, classes: [], hows: facts.hows,
    });
    expect(facts.hows.toSorted()).toEqual(['', 'api', 'mail', 'view']);
  });

  test('of events that were stored before there was a read model it says how many', async () => {
    const underived = async (treeSize: number, fromMs: number) => (await createScopeStore(reader).facts({ site: 'old', treeSize }, { fromMs, toMs: OLD_MS + HOUR })).underived;
    expect(await underived(3, OLD_MS)).toEqual({ events: 2, fromMs: OLD_MS, toMs: OLD_MS + 2 });
    expect(await underived(3, OLD_MS + 2)).toEqual({ events: 0, fromMs: 0, toMs: 0 });
    expect(await underived(1, OLD_MS)).toEqual({ events: 1, fromMs: OLD_MS, toMs: OLD_MS });
  });

  test('of an event that is no deed at least the address is known', async () => {
    const found = await createScopeStore(reader).actsAt({ site: 'shop', treeSize: 9 }, [8, 1]);
    expect(found.map(({ leaf, actor, address, how }) => [leaf, actor, address, how]).toSorted()).toEqual([[1, 'anna', '192.0.2.1', 'view'], [8, '', '203.0.113.5', '']]);
  });

  test('what the plugin refused before it left is told from what failed on its way', async () => {
    const all = Array.from({ length: FAILED_PROMPTS.length + 1 }, (_, leaf) => leaf);
    expect([...(await createScopeStore(reader).refused({ site: 'prompts', treeSize: 100 }, all))].toSorted()).toEqual([0, 1, 2, 3]);
    expect([...(await createScopeStore(reader).refused({ site: 'prompts', treeSize: 2 }, [1, 3]))]).toEqual([1]);
  });

  test('requests that a server answered are told of an address, and of a whole tree only', async () => {
    const requests = (treeSize: number, addresses: readonly string[]) => createScopeStore(reader).plainRequests({ site: 'shop', treeSize }, addresses, { fromMs: SUITE_START, toMs: SUITE_START + 10 * HOUR });
    expect(await requests(9, ['203.0.113.5', '192.0.2.1'])).toEqual({ requests: 1, bytes: 48_120, firstMs: SUITE_START + 9 * HOUR, lastMs: SUITE_START + 9 * HOUR });
    expect(await requests(8, ['203.0.113.5'])).toBeUndefined();
    expect(await requests(9, ['192.0.2.1'])).toBeUndefined();
  });

  test('more values than one statement takes are asked for in pieces', async () => {
    const names = ['anna', ...Array.from({ length: 2_000 }, (_, i) => `${'\'\\\u{1f600}'.repeat(30)}${i}`), 'bert'];
    const deeds = await createScopeStore(reader).deeds({ site: 'shop', treeSize: 8 }, 'actor', names, { fromMs: 0, toMs: SUITE_START + 1_000 * HOUR }, 4);
    expect(deeds.map(({ leaf }) => leaf)).toEqual([0, 1, 2, 3]);
    const many = Array.from({ length: 110_000 }, (_, i) => i);
    expect((await createScopeStore(reader).agents({ site: 'shop', treeSize: 100_000 }, many)).size).toBe(9);
  });
});
