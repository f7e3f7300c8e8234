import type { ClickHouseClient } from '@clickhouse/client';
import type { Provenance } from '../../contracts/provenance.ts';
import type { LeafEnvelope } from '../../contracts/leaf.ts';

/** A stored line with the envelope its leaf commits to. */
export interface StoredLine {
  readonly envelope: LeafEnvelope;
  readonly leaf: number;
  readonly line: string;
}

/** Undefined when there is no such row. */
export async function storedLine(client: ClickHouseClient, site: string, leaf: number): Promise<StoredLine | undefined> {
  const query = `SELECT stream, epoch, seq, toUnixTimestamp64Milli(received_at) AS received, provenance, derivation, line
    FROM events WHERE site = {site:String} AND leaf = {leaf:UInt64} LIMIT 1`;
  const answer = await client.query({ query, query_params: { site, leaf }, format: 'JSONEachRow', clickhouse_settings: { output_format_json_quote_64bit_integers: 0 } });
  const [row] = await answer.json<{ readonly stream: string; readonly epoch: number; readonly seq: number; readonly received: number; readonly provenance: Provenance; readonly derivation: number; readonly line: string }>();
  if (row === undefined) return undefined;
  const { stream, epoch, seq, received, provenance, derivation, line } = row;
  return { leaf, line, envelope: { site, stream, epoch, seq, receivedAtMs: received, provenance, derivation } };
}
