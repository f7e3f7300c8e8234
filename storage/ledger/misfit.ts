import type { ClickHouseClient } from '@clickhouse/client';
import type { LeafRange } from '../../contracts/proof.ts';
import { TILE_LEAVES } from '../../contracts/tile.ts';
import { LedgerError } from './errors.ts';
import { leafTile } from './leaf-tiles.ts';
import { readNodeRows } from './node-rows.ts';
import type { SiteCheckpoint } from './signed-checkpoints.ts';
import type { SubtreeRoots } from './subtree-roots.ts';
import { foldHashes } from './tile-levels.ts';
import type { Append } from './tile-levels.ts';

/** Tiles that are derived from their rows again to name the one that does not fit. */
const MOST_TILES = 64;

export interface MisfitDeps {
  readonly client: ClickHouseClient;
  readonly append: Append;
  readonly read: (site: string, ranges: readonly LeafRange[], size: number) => Promise<SubtreeRoots>;
  readonly checkpoint: (site: string, atLeast?: number) => Promise<SiteCheckpoint | undefined>;
}

/** A tree whose root is signed. */
export interface SignedTree {
  readonly site: string;
  readonly size: number;
  readonly root: Buffer;
}

/**
 * Where what is stored does not lead to the signed root: a tile of which rows and stored root differ, among the suspects
 * first. When those agree, stored roots and signed ones do not: then between the last checkpoint that still fits and the
 * first that does not.
 */
export async function misfit(deps: MisfitDeps, tree: SignedTree, suspects: readonly number[]): Promise<LedgerError> {
  const { site, size } = tree;
  const suspect = await brokenTile(deps, site, suspects.slice(0, MOST_TILES));
  if (suspect !== undefined) return tileError(site, suspect);
  if (await fits(deps, tree)) return new LedgerError('TQ-LEDGER-04', `site ${site}, size ${size}`);
  const { good, bad } = await edge(deps, site, size);
  const [first, last] = [Math.floor(good / TILE_LEAVES), Math.floor((bad - 1) / TILE_LEAVES)];
  const tiles = Array.from({ length: Math.min(MOST_TILES, last - first + 1) }, (_, i) => first + i);
  const broken = await brokenTile(deps, site, tiles);
  return broken === undefined ? new LedgerError('TQ-LEDGER-04', `site ${site}, leaves ${good} to ${bad - 1}, tiles ${first} to ${last}`) : tileError(site, broken);
}

function tileError(site: string, tile: number): LedgerError {
  return new LedgerError('TQ-LEDGER-04', `site ${site}, tile ${tile}, leaves ${tile * TILE_LEAVES} to ${(tile + 1) * TILE_LEAVES - 1}`);
}

/** The largest checkpoint below `size` that still fits, or 0, and the smallest that does not, or `size`. */
async function edge(deps: MisfitDeps, site: string, size: number): Promise<{ readonly good: number; readonly bad: number }> {
  let [good, bad] = [0, size];
  for (let [low, high] = [1, size - 1]; low <= high;) {
    const middle = Math.floor((low + high) / 2);
    const stone = await deps.checkpoint(site, middle);
    if (stone === undefined || stone.size >= bad) high = middle - 1;
    else if (await fits(deps, stone)) {
      good = stone.size;
      low = good + 1;
    } else {
      bad = stone.size;
      high = middle - 1;
    }
  }
  return { good, bad };
}

async function fits({ read }: MisfitDeps, { site, size, root }: SignedTree): Promise<boolean> {
  const whole = { from: 0, to: size };
  return (await read(site, [whole], size)).ofRange(whole).equals(root);
}

/** The first full tile whose rows and stored root differ. */
async function brokenTile({ client, append }: MisfitDeps, site: string, tiles: readonly number[]): Promise<number | undefined> {
  for (const tile of new Set(tiles)) {
    const node = await readNodeRows(client, site, tile, tile + 1);
    if (node.isWhole && !foldHashes(await leafTile(client, site, tile, TILE_LEAVES), append).equals(node.bytes)) return tile;
  }
  return undefined;
}
