import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@clickhouse/client';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultStorageConfig } from '../config.ts';
import { startStorage } from '../engine/storage.ts';
import type { Storage } from '../engine/storage.ts';
import { leafRanges, storedEvents } from './stored-events.ts';
import type { StoredEvent } from './stored-events.ts';
import { storedFindings, storedMatches } from './stored-matches.ts';

const BASE = Date.UTC(2026, 10, 21, 12);
const MINUTE = 60_000;
const time = (ms: number): string => new Date(ms).toISOString();
/** Longer than one chunk of an answer, with every width of UTF-8 and what JSON escapes. */
const LONG_LINE = JSON.stringify({ message: `\u00e9\u{1f600}"\\\n\u2028${'x'.repeat(200_000)}` });

let directory: string;
let storage: Storage;
let reader: ClickHouseClient;

interface EventRow {
  readonly site: string;
  readonly leaf: number;
  readonly received: number;
  readonly said: number;
  readonly line?: string;
  readonly provenance?: string;
}

const EVENTS: readonly EventRow[] = [
  { site: 'clinic', leaf: 0, received: BASE, said: BASE - MINUTE },
  { site: 'clinic', leaf: 1, received: BASE + MINUTE, said: BASE + MINUTE, line: LONG_LINE },
  { site: 'clinic', leaf: 2, received: BASE + 2 * MINUTE, said: BASE + 90 * MINUTE, line: '{"from":"the future"}' },
  { site: 'clinic', leaf: 3, received: BASE + 3 * MINUTE, said: Date.UTC(1969, 6, 20), line: '{"from":"long ago"}' },
  { site: 'clinic', leaf: 4, received: BASE + 4 * MINUTE, said: BASE + 4 * MINUTE, line: '{"not":"committed"}' },
  { site: 'shop', leaf: 7, received: BASE + 70 * MINUTE, said: BASE + 70 * MINUTE },
  { site: 'shop', leaf: 8, received: BASE + 71 * MINUTE, said: BASE + MINUTE, provenance: 'system', line: '{"event":{"id":"finding_a"}}' },
];
const MATCHES = [
  { site: 'clinic', leaf: 1, engine: 'pack', rule: 'b.late', class: 'pii.email', level: 'low', field: 'message', view: 'percent' },
  { site: 'clinic', leaf: 1, engine: 'pack', rule: 'a.first', class: 'attack.sqli', level: 'high', field: 'url.query', view: '' },
  { site: 'clinic', leaf: 1, engine: 'sigma', rule: 'sigma-rule', class: '', level: 'medium', field: 'message', view: '' },
  { site: 'clinic', leaf: 3, engine: 'sigma', rule: 'sigma-rule', class: '', level: 'medium', field: 'message', view: '' },
  { site: 'shop', leaf: 8, engine: 'correlation', rule: 'many-logins', class: '', level: 'high', field: '', view: '' },
];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tourniquet-stored-'));
  storage = await startStorage({ directory, host: '127.0.0.1', port: 0, writerPassword: 'w', readerPassword: 'r', config: defaultStorageConfig() });
  const connect = (username: string, password: string): ClickHouseClient => createClient({ url: storage.url, username, password, database: 'tourniquet' });
  reader = connect('reader', 'r');
  await using writer = connect('writer', 'w');
  const placeOf = (site: string, leaf: number) => {
    const of = EVENTS.find((e) => e.site === site && e.leaf === leaf);
    return { site, leaf, received_at: time(of?.received ?? 0), timestamp: time(of?.said ?? 0) };
  };
  const settings = { date_time_input_format: 'best_effort' } as const;
  await writer.insert({ table: 'events', format: 'JSONEachRow', clickhouse_settings: settings, values: EVENTS.map(({ site, leaf, line = '{}', provenance = 'plugin' }) => ({ ...placeOf(site, leaf), line, provenance, tier: 'standard' })) });
  await writer.insert({ table: 'matches', format: 'JSONEachRow', clickhouse_settings: settings, values: MATCHES.map(({ site, leaf, ...match }) => ({ ...placeOf(site, leaf), ...match, rule_version: 'v' })) });
  await writer.insert({ table: 'commits', format: 'JSONEachRow', clickhouse_settings: settings, values: [{ committed_at: time(BASE), sites: ['clinic', 'shop'], tree_sizes: [2, 8] }, { committed_at: time(BASE), sites: ['clinic', 'shop'], tree_sizes: [4, 9] }] });
});
afterAll(async () => {
  await reader.close();
  await storage.close();
  await rm(directory, { recursive: true, force: true });
});

