import { ClickHouseError } from '@clickhouse/client';
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';

export interface RawQuery {
  readonly query: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly settings?: ClickHouseSettings;
  readonly signal?: AbortSignal;
}

/**
 * The bytes of a result in the statement's own format. An error that comes after the first bytes is thrown where it
 * comes: ClickHouse marks it in the body, and the client's own check covers row formats only.
 */
export async function* rawRows(client: ClickHouseClient, query: RawQuery): AsyncGenerator<Buffer> {
  const { stream, response_headers } = await client.exec({
    query: query.query,
    ...(query.parameters === undefined ? {} : { query_params: { ...query.parameters } }),
    ...(query.settings === undefined ? {} : { clickhouse_settings: query.settings }),
    ...(query.signal === undefined ? {} : { abort_signal: query.signal }),
  });
  const tag = response_headers['x-clickhouse-exception-tag'];
  const mark = typeof tag === 'string' ? Buffer.from(`\r\n__exception__\r\n${tag}\r\n`) : undefined;
  let held: Buffer = Buffer.alloc(0);
  // A raw answer is a stream of buffers.
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const at = mark === undefined ? -1 : held.indexOf(mark);
    // The mark may lie across two chunks, so as much is held back as could be its beginning.
    const safe = at >= 0 ? at : held.length - (mark === undefined ? 0 : overlap(held, mark));
    if (safe > 0) yield held.subarray(0, safe);
    held = held.subarray(safe);
  }
  if (mark !== undefined && held.indexOf(mark) === 0) throw lateError(held.subarray(mark.length).toString());
  if (held.length > 0) yield held;
}

/** Bytes at the end of `bytes` that are a beginning of `mark`. */
function overlap(bytes: Buffer, mark: Buffer): number {
  for (let n = Math.min(mark.length - 1, bytes.length); n > 0; n--) {
    if (bytes.subarray(bytes.length - n).equals(mark.subarray(0, n))) return n;
  }
  return 0;
}

function lateError(text: string): ClickHouseError {
  const match = /Code: (\d+)\. DB::Exception: (.*?)\s*\(([A-Z0-9_]+)\)\s*(?:\(version[^)]*\)\s*)?\n\d+ /s.exec(text);
  return new ClickHouseError({ code: match?.[1] ?? '1002', message: match?.[2] ?? 'the store stopped in the middle of the result', type: match?.[3] ?? 'UNKNOWN_EXCEPTION' });
}
