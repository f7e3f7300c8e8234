import { pipeline } from 'node:stream/promises';
import type { Writable } from 'node:stream';
import { ClickHouseError, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { rawRows } from '../client/raw-rows.ts';
import { replicaUrls } from '../client/replicas.ts';
import { StorageError } from '../errors.ts';

export const QUERY_FORMATS = ['table', 'ndjson', 'csv'] as const;
export type QueryFormat = (typeof QUERY_FORMATS)[number];

export interface QueryRequest {
  /** Of several replicas the first is asked. */
  readonly url: string;
  /** The reader's password. */
  readonly password: string;
  readonly sql: string;
  readonly format: QueryFormat;
  readonly output: Writable;
  readonly signal?: AbortSignal;
}

const CLICKHOUSE_FORMAT: Readonly<Record<QueryFormat, string>> = { table: 'PrettyCompact', ndjson: 'JSONEachRow', csv: 'CSVWithNames' };

/**
 * Runs one read-only statement and streams its result to `output`, which is left open. Rejects with a StorageError
 * whose message is the engine's own; rows written before a late error stay written.
 */
export async function queryOutput(request: QueryRequest): Promise<void> {
  const [url = ''] = replicaUrls(request.url);
  await using client = createClient({ url, username: 'reader', password: request.password, database: 'tourniquet', request_timeout: 3_600_000, log: { level: ClickHouseLogLevel.OFF } });
  // default_format belongs to the HTTP protocol, not to the settings that the client's type lists.
  const settings: Record<string, string> = { default_format: CLICKHOUSE_FORMAT[request.format], output_format_pretty_color: '0', output_format_pretty_row_numbers: '0', output_format_pretty_max_rows: '100000' };
  try {
    const rows = rawRows(client, { query: request.sql, settings, ...(request.signal === undefined ? {} : { signal: request.signal }) });
    await pipeline(rows, request.output, { end: false });
  } catch (cause) {
    const why = cause instanceof ClickHouseError ? `${cause.type ?? 'error'} ${cause.code}: ${cause.message.trim()}` : cause instanceof Error ? cause.message : 'no answer';
    throw new StorageError('queryFailed', why, { cause });
  }
}
