import type { ClickHouseClient } from '@clickhouse/client';

/** Rows of one read-only statement, as it names their columns. Values come in as `query_params`, never as text of the statement. */
export type AskRows = <Row>(query: string, parameters: object) => Promise<readonly Row[]>;

/** Long lists of values travel in the request's body. */
export function scopeRows(client: ClickHouseClient): AskRows {
  return async <Row>(query: string, parameters: object) => {
    const answer = await client.query({
      query, query_params: { ...parameters }, format: 'JSONEachRow', use_multipart_params_auto: true,
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
    });
    return await answer.json<Row>();
  };
}

/** ClickHouse reads a parameter's text like a statement's: no more than 256 KiB (`max_query_size`), quotes and escapes included. */
const MOST_BYTES = 240_000;

/** Asks for a long list of values in several statements. */
export async function inPieces<Value extends string | number, Row>(values: readonly Value[], ask: (piece: readonly Value[]) => Promise<readonly Row[]>): Promise<readonly Row[]> {
  const found: (readonly Row[])[] = [];
  let piece: Value[] = [];
  let bytes = 0;
  for (const value of values) {
    const own = typeof value === 'number' ? String(value).length + 1 : 2 * Buffer.byteLength(value) + 3;
    if (bytes + own > MOST_BYTES && piece.length > 0) {
      found.push(await ask(piece));
      [piece, bytes] = [[], 0];
    }
    piece.push(value);
    bytes += own;
  }
  if (piece.length > 0) found.push(await ask(piece));
  return found.flat();
}
