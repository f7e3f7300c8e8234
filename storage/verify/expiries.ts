import type { ClickHouseClient } from '@clickhouse/client';
import { openNote } from '../../contracts/checkpoint.ts';
import type { NoteVerifier } from '../../contracts/checkpoint.ts';
import { openExpiry } from '../../contracts/expiry.ts';
import type { Expiry } from '../../contracts/expiry.ts';
import { TILE_LEAVES } from '../../contracts/tile.ts';
import { ExpiryDigest } from '../retention/expiry-digest.ts';
import { jsonRows, streamedRows } from './json-rows.ts';
import type { LeafWindow } from './leaf-windows.ts';
import { problem } from './problem.ts';
import type { Problem } from './problem.ts';

const HASH_BYTES = 32;

interface ExpiryRow {
  readonly id: string;
  readonly tier: string;
  readonly month: number;
  readonly rows: number;
  readonly note: string;
}

interface ExpiredRow {
  readonly site: string;
  readonly tile: number;
  readonly offsets: readonly number[];
  /** Base64. */
  readonly hashes: string;
  readonly expiry: string;
}

/** A word that holds, with the name of its key. */
export type SignedExpiry = Expiry & { readonly signedBy: string };

/** The words that rows were dropped by policy, by id: those that hold. */
export interface Expiries {
  readonly good: ReadonlyMap<string, SignedExpiry>;
  readonly problems: readonly Problem[];
}

/** Opens each word and holds it against the leaf hashes that are left of its rows, in one pass over them. */
export async function readExpiries(client: ClickHouseClient, verifiers: readonly NoteVerifier[]): Promise<Expiries> {
  const rows = await jsonRows<ExpiryRow>(client, 'SELECT DISTINCT id, tier, month, rows, note FROM expiries ORDER BY id');
  if (rows.length === 0) return { good: new Map(), problems: [] };
  const left = await digests(client);
  const good = new Map<string, SignedExpiry>();
  const problems: Problem[] = [];
  for (const row of rows) {
    const expiry = openExpiry(row.note, verifiers);
    const said = expiry !== undefined && expiry.id === row.id && expiry.tier === row.tier && expiry.month === row.month && expiry.rows === row.rows;
    const found = left.get(row.id);
    if (said && found?.rows === expiry.rows && found.digest.equals(expiry.digest)) good.set(row.id, { ...expiry, signedBy: openNote(row.note, verifiers)?.verifiedBy.join(', ') ?? '' });
    else problems.push(problem('forged-expiry', '', said ? `the leaf hashes left of expiry ${row.id} (${row.tier}, ${row.month}) are not those that were signed` : `the word of expiry ${row.id} is not what the retention key signed`, { table: said ? 'expired_leaves' : 'expiries' }));
  }
  return { good, problems };
}

async function digests(client: ClickHouseClient): Promise<ReadonlyMap<string, { readonly rows: number; readonly digest: Buffer }>> {
  const sums = new Map<string, ExpiryDigest>();
  const query = 'SELECT site, tile, offsets, base64Encode(hashes) AS hashes, expiry FROM expired_leaves ORDER BY toString(site), tile, offsets';
  for await (const rows of streamedRows<ExpiredRow>(client, query)) {
    for (const { site, tile, offsets, hashes, expiry } of rows) {
      const sum = sums.get(expiry) ?? new ExpiryDigest();
      sums.set(expiry, sum);
      const bytes = Buffer.from(hashes, 'base64');
      for (const [i, offset] of offsets.entries()) sum.add(site, tile * TILE_LEAVES + offset, bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES));
    }
  }
  return new Map([...sums].map(([id, sum]) => [id, { rows: sum.rows, digest: sum.value() }]));
}

/** What is left of a site's rows that expired. */
export interface ExpiredLeaves {
  /** The end of the last tile that has any, 0 when none has. */
  readonly end: number;
  readonly leaves: number;
  /** Puts hashes where rows are gone; returns what is wrong with them. `used` counts the leaves by expiry. */
  fill(window: LeafWindow, used: Map<string, number>): Promise<readonly Problem[]>;
}

export async function readExpired(client: ClickHouseClient, site: string, good: ReadonlyMap<string, SignedExpiry>): Promise<ExpiredLeaves> {
  const [sum] = await jsonRows<{ readonly tiles: number; readonly leaves: number }>(client, 'SELECT max(tile) + 1 AS tiles, sum(length(offsets)) AS leaves FROM expired_leaves WHERE site = {site:String} HAVING count() > 0', { site });
  if (sum === undefined) return { end: 0, leaves: 0, fill: async () => [] };
  return {
    end: sum.tiles * TILE_LEAVES, leaves: sum.leaves,
    async fill(window, used) {
      const query = `SELECT site, tile, offsets, base64Encode(hashes) AS hashes, expiry FROM expired_leaves
        WHERE site = {site:String} AND tile >= {from:UInt64} AND tile < {to:UInt64} ORDER BY tile`;
      const rows = await jsonRows<ExpiredRow>(client, query, { site, from: Math.floor(window.from / TILE_LEAVES), to: Math.ceil(window.to / TILE_LEAVES) });
      const problems: Problem[] = [];
      for (const row of rows) problems.push(...fillTile(window, row, good, used));
      return problems;
    },
  };
}

/** A word that does not hold stands in for nothing: its rows are missing. */
function fillTile(window: LeafWindow, { site, tile, offsets, hashes, expiry }: ExpiredRow, good: ReadonlyMap<string, SignedExpiry>, used: Map<string, number>): readonly Problem[] {
  const bytes = Buffer.from(hashes, 'base64');
  for (const [i, offset] of offsets.entries()) {
    const leaf = tile * TILE_LEAVES + offset;
    const slot = leaf - window.from;
    // Where the row still stands, the expiry is under way, and the row counts.
    if (leaf >= window.to || slot < 0 || window.present[slot] === 1) continue;
    if (!good.has(expiry)) return [problem('forged-expiry', site, `the row of leaf ${leaf} is gone, and nobody signed the word for its hash`, { table: 'expired_leaves', from: leaf })];
    bytes.copy(window.hashes, slot * HASH_BYTES, i * HASH_BYTES, (i + 1) * HASH_BYTES);
    window.present[slot] = 2;
    used.set(expiry, (used.get(expiry) ?? 0) + 1);
  }
  return [];
}
