import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ClickHouseSettings } from '@clickhouse/client';
import type { CommitRecord } from '../../contracts/control.ts';
import type { GroupStore } from '../../contracts/store.ts';
import { GROUP_TABLES } from '../../contracts/tables.ts';
import type { TableName } from '../../contracts/tables.ts';
import { parseFrontier } from '../../contracts/merkle.ts';
import { StorageError } from '../errors.ts';
import { fencedInsert, insertSettings, plainInsert, rowsInRange } from './insert-statement.ts';
import { DEFAULT_TIMEOUT_MS, Replicas } from './replicas.ts';
import type { ReplicaCall, StoreAddress } from './replicas.ts';

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
  /** A checkpoint that was recorded, with further signatures: a row beside it. The same note again stores nothing more. */
  recordCosigned(checkpoint: SignedCheckpoint): Promise<void>;
  /** On a cluster: the replica in use holds what any replica had acknowledged before the call. */
  level(): Promise<void>;
  close(): Promise<void>;
}

/**
 * How old the view of `commits` may be that a fence is judged by. A repeat that is younger is kept out by its token:
 * tables remember far more inserts than are made in this time and `requestTimeoutMs` together.
 */
const FENCE_AGE_MS = 5_000;

export function createGroupStore(address: StoreAddress): ClickHouseGroupStore {
  const replicas = new Replicas(address);
  const settings = (token?: string): ClickHouseSettings => insertSettings(token, address.requestTimeoutMs ?? DEFAULT_TIMEOUT_MS, address.cluster);
  const record = (table: 'commits' | 'checkpoints', token: string, row: object): Promise<void> => replicas.run((call) => {
    const data = Buffer.from(`${JSON.stringify(row)}\n`);
    return send(call, plainInsert(table, { table, format: 'JSONEachRow' }), data, settings(token));
  });
  const close = (): Promise<void> => replicas[Symbol.asyncDispose]();
  return {
    insert: async (token, rows, fence) => {
      // A fence that is none is a mistake of the caller's, not the store's: it is not tried again.
      const query = fencedInsert(rows, fence);
      await replicas.run(async (call) => {
        await (fence.kind === 'rows' ? call.level([rows.table], 0) : call.level(['commits'], FENCE_AGE_MS));
        await send(call, query, rows.data, settings(token));
      });
    },
    probe: (rows) => replicas.run((call) => send(call, plainInsert(`${rows.table}_probe`, rows), rows.data, settings())),
    count: (table, range, fromMs, toMs, tier) => counted(replicas, table, `SELECT count() AS n ${rowsInRange(table, range, fromMs, toMs)}${tier === undefined ? '' : ' AND tier = {tier:String}'}`, { tier }),
    hasBlock: async (site, stream, last, head) => (await counted(replicas, 'blocks', HAS_BLOCK, { site, stream, last, head })) > 0,
    recordCommit: (commit) => record('commits', `${commit.partition}/${commit.first}/commits`, commitRow(commit)),
    recordCheckpoint: (c) => record('checkpoints', `${c.site}/${c.size}/${c.root.toString('hex')}`, checkpointRow(c)),
    recordCosigned: (c) => record('checkpoints', `${c.site}/${c.size}/cosigned/${hash('sha256', c.note)}`, checkpointRow(c)),
    level: () => replicas.run((call) => call.level([...GROUP_TABLES, 'commits', 'checkpoints'], 0)),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function send({ client, abort_signal, sameServer }: ReplicaCall, query: string, data: Buffer, clickhouse_settings: ClickHouseSettings): Promise<void> {
  const values = Readable.from([data], { objectMode: false, highWaterMark: 1024 * 1024 });
  const { stream, response_headers } = await client.exec({ query, values, clickhouse_settings, abort_signal });
  stream.resume();
  await new Promise((resolve, reject) => stream.once('close', resolve).once('error', reject));
  sameServer(response_headers);
}

const HAS_BLOCK = `SELECT count() AS n FROM blocks WHERE site = {site:String} AND stream = {stream:String} AND head = {head:String}
  AND first_seq + lines - 1 = {last:UInt64}`;

/** The count `n` of a query on a table that decides what is stored next: on a cluster the replica is brought level first. */
function counted(replicas: Replicas, table: TableName, query: string, query_params: Record<string, unknown> = {}): Promise<number> {
  return replicas.run(async ({ client, abort_signal, level, sameServer }) => {
    await level([table], 0);
    const result = await client.query({ query, query_params, format: 'JSONEachRow', abort_signal });
    sameServer(result.response_headers);
    const [row] = await result.json<{ readonly n: unknown }>();
    const n = Number(row?.n ?? Number.NaN);
    if (!Number.isSafeInteger(n)) throw new StorageError('storeAnswer', 'a count');
    return n;
  });
}

function commitRow(record: CommitRecord): Readonly<Record<string, unknown>> {
  const sites = Object.entries(record.sites);
  return {
    partition: record.partition, first: record.first, last: record.last, committed_at: timeText(record.committed_at),
    events: record.rows.events ?? 0, dead_letters: record.rows.dead_letters ?? 0, duplicates: record.duplicates, alerts: record.rows.alerts ?? 0,
    derivation: record.versions.derivation, rules: record.versions.rules,
    sites: sites.map(([site]) => site), tree_sizes: sites.map(([, state]) => parseFrontier(state.tree).size), roots: sites.map(([, state]) => state.root),
  };
}

function checkpointRow(c: SignedCheckpoint): Readonly<Record<string, unknown>> {
  return { site: c.site, size: c.size, root: c.root.toString('base64'), signed_at: timeText(c.signedAtMs), note: c.note };
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
