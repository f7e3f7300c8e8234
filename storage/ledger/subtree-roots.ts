import type { ClickHouseClient } from '@clickhouse/client';
import type { LeafRange, Subtree } from '../../contracts/proof.ts';
import { perfectSubtrees, rangeRoot } from '../../contracts/proof.ts';
import { RUN_LEAVES, TILE_HEIGHT, TILE_LEAVES } from '../../contracts/tile.ts';
import { readLeafPieces } from './leaf-tiles.ts';
import type { WantedRows } from './leaf-tiles.ts';
import { readRunRoots } from './node-rows.ts';
import type { Append, TileLevels } from './tile-levels.ts';
import { foldHashes } from './tile-levels.ts';

/** So many are worth remembering: monitors fetch the same ones, and the last one is part of every proof. */
const FEW_TILES = 4;

const HASH_BYTES = 32;

/** Levels of a binary tree that a run spans. */
const RUN_HEIGHT = Math.log2(RUN_LEAVES);

/** Roots of parts of a site's tree, as what is stored gives them. */
export interface SubtreeRoots {
  /** Tiles of leaves that were read for them. */
  readonly tiles: readonly number[];
  of(subtree: Subtree): Buffer;
  /** Of a range as `proofRanges` gives it, or of [0, size). */
  ofRange(range: LeafRange): Buffer;
}

/** One number for a subtree: exact for trees of up to 2^47 leaves. */
function keyOf({ level, index }: Subtree): number {
  return index * 64 + level;
}

/** Where roots come from. */
export interface RootSources {
  readonly client: ClickHouseClient;
  readonly levels: TileLevels;
  readonly append: Append;
}

/** Whose roots are read, and how. */
export interface RootsWanted {
  readonly site: string;
  readonly ranges: readonly LeafRange[];
  /** The ranges end there at the latest. */
  readonly size: number;
  /** Whether stored roots of runs are believed so far that other leaves of their tiles are not read. */
  readonly byRuns: boolean;
  /** Rows that are wanted beside; their leaves are among the ranges. */
  readonly rows?: WantedRows | undefined;
}

/**
 * All roots that these ranges and leaves need, read together: every leaf once, whatever number of proofs pass through its
 * tile, and where the roots of runs are stored only the runs that are cut.
 */
export async function readSubtreeRoots(sources: RootSources, { site, ranges, size, byRuns, rows }: RootsWanted): Promise<SubtreeRoots> {
  const { levels, append } = sources;
  const roots = new Map<number, Buffer>();
  const byTile = new Map<number, Subtree[]>();
  const upper: Subtree[] = [];
  const asked = new Set<number>();
  for (const subtree of ranges.flatMap(perfectSubtrees)) {
    const key = keyOf(subtree);
    if (asked.has(key)) continue;
    asked.add(key);
    if (subtree.level >= TILE_HEIGHT) upper.push(subtree);
    else gather(byTile, Math.floor((subtree.index * 2 ** subtree.level) / TILE_LEAVES), subtree);
  }
  const tiles = [...byTile.keys()].toSorted((a, b) => a - b);
  const take: Take = (subtrees, first, level, hashes) => {
    for (const { level: height, index } of subtrees) {
      const [from, width] = [(index * 2 ** height - first) / 2 ** level, 2 ** (height - level)];
      // A copy: a slice would keep all of the tile alive.
      roots.set(keyOf({ level: height, index }), Buffer.from(foldHashes(hashes.subarray(from * HASH_BYTES, (from + width) * HASH_BYTES), append)));
    }
  };
  await readLow(sources, { site, size, byRuns: byRuns && (tiles.length > FEW_TILES || rows !== undefined), rows }, byTile, take);
  for (const subtree of upper) {
    const height = subtree.level % TILE_HEIGHT;
    const hashes = await levels.hashes(site, (subtree.level - height) / TILE_HEIGHT, subtree.index * 2 ** height, (subtree.index + 1) * 2 ** height, size);
    roots.set(keyOf(subtree), foldHashes(hashes, append));
  }
  const of = (subtree: Subtree): Buffer => {
    const root = roots.get(keyOf(subtree));
    if (root === undefined) throw new RangeError('the root of a subtree was not read');
    return root;
  };
  return { tiles, of, ofRange: rememberRanges((range) => rangeRoot(range, of)) };
}

/** Takes the roots of subtrees out of hashes of a level below, of which the first covers the leaves from `first` on. */
type Take = (subtrees: readonly Subtree[], first: number, level: number, hashes: Buffer) => void;

/** Of subtrees within tiles. */
async function readLow({ client, levels }: RootSources, { site, size, byRuns, rows }: Omit<RootsWanted, 'ranges'>, byTile: ReadonlyMap<number, readonly Subtree[]>, take: Take): Promise<void> {
  const tiles = [...byTile.keys()].toSorted((a, b) => a - b);
  const stored = await readRunRoots(client, site, byRuns ? tiles.filter((tile) => (tile + 1) * TILE_LEAVES <= size) : []);
  const byRun = new Map<number, Subtree[]>();
  for (const [tile, runs] of stored) {
    for (const subtree of byTile.get(tile) ?? []) {
      if (subtree.level >= RUN_HEIGHT) take([subtree], tile * TILE_LEAVES, RUN_HEIGHT, runs);
      else gather(byRun, Math.floor((subtree.index * 2 ** subtree.level) / RUN_LEAVES), subtree);
    }
  }
  const runs = [...byRun.keys()].toSorted((a, b) => a - b);
  await readLeafPieces(client, { site, width: RUN_LEAVES, pieces: runs, size }, (run, hashes) => take(byRun.get(run) ?? [], run * RUN_LEAVES, 0, hashes), rows);
  const whole = tiles.filter((tile) => !stored.has(tile));
  const ofRows = new Set(rows?.leaves.map((leaf) => Math.floor(leaf / TILE_LEAVES)));
  const remembered = whole.filter((tile) => !ofRows.has(tile));
  const isFew = remembered.length <= FEW_TILES;
  for (const tile of isFew ? remembered : []) take(byTile.get(tile) ?? [], tile * TILE_LEAVES, 0, await levels.hashes(site, 0, tile * TILE_LEAVES, Math.min(size, (tile + 1) * TILE_LEAVES)));
  await readLeafPieces(client, { site, width: TILE_LEAVES, pieces: isFew ? whole.filter((tile) => ofRows.has(tile)) : whole, size }, (tile, hashes) => take(byTile.get(tile) ?? [], tile * TILE_LEAVES, 0, hashes), rows);
}

function gather(lists: Map<number, Subtree[]>, key: number, subtree: Subtree): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [subtree]);
  else list.push(subtree);
}

/** Proofs share most of their upper half. */
function rememberRanges(rootOfRange: (range: LeafRange) => Buffer): (range: LeafRange) => Buffer {
  const known = new Map<string, Buffer>();
  return (range) => {
    if (range.to - range.from < TILE_LEAVES) return rootOfRange(range);
    const key = `${range.from} ${range.to}`;
    const root = known.get(key) ?? rootOfRange(range);
    known.set(key, root);
    return root;
  };
}
