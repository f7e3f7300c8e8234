import type { ClickHouseSettings } from '@clickhouse/client';
import type { TableRows } from '../../contracts/stage.ts';
import type { GroupRange, InsertFence } from '../../contracts/store.ts';
import { TABLES } from '../../contracts/tables.ts';
import type { TableName } from '../../contracts/tables.ts';
import type { ClusterWrites } from '../config.ts';
import { quote } from '../sql-text.ts';

/** One block, one part: thresholds no group reaches, one thread, the server's own answer awaited. */
const ONE_BLOCK: ClickHouseSettings = {
  async_insert: 0,
  insert_deduplicate: 1,
  // An INSERT … SELECT counts as repeatable only when its rows are sorted, and forgets its token otherwise.
  deduplicate_insert_select: 'enable_even_for_bad_queries',
  max_insert_threads: '1',
  max_threads: 1,
  max_insert_block_size: '100000000',
  min_insert_block_size_rows: '100000000',
  min_insert_block_size_bytes: '4000000000',
  input_format_parallel_parsing: 0,
  input_format_skip_unknown_fields: 0,
  date_time_input_format: 'best_effort',
};

/** Settings of every insert; `token` keeps a repeat out, also when it comes to another replica. */
export function insertSettings(token: string | undefined, timeoutMs: number, cluster: ClusterWrites | undefined): ClickHouseSettings {
  return {
    ...ONE_BLOCK,
    ...(token === undefined ? {} : { insert_deduplication_token: token }),
    // What nobody waits for any more must not be stored much later either.
    max_execution_time: Math.ceil(timeoutMs / 1000),
    timeout_before_checking_execution_speed: 0,
    ...(cluster === undefined ? {} : { insert_quorum: cluster.quorum, insert_quorum_timeout: cluster.quorumTimeoutMs, insert_quorum_parallel: 1 }),
  };
}

export function plainInsert(target: string, rows: Pick<TableRows, 'table' | 'format'>): string {
  return `INSERT INTO ${target} (${columnNames(rows.table)}) FORMAT ${rows.format}`;
}

/**
 * An insert that stores all of its rows or, when the fence does not hold, none. The fence is one scalar: the server
 * computes it before it reads the first row. `materialize` keeps the optimizer from dropping the body unread, which
 * would make the server close the connection, perhaps before its answer arrives.
 */
export function fencedInsert(rows: Pick<TableRows, 'table' | 'format'>, fence: InsertFence): string {
  const columns = columnNames(rows.table);
  const structure = TABLES[rows.table].map(({ name, type }) => `${name} ${type}`).join(', ');
  return `INSERT INTO ${rows.table} (${columns}) SELECT ${columns} FROM input(${quote(structure)}) WHERE materialize((${fenceQuery(rows.table, fence)})) FORMAT ${rows.format}`;
}

function fenceQuery(table: TableName, fence: InsertFence): string {
  switch (fence.kind) {
    case 'uncommitted':
      return `SELECT count() = 0 FROM commits WHERE partition = ${whole(fence.range.partition)} AND last >= ${whole(fence.range.first)}`;
    case 'rows':
      return `SELECT count() = ${whole(fence.found)} ${rowsInRange(table, fence.range, fence.receivedFromMs, fence.receivedToMs)}`;
    default:
      return fence satisfies never;
  }
}

/** The months of receipt prune partitions, the index on `position` prunes what is left. */
export function rowsInRange(table: TableName, range: GroupRange, fromMs: number, toMs: number): string {
  return `FROM ${table} WHERE toYYYYMM(received_at) BETWEEN ${monthOf(fromMs)} AND ${monthOf(toMs)}`
    + ` AND partition = ${whole(range.partition)} AND position BETWEEN ${whole(range.first)} AND ${whole(range.last)}`;
}

function columnNames(table: TableName): string {
  return TABLES[table].map(({ name }) => name).join(', ');
}

/** YYYYMM in UTC, as toYYYYMM gives it. */
function monthOf(ms: number): number {
  const date = new Date(ms);
  return whole(date.getUTCFullYear() * 100 + date.getUTCMonth() + 1);
}

/** ClickHouse takes `NaN` for a number that nothing is greater than: such a fence would always hold. */
function whole(n: number): number {
  if (!Number.isSafeInteger(n) || n < 0) throw new RangeError(`${n} is no position, partition or count`);
  return n;
}
