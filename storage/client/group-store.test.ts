import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeGroupStore } from '../../contracts/store.suite.ts';
import { StoreUnavailable } from '../../contracts/store.ts';
import type { InsertFence } from '../../contracts/store.ts';
import { defaultStorageConfig } from '../config.ts';
import { startStorage } from '../engine/storage.ts';
import type { Storage } from '../engine/storage.ts';
import { migrate } from '../migrations/migrate.ts';
import { createGroupStore } from './group-store.ts';
import { rawRows } from './raw-rows.ts';
import { storeStatus } from './store-status.ts';

const OPEN: InsertFence = { kind: 'uncommitted', range: { partition: 9, first: 1, last: 3 } };

let directory: string;
let storage: Storage;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tourniquet-store-'));
  storage = await startStorage({ directory, host: '127.0.0.1', port: 0, writerPassword: 'w', readerPassword: 'r', config: defaultStorageConfig() });
});
afterAll(async () => {
  await storage.close();
  await rm(directory, { recursive: true, force: true });
});

function connect(user: 'reader' | 'writer' = 'writer'): ReturnType<typeof createGroupStore> {
  return createGroupStore({ url: storage.url, user, password: user === 'writer' ? 'w' : 'r' });
}

describeGroupStore('the client over the embedded engine', async () => {
  const store = connect();
  return { store, close: () => store.close() };
});

const serverUrl = process.env['TOURNIQUET_TEST_CLICKHOUSE_URL'];
if (serverUrl !== undefined) describe('with a server', () => {
  const url = new URL(serverUrl);
  const database = url.pathname.slice(1) || 'tourniquet_test';
  const login = { user: decodeURIComponent(url.username) || 'default', password: decodeURIComponent(url.password) };
  beforeAll(async () => {
    const options = { url: url.origin, username: login.user, password: login.password, log: { level: ClickHouseLogLevel.OFF } };
    await using first = createClient(options);
    await first.command({ query: `CREATE DATABASE IF NOT EXISTS ${database}` });
    await using client = createClient({ ...options, database });
    await migrate({ command: async (query) => void (await client.command({ query })), rows: async (query) => (await client.query({ query, format: 'JSONEachRow' })).json() });
  });
  describeGroupStore('the client over a ClickHouse server', async () => {
    const store = createGroupStore({ url: url.origin, database, ...login });
    return { store, close: () => store.close() };
  });
});

describe('the client', () => {
  test('records a commit and a checkpoint once, however often it is told', async () => {
    await using store = connect();
    const commit = { type: 'commit', partition: 0, first: 5, last: 9, committed_at: 1_795_000_000_123, versions: { derivation: 1, rules: 'p' }, received_from: 0, received_to: 0, rows: { events: 7, alerts: 1 }, duplicates: 2, sites: { shop: { tree: '0:', streams: {}, root: 'cm9vdA==' } } } as const;
    const checkpoint = { site: 'shop', size: 7, root: Buffer.alloc(32, 1), signedAtMs: 1_795_000_000_456, note: 'text\n\n\u2014 name sig\n' };
    for (let i = 0; i < 2; i++) {
      await store.recordCommit(commit);
      await store.recordCheckpoint(checkpoint);
    }
    await using reader = createClient({ url: storage.url, username: 'reader', password: 'r' });
    const rows = async (query: string): Promise<unknown> => (await reader.query({ query, format: 'JSONEachRow' })).json();
    expect(await rows('SELECT * EXCEPT pack FROM commits WHERE partition = 0')).toEqual([{
      partition: 0, first: 5, last: 9, committed_at: '2026-11-18 11:06:40.123', events: 7, dead_letters: 0, duplicates: 2, alerts: 1, derivation: 1, rules: 'p', sites: ['shop'], tree_sizes: [0], roots: ['cm9vdA=='],
    }]);
    expect(await rows('SELECT * FROM checkpoints')).toEqual([{ site: 'shop', size: 7, root: checkpoint.root.toString('base64'), signed_at: '2026-11-18 11:06:40.456', note: checkpoint.note }]);
  });

  test('takes a store that cannot be reached, a wrong password and a lack of rights for unavailable, never for a refusal', async () => {
    const row = { table: 'gaps', tier: '', rows: 1, format: 'JSONEachRow', data: Buffer.from('{"site":"a"}\n') } as const;
    await using nowhere = createGroupStore({ url: 'http://127.0.0.1:1', user: 'writer', password: 'w' });
    await expect(nowhere.insert('t', row, OPEN)).rejects.toBeInstanceOf(StoreUnavailable);
    await using wrong = createGroupStore({ url: storage.url, user: 'writer', password: 'x' });
    await expect(wrong.insert('t', row, OPEN)).rejects.toBeInstanceOf(StoreUnavailable);
    await using reader = connect('reader');
    await expect(reader.insert('t', row, OPEN)).rejects.toBeInstanceOf(StoreUnavailable);
  });

  test('makes one part of one insert, however many rows and blocks it comes in', async () => {
    await using store = connect();
    await using reader = createClient({ url: storage.url, username: 'reader', password: 'r' });
    const rows = 150_000;
    const row = (leaf: number): string => JSON.stringify({ site: 'one-part', leaf, received_at: '2031-01-01T00:00:00Z', tier: 'lines', partition: 8, position: leaf, line: '{"a":1}'.repeat(20) });
    const lines = Buffer.from(`${Array.from({ length: rows }, (_, leaf) => row(leaf)).join('\n')}\n`);
    const insert = (tier: string, format: 'JSONEachRow' | 'Native', data: Buffer): Promise<void> => store.insert(`one-part/${tier}`, { table: 'events', tier, rows, format, data }, { kind: 'uncommitted', range: { partition: 8, first: 0, last: rows } });
    await insert('lines', 'JSONEachRow', lines);
    const blocks = await Array.fromAsync(rawRows(reader, { query: "SELECT * REPLACE (toLowCardinality('blocks') AS tier) FROM events WHERE site = 'one-part' FORMAT Native", settings: { max_block_size: '8192' } }));
    await insert('blocks', 'Native', Buffer.concat(blocks));
    const parts = await reader.query({ query: "SELECT partition, rows, level FROM system.parts WHERE active AND table = 'events' AND partition LIKE '%,203101)' ORDER BY partition", format: 'JSONEachRow' });
    expect(await parts.json()).toEqual(['blocks', 'lines'].map((tier) => ({ partition: `('${tier}',203101)`, rows, level: 0 })));
  });

  test('counts what is stored; a gap is open until a later row closes it', async () => {
    await using store = connect();
    await using reader = createClient({ url: storage.url, username: 'reader', password: 'r' });
    const gap = (position: number, state: string, from_seq: number): Promise<void> => store.insert(`status/${position}`, { table: 'gaps', tier: '', rows: 1, format: 'JSONEachRow', data: Buffer.from(JSON.stringify({ site: 'counted', epoch: 1, from_seq, to_seq: 9, state, received_at: '2026-11-20T10:00:00Z', partition: 9, position })) }, OPEN);
    const before = await storeStatus(reader);
    await gap(1, 'open', 0);
    await gap(2, 'open', 5);
    expect((await storeStatus(reader)).openGaps - before.openGaps).toBe(2);
    await gap(3, 'closed', 0);
    expect(await storeStatus(reader)).toEqual({ ...before, openGaps: before.openGaps + 1 });
  });
});
