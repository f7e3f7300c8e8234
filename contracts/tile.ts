import type { Frontier } from './merkle.ts';
import { appendLeaf, EMPTY_FRONTIER } from './merkle.ts';

/** C2SP tlog-tiles (c2sp.org/tlog-tiles): a tree's hashes in runs of 256, of which a full one becomes one hash of the level above. */
export const TILE_LEAVES = 256;

/** Levels of a binary tree that a tile spans. */
export const TILE_HEIGHT = 8;

/** Leaves of a run. A tile has as many runs as a run has leaves: half of a leaf's way to the root of its tile is within its run. */
export const RUN_LEAVES = 16;

export interface Tile {
  /** 0: leaf hashes. 1: roots of 256 leaves each; and so on. */
  readonly level: number;
  readonly index: number;
  /** Hashes, 1 to 256. */
  readonly width: number;
}

/** Root of a full tile of leaves: a row of `nodes`. */
export interface TileRoot {
  readonly tile: number;
  /** 32 bytes. */
  readonly hash: Buffer;
  /** Roots of its 16 runs, 32 bytes each; empty when they were not kept from the tile's first leaf on. */
  readonly runs: Buffer;
}

/** A tree's right edge as it grows. */
export interface GrowingTree {
  readonly frontier: Frontier;
  /** Roots of the full runs after the last full tile, 32 bytes each. Another number of them than the size wants: they are unknown up to the next full tile. */
  readonly runs: Buffer;
}

export const EMPTY_TREE: GrowingTree = { frontier: EMPTY_FRONTIER, runs: Buffer.alloc(0) };

const HASH_BYTES = 32;
/** In 63 levels a tree of any size has its root. */
const TOP_LEVEL = 63;

/**
 * The tree with further leaves, and the roots of the tiles that they complete. The right edge is kept as three trees: of
 * the roots of full tiles, of the roots of full runs after them, and of the leaves after those; the last two are empty
 * again when they are full. So roots come without hashing anything twice. `tileLeaves`, a power of four, is smaller in
 * simulations.
 */
export function growTiles({ frontier, runs }: GrowingTree, leaves: Buffer, append: (frontier: Frontier, leaves: Buffer) => Frontier, tileLeaves = TILE_LEAVES): GrowingTree & { readonly roots: readonly TileRoot[] } {
  const runLeaves = Math.sqrt(tileLeaves);
  let [tiles, ofRuns, rest] = splitFrontier(frontier, tileLeaves, runLeaves);
  let known = runs.length === ofRuns.size * HASH_BYTES ? [runs] : undefined;
  const roots: TileRoot[] = [];
  for (let at = 0; at < leaves.length;) {
    const to = Math.min(leaves.length, at + (runLeaves - rest.size) * HASH_BYTES);
    rest = append(rest, leaves.subarray(at, to));
    at = to;
    if (rest.size < runLeaves) continue;
    const run = peak(rest);
    ofRuns = appendLeaf(ofRuns, run);
    known?.push(run);
    rest = EMPTY_FRONTIER;
    if (ofRuns.size < runLeaves) continue;
    const hash = peak(ofRuns);
    roots.push({ tile: tiles.size, hash, runs: Buffer.concat(known ?? []) });
    tiles = appendLeaf(tiles, hash);
    ofRuns = EMPTY_FRONTIER;
    known = [];
  }
  const size = tiles.size * tileLeaves + ofRuns.size * runLeaves + rest.size;
  return { frontier: { size, hashes: [...tiles.hashes, ...ofRuns.hashes, ...rest.hashes] }, runs: Buffer.concat(known ?? []), roots };
}

/** Trees of full tiles, of the full runs after them, and of the leaves after those. */
function splitFrontier({ size, hashes }: Frontier, tileLeaves: number, runLeaves: number): [tiles: Frontier, runs: Frontier, rest: Frontier] {
  const [full, runs] = [Math.floor(size / tileLeaves), Math.floor((size % tileLeaves) / runLeaves)];
  const [ofTiles, ofRuns] = [peaksOf(full), peaksOf(full) + peaksOf(runs)];
  return [{ size: full, hashes: hashes.slice(0, ofTiles) }, { size: runs, hashes: hashes.slice(ofTiles, ofRuns) }, { size: size % runLeaves, hashes: hashes.slice(ofRuns) }];
}

function peaksOf(size: number): number {
  let peaks = 0;
  for (let n = size; n > 0; n = Math.floor(n / 2)) peaks += n % 2;
  return peaks;
}

function peak({ hashes: [hash] }: Frontier): Buffer {
  if (hash === undefined) throw new RangeError('a full tree has no root');
  return hash;
}

/** How many hashes there are on a level of tiles in a tree of `size` leaves. */
export function hashesOnLevel(level: number, size: number): number {
  return Math.floor(size / TILE_LEAVES ** level);
}

/** `<L>/<N>[.p/<W>]`: index 1234067 is written `x001/x234/067`. */
export function tilePath({ level, index, width }: Tile): string {
  const groups = [String(index % 1_000).padStart(3, '0')];
  for (let n = Math.floor(index / 1_000); n > 0; n = Math.floor(n / 1_000)) groups.unshift(`x${String(n % 1_000).padStart(3, '0')}`);
  return `${level}/${groups.join('/')}${width === TILE_LEAVES ? '' : `.p/${width}`}`;
}

/** Undefined when it is not exactly what `tilePath` writes. */
export function parseTilePath(path: string): Tile | undefined {
  const match = /^(\d{1,2})\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path);
  if (match === null) return undefined;
  const tile = { level: Number(match[1]), index: Number(match[2]?.replaceAll(/[x/]/g, '')), width: match[3] === undefined ? TILE_LEAVES : Number(match[3]) };
  const isOne = tile.level <= TOP_LEVEL && Number.isSafeInteger(tile.index) && tile.width >= 1 && tile.width <= TILE_LEAVES;
  // One spelling only.
  return isOne && tilePath(tile) === path ? tile : undefined;
}
