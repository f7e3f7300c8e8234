import type { ClickHouseClient } from '@clickhouse/client';

/** All rows of an answer. 64-bit integers come as numbers: positions, leaves and counts are far below 2^53. `Row` is what the query selects. */
export async function jsonRows<Row>(client: ClickHouseClient, query: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<readonly Row[]> {
  const answer = await client.query({ query, query_params: { ...parameters }, format: 'JSONEachRow', clickhouse_settings: { output_format_json_quote_64bit_integers: 0 } });
  return answer.json<Row>();
}

/** The same, a list a chunk, so that no more is held. */
export async function* streamedRows<Row>(client: ClickHouseClient, query: string, parameters: Readonly<Record<string, unknown>> = {}): AsyncGenerator<readonly Row[]> {
  const answer = await client.query({ query, query_params: { ...parameters }, format: 'JSONEachRow', clickhouse_settings: { output_format_json_quote_64bit_integers: 0 } });
  for await (const chunk of answer.stream<Row>()) yield chunk.map((row) => row.json<Row>());
}
