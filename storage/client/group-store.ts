import { Readable } from 'node:stream';
import { ClickHouseError, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';
import type { CommitRecord } from '../../contracts/control.ts';
import type { TableRows } from '../../contracts/stage.ts';
import { StoreRefusal, StoreUnavailable } from '../../contracts/store.ts';
import type { GroupRange, GroupStore } from '../../contracts/store.ts';
import { TABLES } from '../../contracts/tables.ts';
import type { TableName } from '../../contracts/tables.ts';
import { parseFrontier } from '../../contracts/merkle.ts';

export interface StoreAddress {
  /** `http://host:port` of the storage role or a ClickHouse server. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** `tourniquet` when not named. */
  readonly database?: string;
}

/** A C2SP signed note over a site's tree, as `WorkerKeys.signCheckpoint` makes it. */
export interface SignedCheckpoint {
  readonly site: string;
  readonly size: number;
  readonly root: Buffer;
  readonly signedAtMs: number;
  readonly note: string;
}

export interface ClickHouseGroupStore extends GroupStore, AsyncDisposable {
  /** The copy of a commit record; the same record again stores nothing more. */
  recordCommit(record: CommitRecord): Promise<void>;
  /** A checkpoint; the same size and root again stores nothing more. */
  recordCheckpoint(checkpoint: SignedCheckpoint): Promise<void>;
  close(): Promise<void>;
}

/** One block, one part: thresholds no group reaches, one thread, the server's own answer awaited. */
const ONE_BLOCK: ClickHouseSettings = {
  async_insert: 0,
  insert_deduplicate: 1,
  max_insert_threads: '1',
  max_insert_block_size: '100000000',
  min_insert_block_size_rows: '100000000',
  min_insert_block_size_bytes: '4000000000',
  input_format_parallel_parsing: 0,
  input_format_skip_unknown_fields: 0,
  date_time_input_format: 'best_effort',
};

/**
 * ClickHouse codes that say these very rows can never be stored: they do not parse, do not fit a type, break a
 * constraint. Everything else is about the store's present state, so it is worth another try.
 */
const REFUSALS: ReadonlySet<number> = new Set([6, 8, 15, 16, 19, 20, 26, 27, 32, 33, 38, 41, 43, 47, 49, 53, 69, 70, 72, 117, 131, 321, 349, 407, 432, 441, 467, 469, 473, 488, 611, 636, 691]);

export function createGroupStore(address: StoreAddress): ClickHouseGroupStore {
  const client = createClient({
    url: address.url,
    username: address.user,
    password: address.password,
    database: address.database ?? 'tourniquet',
    request_timeout: 120_000,
    max_open_connections: 16,
    keep_alive: { enabled: true, idle_socket_ttl: 2_500 },
    log: { level: ClickHouseLogLevel.OFF },
  });
  const close = (): Promise<void> => client.close();
  return {
    insert: (token, rows) => insertInto(client, rows.table, rows, { ...ONE_BLOCK, insert_deduplication_token: token }),
    probe: (rows) => insertInto(client, `${rows.table}_probe`, rows, ONE_BLOCK),
    count: (table, range, fromMs, toMs) => count(client, table, range, fromMs, toMs),
    hasBlock: (site, stream, lastSeq, head) => hasBlock(client, { site, stream, lastSeq, head }),
    recordCommit: (record) => insertRow(client, 'commits', `${record.partition}/${record.first}/commits`, commitRow(record)),
    recordCheckpoint: (c) => insertRow(client, 'checkpoints', `${c.site}/${c.size}/${c.root.toString('hex')}`, checkpointRow(c)),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/**
 * Wraps what the client throws into one of the two the committer knows. A refusal keeps no cause: ClickHouse quotes
 * the offending row in its text, and a row may hold personal data.
 */
export async function asStoreError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof ClickHouseError && REFUSALS.has(Number(cause.code))) {
      throw new StoreRefusal(`the store cannot hold these rows (ClickHouse code ${cause.code}, ${cause.type ?? 'unknown'})`, Number(cause.code));
    }
    const why = cause instanceof ClickHouseError ? `ClickHouse code ${cause.code}, ${cause.type ?? 'unknown'}` : 'no answer';
    throw new StoreUnavailable(`the store did not take it (${why}): it is tried again`, { cause });
  }
}

