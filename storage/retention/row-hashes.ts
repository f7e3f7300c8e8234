import type { ClickHouseClient } from '@clickhouse/client';
import type { NoteVerifier } from '../../contracts/checkpoint.ts';
import { LEAF_SQL } from '../../contracts/leaf.ts';
import type { Tier } from '../../contracts/tiers.ts';
import { rawRows } from '../client/raw-rows.ts';
import { readRedactions } from '../verify/redactions.ts';

export interface PartitionKey {
  readonly tier: Tier;
  readonly month: number;
}

/** Rows of one site with rising leaf numbers. */
export interface HashedRows {
  readonly site: string;
  readonly leaves: readonly number[];
  /** 32 bytes a leaf, as they stand in the tree. */
  readonly hashes: Buffer;
}

/** Leaf numbers that one query and one insert cover: whole tiles of 256. */
export const LEAVES_AT_ONCE = 256 * 1024;

const ROW_BYTES = 40;
const HASH_BYTES = 32;
const WHERE = 'tier = {tier:String} AND toYYYYMM(received_at) = {month:UInt32} AND site = {site:String}';

/** The leaf hashes of a partition's rows, by site and leaf, in runs that begin at multiples of `LEAVES_AT_ONCE`. */
export async function* rowHashes(client: ClickHouseClient, { tier, month }: PartitionKey, sites: readonly string[], verifiers: readonly NoteVerifier[]): AsyncGenerator<HashedRows> {
  for (const site of sites.toSorted(byBytes)) {
    const redacted = await redactedLeaves(client, site, verifiers);
    const span = await leafSpan(client, { tier, month }, site);
    for (let from = span.from - (span.from % LEAVES_AT_ONCE); from < span.to; from += LEAVES_AT_ONCE) {
      const rows = await slice(client, { tier, month, site, from, to: from + LEAVES_AT_ONCE });
      if (rows.leaves.length === 0) continue;
      for (const [i, leaf] of rows.leaves.entries()) {
        const restore = redacted.get(leaf);
        if (restore !== undefined) restore(rows.hashes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES));
      }
      yield rows;
    }
  }
}

/** Names are ASCII, so this is the order of ClickHouse, too. */
function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What puts the hash of the tree in the place of the redacted line's. */
async function redactedLeaves(client: ClickHouseClient, site: string, verifiers: readonly NoteVerifier[]): Promise<ReadonlyMap<number, (hash: Buffer) => void>> {
  const redactions = await readRedactions(client, site, verifiers);
  const answer = await client.query({ query: 'SELECT DISTINCT leaf FROM redactions WHERE site = {site:String}', query_params: { site }, format: 'JSONEachRow' });
  const rows = await answer.json<{ readonly leaf: string | number }>();
  return new Map(rows.map(({ leaf }) => [Number(leaf), (hash: Buffer) => redactions.restore(hash, Number(leaf))]));
}

/** `from` and `to` (exclusive) of the leaf numbers of a site's rows in the partition. */
export async function leafSpan(client: ClickHouseClient, { tier, month }: PartitionKey, site: string): Promise<{ readonly from: number; readonly to: number }> {
  const answer = await client.query({ query: `SELECT min(leaf) AS least, max(leaf) + 1 AS end, count() AS n FROM events WHERE ${WHERE}`, query_params: { tier, month, site }, format: 'JSONEachRow' });
  const [row] = await answer.json<{ readonly least: string | number; readonly end: string | number; readonly n: string | number }>();
  return row === undefined || Number(row.n) === 0 ? { from: 0, to: 0 } : { from: Number(row.least), to: Number(row.end) };
}

async function slice(client: ClickHouseClient, parameters: PartitionKey & { readonly site: string; readonly from: number; readonly to: number }): Promise<HashedRows> {
  const query = `SELECT leaf, ${LEAF_SQL} AS hash FROM events WHERE ${WHERE} AND leaf >= {from:UInt64} AND leaf < {to:UInt64} ORDER BY site, leaf FORMAT RowBinary`;
  const bytes = Buffer.concat(await Array.fromAsync(rawRows(client, { query, parameters: { ...parameters } })));
  const rows = Math.floor(bytes.length / ROW_BYTES);
  const hashes = Buffer.allocUnsafe(rows * HASH_BYTES);
  const leaves = Array.from({ length: rows }, (_, i) => {
    bytes.copy(hashes, i * HASH_BYTES, i * ROW_BYTES + 8, (i + 1) * ROW_BYTES);
    return Number(bytes.readBigUInt64LE(i * ROW_BYTES));
  });
  return { site: parameters.site, leaves, hashes };
}
