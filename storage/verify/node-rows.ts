import type { ClickHouseClient } from '@clickhouse/client';
import { EMPTY_FRONTIER } from '../../contracts/merkle.ts';
import { RUN_LEAVES, TILE_LEAVES } from '../../contracts/tile.ts';
import { jsonRows } from './json-rows.ts';
import type { LeafRange } from './leaf-windows.ts';
import type { Append } from './tree-walk.ts';

const RUNS_BYTES = RUN_LEAVES * 32;

interface NodeRow {
  readonly tile: number;
  readonly hash: string;
  /** Of its runs, base64; empty in rows that were stored without. */
  readonly roots: string;
}

/** Stored roots of the tiles of a range of leaves. Of several on record for a tile none counts, nor does one that the roots stored of its runs do not give: it is empty. */
export async function nodeRows(client: ClickHouseClient, site: string, { from, to }: LeafRange, append: Append): Promise<ReadonlyMap<number, Buffer>> {
  const query = `SELECT tile, if(uniqExact(n.hash, n.roots) = 1, any(n.hash), '') AS hash, any(n.roots) AS roots FROM nodes AS n WHERE site = {site:String} AND tile >= {from:UInt64} AND tile < {to:UInt64} GROUP BY tile`;
  const rows = await jsonRows<NodeRow>(client, query, { site, from: Math.floor(from / TILE_LEAVES), to: Math.ceil(to / TILE_LEAVES) });
  return new Map(rows.map((row) => [row.tile, nodeOf(row, append)]));
}

function nodeOf({ hash, roots }: NodeRow, append: Append): Buffer {
  const node = Buffer.from(hash, 'base64');
  if (roots === '') return node;
  const runs = Buffer.from(roots, 'base64');
  return runs.length === RUNS_BYTES && append(EMPTY_FRONTIER, runs).hashes[0]?.equals(node) === true ? node : Buffer.alloc(0);
}

/** The first tile of a site that has a stored root: those before are of a version that stored none. Undefined: none has. */
export async function firstNode(client: ClickHouseClient, site: string): Promise<number | undefined> {
  const [row] = await jsonRows<{ readonly tile: number }>(client, 'SELECT min(tile) AS tile FROM nodes WHERE site = {site:String} HAVING count() > 0', { site });
  return row?.tile;
}

/** Which of a site's first `tiles` tiles have a stored root. */
export async function tilesWithNode(client: ClickHouseClient, site: string, tiles: number): Promise<(tile: number) => boolean> {
  const [row] = await jsonRows<{ readonly n: number }>(client, 'SELECT uniqExact(tile) AS n FROM nodes WHERE site = {site:String} AND tile < {tiles:UInt64}', { site, tiles });
  if (row?.n === tiles) return () => true;
  const stored = await jsonRows<{ readonly tile: number }>(client, 'SELECT DISTINCT tile FROM nodes WHERE site = {site:String} AND tile < {tiles:UInt64}', { site, tiles });
  const known = new Set(stored.map(({ tile }) => tile));
  return (tile) => known.has(tile);
}