async function insertInto(client: ClickHouseClient, target: string, rows: TableRows, settings: ClickHouseSettings): Promise<void> {
  await asStoreError(async () => {
    const { stream } = await client.exec({
      query: `INSERT INTO ${target} (${columnsOf(rows)}) FORMAT ${rows.format}`,
      values: Readable.from([rows.data], { objectMode: false, highWaterMark: 1024 * 1024 }),
      clickhouse_settings: settings,
    });
    stream.resume();
    await new Promise((resolve, reject) => stream.once('close', resolve).once('error', reject));
  });
}

function columnsOf(rows: Pick<TableRows, 'table'>): string {
  return TABLES[rows.table].map((column) => column.name).join(', ');
}

async function insertRow(client: ClickHouseClient, table: 'commits' | 'checkpoints', token: string, row: Readonly<Record<string, unknown>>): Promise<void> {
  await insertInto(client, table, { table, tier: '', rows: 1, format: 'JSONEachRow', data: Buffer.from(`${JSON.stringify(row)}\n`) }, { ...ONE_BLOCK, insert_deduplication_token: token });
}

async function count(client: ClickHouseClient, table: TableName, range: GroupRange, fromMs: number, toMs: number): Promise<number> {
  // The months of receipt prune partitions, the index on `position` prunes what is left.
  const query = `SELECT count() AS n FROM ${table} WHERE toYYYYMM(received_at) BETWEEN {from_month:UInt32} AND {to_month:UInt32}
    AND partition = {partition:UInt16} AND position BETWEEN {first:UInt64} AND {last:UInt64}`;
  const rows = await select(client, query, { from_month: monthOf(fromMs), to_month: monthOf(toMs), partition: range.partition, first: range.first, last: range.last });
  return Number(rows[0]?.['n']);
}

async function hasBlock(client: ClickHouseClient, b: { readonly site: string; readonly stream: string; readonly lastSeq: number; readonly head: string }): Promise<boolean> {
  const query = `SELECT count() AS n FROM blocks WHERE site = {site:String} AND stream = {stream:String} AND head = {head:String}
    AND first_seq + lines - 1 = {last:UInt64}`;
  const rows = await select(client, query, { site: b.site, stream: b.stream, head: b.head, last: b.lastSeq });
  return Number(rows[0]?.['n']) > 0;
}

function select(client: ClickHouseClient, query: string, parameters: Readonly<Record<string, unknown>>): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return asStoreError(async () => {
    const result = await client.query({ query, query_params: { ...parameters }, format: 'JSONEachRow' });
    return result.json<Readonly<Record<string, unknown>>>();
  });
}

/** YYYYMM in UTC, as toYYYYMM gives it. */
function monthOf(ms: number): number {
  const date = new Date(ms);
  return date.getUTCFullYear() * 100 + date.getUTCMonth() + 1;
}

function commitRow(record: CommitRecord): Readonly<Record<string, unknown>> {
  const sites = Object.entries(record.sites);
  return {
    partition: record.partition, first: record.first, last: record.last, committed_at: timeText(record.committed_at),
    events: record.rows.events ?? 0, dead_letters: record.rows.dead_letters ?? 0, duplicates: record.duplicates, alerts: record.rows.alerts ?? 0,
    derivation: record.versions.derivation, pack: record.versions.pack,
    sites: sites.map(([site]) => site), tree_sizes: sites.map(([, state]) => parseFrontier(state.tree).size), roots: sites.map(([, state]) => state.root),
  };
}

function checkpointRow(c: SignedCheckpoint): Readonly<Record<string, unknown>> {
  return { site: c.site, size: c.size, root: c.root.toString('base64'), signed_at: timeText(c.signedAtMs), note: c.note };
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
