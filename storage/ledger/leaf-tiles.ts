import type { ClickHouseClient } from '@clickhouse/client';
import { parseNote } from '../../contracts/checkpoint.ts';
import { LEAF_SQL } from '../../contracts/leaf.ts';
import { parseRedaction } from '../../contracts/redaction.ts';
import { TILE_LEAVES } from '../../contracts/tile.ts';
import { LedgerError } from './errors.ts';
import { eachHash, eachHashAndText, HashRun } from './hash-rows.ts';
import type { OnHash } from './hash-rows.ts';
import { parseStoredRow, STORED_ROW_SQL } from './stored-row.ts';
import type { StoredRow } from './stored-row.ts';

/** Leaves read by one query: 32 bytes of hash each. Pieces of 16 are so many that their numbers just fit into a statement. */
const LEAVES_PER_QUERY = 131_072;

const HASH_BYTES = 32;

/** Queries under way at one time. */
const LANES = 2;

/** Equally long stretches of a site's leaves. */
export interface LeafPieces {
  readonly site: string;
  /** Leaves of each: piece `i` begins at leaf `i * width`. */
  readonly width: number;
  /** Rising. */
  readonly pieces: readonly number[];
  /** A piece is cut off there. */
  readonly size: number;
}

/** Rows that are wanted beside the hashes. */
export interface WantedRows {
  /** Within the pieces. */
  readonly leaves: readonly number[];
  readonly onRow: (leaf: number, row: StoredRow) => void;
}

/**
 * Level 0 of a site's tiles, out of what is stored: leaf hashes of rows, of redacted rows the hash that stands in the
 * tree, of rows that expired the hash they left. Nothing of it is trusted here: who uses it compares the root.
 *
 * Gives each piece once, in any order: see `onPiece`. Of a wanted leaf that expired there is no row. Rejects with
 * TQ-LEDGER-03 where a leaf has no hash or two.
 */
export async function readLeafPieces(client: ClickHouseClient, { pieces, ...rest }: LeafPieces, onPiece: (piece: number, hashes: Buffer) => void, wanted?: WantedRows): Promise<void> {
  const perQuery = Math.ceil(LEAVES_PER_QUERY / rest.width);
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < pieces.length) {
      const batch = pieces.slice(next, next + perQuery);
      next += perQuery;
      try {
        for (const [piece, run] of await readBatch(client, { pieces: batch, ...rest }, wanted)) onPiece(piece, run.bytes);
      } catch (error) {
        // The other lane has nothing to go on for.
        next = pieces.length;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

async function readBatch(client: ClickHouseClient, { site, width, pieces, size }: LeafPieces, wanted: WantedRows | undefined): Promise<ReadonlyMap<number, HashRun>> {
  const runs = new Map(pieces.map((piece) => [piece, new HashRun(piece * width, Math.min(width, size - piece * width))]));
  let twice = -1;
  const onHash: OnHash = (leaf, bytes, at) => {
    if (runs.get(Math.floor(leaf / width))?.put(leaf, bytes, at) !== true) twice = leaf;
  };
  // Numbers of ours: as text in the statement, because a parameter of thousands would not fit into an address. The bounds spare the store to look at other granules.
  const among = `intDiv(leaf, ${width}) IN (${pieces.join(',')})`;
  const where = `FROM events WHERE site = {site:String} AND leaf >= {from:UInt64} AND leaf < {to:UInt64} AND ${among} FORMAT RowBinary`;
  const bounds = { site, from: (pieces[0] ?? 0) * width, to: Math.min(size, ((pieces.at(-1) ?? 0) + 1) * width) };
  const rows = wanted?.leaves.filter((leaf) => runs.has(Math.floor(leaf / width))) ?? [];
  if (wanted === undefined || rows.length === 0) await eachHash(client, `SELECT leaf, ${LEAF_SQL} AS hash ${where}`, bounds, onHash);
  else await eachHashAndText(client, `SELECT leaf, ${LEAF_SQL} AS hash, if(leaf IN (${rows.join(',')}), ${STORED_ROW_SQL}, '') ${where}`, bounds, onHash, (leaf, text) => wanted.onRow(leaf, parseStoredRow(text)));
  // Only now, so that the answer is read to its end and the connection stays usable.
  if (twice >= 0) throw new LedgerError('TQ-LEDGER-03', `site ${site}, leaf ${twice}`);
  await restoreRedacted(client, site, among, (leaf) => runs.get(Math.floor(leaf / width)));
  const broken = [...runs.values()].filter((run) => !run.isWhole);
  if (broken.length > 0) await fillExpired(client, site, broken);
  for (const run of broken) {
    const [hole] = run.holes();
    if (hole !== undefined) throw new LedgerError('TQ-LEDGER-03', `site ${site}, leaf ${hole[0]}`);
  }
  return runs;
}

/** Who signed a redaction matters nowhere here: a hash that does not stand in the tree does not lead to the root. */
async function restoreRedacted(client: ClickHouseClient, site: string, among: string, runOf: (leaf: number) => HashRun | undefined): Promise<void> {
  const query = `SELECT leaf, note FROM redactions WHERE site = {site:String} AND ${among} ORDER BY leaf, redacted_at`;
  const answer = await client.query({ query, query_params: { site }, format: 'JSONEachRow' });
  for (const row of await answer.json<{ readonly leaf: string | number; readonly note: string }>()) {
    const leaf = Number(row.leaf);
    const run = runOf(leaf);
    const redaction = parseRedaction(parseNote(row.note)?.text ?? '');
    if (run?.has(leaf) !== true || redaction?.leaf !== leaf) continue;
    if (redaction.redactedHash.equals(run.hashOf(leaf))) redaction.leafHash.copy(run.hashOf(leaf));
  }
}

async function fillExpired(client: ClickHouseClient, site: string, broken: readonly HashRun[]): Promise<void> {
  const byTile = Map.groupBy(broken, ({ first }) => Math.floor(first / TILE_LEAVES));
  const query = `SELECT tile, offsets, base64Encode(hashes) AS bytes FROM expired_leaves WHERE site = {site:String} AND tile IN (${[...byTile.keys()].join(',')})`;
  const answer = await client.query({ query, query_params: { site }, format: 'JSONEachRow' });
  for (const row of await answer.json<{ readonly tile: string | number; readonly offsets: readonly number[]; readonly bytes: string }>()) {
    const bytes = Buffer.from(row.bytes, 'base64');
    for (const [i, offset] of row.offsets.entries()) {
      const leaf = Number(row.tile) * TILE_LEAVES + offset;
      // A row that is there still speaks for itself.
      if (bytes.length >= (i + 1) * HASH_BYTES) for (const run of byTile.get(Number(row.tile)) ?? []) run.put(leaf, bytes, i * HASH_BYTES);
    }
  }
}

/** The first `width` hashes of one tile. */
export async function leafTile(client: ClickHouseClient, site: string, tile: number, width: number): Promise<Buffer> {
  const found: Buffer[] = [];
  await readLeafPieces(client, { site, width: TILE_LEAVES, pieces: [tile], size: tile * TILE_LEAVES + width }, (_tile, hashes) => void found.push(hashes));
  return Buffer.concat(found);
}