async function read(range: Parameters<typeof storedEvents>[1], times?: Parameters<typeof storedEvents>[2]): Promise<readonly StoredEvent[]> {
  return (await Array.fromAsync(storedEvents(reader, range, times))).flat();
}

test('ranges hold what was received since, up to the last event of the time, and nothing of a group under way', async () => {
  expect(await leafRanges(reader, BASE - MINUTE, BASE + 60 * MINUTE, undefined)).toEqual([{ site: 'clinic', first: 0, last: 3 }, { site: 'shop', first: 8, last: 8 }]);
  expect(await leafRanges(reader, BASE + 1, BASE + 71 * MINUTE, undefined)).toEqual([{ site: 'clinic', first: 1, last: 3 }, { site: 'shop', first: 7, last: 8 }]);
  expect(await leafRanges(reader, BASE, BASE + 71 * MINUTE, 'shop')).toEqual([{ site: 'shop', first: 7, last: 8 }]);
  expect(await leafRanges(reader, BASE + 1e9, BASE + 2e9, undefined)).toEqual([]);
});

test('events come back in order, value for value, with what signatures found in them', async () => {
  const events = await read({ site: 'clinic', first: 0, last: 3 });
  expect(events).toEqual(EVENTS.slice(0, 4).map(({ site, leaf, received, said, line = '{}' }) => ({
    site, leaf, receivedAtMs: received, timestampMs: said, provenance: 'plugin', line,
    seen: leaf === 1 ? [{ rule: 'a.first', class: 'attack.sqli', level: 'high', field: 'url.query', view: '' }, { rule: 'b.late', class: 'pii.email', level: 'low', field: 'message', view: 'percent' }] : [],
  })));
});

test('of times only those events come whose time, at most their receipt, lies in them', async () => {
  const leaves = async (fromMs: number, toMs: number): Promise<readonly number[]> => (await read({ site: 'clinic', first: 0, last: 3 }, { fromMs, toMs })).map((e) => e.leaf);
  expect(await leaves(BASE - MINUTE, BASE + MINUTE)).toEqual([0]);
  expect(await leaves(BASE - MINUTE, BASE + MINUTE + 1)).toEqual([0, 1]);
  expect(await leaves(BASE + 2 * MINUTE, BASE + 60 * MINUTE)).toEqual([2]);
});

test('matches and findings on record are those of their engine and time', async () => {
  const times = { fromMs: BASE - MINUTE, toMs: BASE + 60 * MINUTE };
  const match = { timestampMs: BASE + MINUTE, ruleVersion: 'v' };
  expect(await storedMatches(reader, { site: 'clinic', first: 0, last: 3 }, times)).toEqual([{ ...match, site: 'clinic', leaf: 1, rule: 'sigma-rule', class: '', level: 'medium', field: 'message', view: '' }]);
  expect(await storedMatches(reader, { site: 'clinic', first: 0, last: 0 }, times)).toEqual([]);
  expect(await storedFindings(reader, times)).toEqual([{ ...match, site: 'shop', leaf: 8, rule: 'many-logins', class: '', level: 'high', field: '', view: '', id: 'finding_a' }]);
  expect(await storedFindings(reader, { fromMs: BASE + 2 * MINUTE, toMs: BASE + 99 * MINUTE })).toEqual([]);
});
