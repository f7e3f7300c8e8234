import type { ClickHouseClient } from '@clickhouse/client';
import { EMPTY_FRONTIER, rootOf } from '../../contracts/merkle.ts';
import type { Frontier } from '../../contracts/merkle.ts';
import { hashesOnLevel, TILE_LEAVES } from '../../contracts/tile.ts';
import { leafTile, readLeafPieces } from './leaf-tiles.ts';
import { readNodeRows } from './node-rows.ts';

/** Tiles that are remembered, of all sites and levels: 8 KiB each. */
const REMEMBERED_TILES = 2_048;

/** Nodes read by one query: those below one full tile of level 2. */
const NODES_PER_QUERY = TILE_LEAVES ** 2;

const HASH_BYTES = 32;
const ANY_SIZE = Number.MAX_SAFE_INTEGER;

export type Append = (frontier: Frontier, leaves: Buffer) => Frontier;

/** The root of a tree of these hashes. */
export function foldHashes(hashes: Buffer, append: Append): Buffer {
  return hashes.length === HASH_BYTES ? hashes : rootOf(append(EMPTY_FRONTIER, hashes));
}

/** Sites' tiles of every level, one by one: who needs many of level 0 reads them himself. */
export interface TileLevels {
  /**
   * Hashes `from` to `to` (not included) of a level; above level 0 all of them must be of full tiles below. Not checked
   * here. With `size` what else a tree of that size has in their tiles is read with them.
   */
  hashes(site: string, level: number, from: number, to: number, size?: number): Promise<Buffer>;
  /** Forgets what was read of a site. */
  forget(site: string): void;
}

/**
 * Level 0 is derived from rows. Level 1 comes out of the table `nodes`, or out of the leaves where it has none: those
 * were stored before there was one. Each level above is computed from the one below. No hash ever changes, so they are
 * remembered.
 */
export function createTileLevels(client: ClickHouseClient, append: Append): TileLevels {
  /** By site, level and tile its hashes from the first on, the tile used last at the end. */
  const remembered = new Map<string, Buffer>();

  function remember(key: string, known: Buffer): void {
    remembered.delete(key);
    remembered.set(key, known);
    for (const oldest of remembered.keys()) {
      if (remembered.size <= REMEMBERED_TILES) return;
      remembered.delete(oldest);
    }
  }

  async function readNodes(site: string, from: number, to: number): Promise<Buffer> {
    const run = await readNodeRows(client, site, from, to);
    const missing = run.holes().flatMap(([first, end]) => Array.from({ length: end - first }, (_, i) => first + i));
    if (missing.length > 0) await readLeafPieces(client, { site, width: TILE_LEAVES, pieces: missing, size: ANY_SIZE }, (tile, leaves) => void run.put(tile, foldHashes(leaves, append), 0));
    return run.bytes;
  }

  /** Hashes of full tiles folded into those of the level above. */
  function foldTiles(below: Buffer): Buffer {
    const tileBytes = TILE_LEAVES * HASH_BYTES;
    return Buffer.concat(Array.from({ length: below.length / tileBytes }, (_, i) => foldHashes(below.subarray(i * tileBytes, (i + 1) * tileBytes), append)));
  }

  /** Within one tile. */
  async function compute(site: string, level: number, from: number, to: number): Promise<Buffer> {
    if (level === 0) return (await leafTile(client, site, Math.floor(from / TILE_LEAVES), ((to - 1) % TILE_LEAVES) + 1)).subarray((from % TILE_LEAVES) * HASH_BYTES);
    const parts: Buffer[] = [];
    const step = NODES_PER_QUERY / TILE_LEAVES ** Math.min(2, level - 1);
    for (let at = from; at < to; at += step) {
      const end = Math.min(to, at + step);
      if (level === 1) parts.push(await readNodes(site, at, end));
      else parts.push(foldTiles(await (level === 2 ? readNodes(site, at * TILE_LEAVES, end * TILE_LEAVES) : hashes(site, level - 1, at * TILE_LEAVES, end * TILE_LEAVES))));
    }
    return Buffer.concat(parts);
  }

  /** Reads the neighbours of a tile of nodes with it, while none of them is remembered: who wants one of each hundred wants the others soon. */
  async function readAround(site: string, from: number, to: number, held: number): Promise<void> {
    const first = Math.floor(from / TILE_LEAVES);
    if (remembered.has(`${site} 1 ${first}`)) return;
    const tiles = Array.from({ length: NODES_PER_QUERY / TILE_LEAVES }, (_, i) => first + i).filter((tile) => tile * TILE_LEAVES < Math.max(to, held));
    const known = tiles.findIndex((tile) => remembered.has(`${site} 1 ${tile}`));
    const last = known < 0 ? tiles.length : known;
    if (last < 2) return;
    const nodes = await readNodes(site, first * TILE_LEAVES, Math.min(held, (first + last) * TILE_LEAVES));
    for (const [i, tile] of tiles.slice(0, last).entries()) remember(`${site} 1 ${tile}`, Buffer.from(nodes.subarray(i * TILE_LEAVES * HASH_BYTES, (i + 1) * TILE_LEAVES * HASH_BYTES)));
  }

  async function tileHashes(site: string, level: number, tile: number, width: number): Promise<Buffer> {
    const key = `${site} ${level} ${tile}`;
    const known = remembered.get(key) ?? Buffer.alloc(0);
    if (known.length >= width * HASH_BYTES) {
      remember(key, known);
      return known;
    }
    const first = tile * TILE_LEAVES;
    const grown = Buffer.concat([known, await compute(site, level, first + known.length / HASH_BYTES, first + width)]);
    remember(key, grown);
    return grown;
  }

  async function hashes(site: string, level: number, from: number, to: number, size = 0): Promise<Buffer> {
    const parts: Buffer[] = [];
    const held = hashesOnLevel(level, size);
    if (level === 1 && size > 0) await readAround(site, from, to, held);
    for (let at = from; at < to;) {
      const tile = Math.floor(at / TILE_LEAVES);
      const end = Math.min(to, (tile + 1) * TILE_LEAVES);
      const known = await tileHashes(site, level, tile, Math.max(end, Math.min(held, (tile + 1) * TILE_LEAVES)) - tile * TILE_LEAVES);
      parts.push(known.subarray((at % TILE_LEAVES) * HASH_BYTES, (end - tile * TILE_LEAVES) * HASH_BYTES));
      at = end;
    }
    return Buffer.concat(parts);
  }

  return {
    hashes,
    forget(site) {
      for (const key of remembered.keys()) if (key.startsWith(`${site} `)) remembered.delete(key);
    },
  };
}
