import { TILE_LEAVES } from '../../contracts/tile.ts';
import { jsonRows } from './json-rows.ts';
import type { LeafRange } from './leaf-windows.ts';
import type { Milestone } from './milestones.ts';
import { tilesWithNode } from './node-rows.ts';
import type { VerificationOptions } from './verification.ts';

/** Which rows are read. */
export interface ReadPlan {
  /** Whole tiles, rising, but for the last end. */
  readonly ranges: readonly LeafRange[];
  /** What was asked for; undefined: all. */
  readonly window: LeafRange | undefined;
  readonly end: number;
  /** Leaves between the ranges. */
  readonly fromNodes: number;
}

/**
 * All rows; or, of a window of receipt, its tiles, those that a kept or the newest signed root cuts, the last one, and those
 * that have no stored node.
 */
export async function readPlan(site: string, options: VerificationOptions, stones: readonly Milestone[], end: number): Promise<ReadPlan> {
  if (options.window === undefined) return { ranges: end === 0 ? [] : [{ from: 0, to: end }], window: undefined, end, fromNodes: 0 };
  const asked = within(await receivedWithin(site, options, options.window), end);
  const signed = stones.filter(({ kind }) => kind === 'checkpoint').toSorted((a, b) => a.size - b.size).at(-1);
  const cuts = [...stones.filter(({ kind }) => kind === 'kept' || kind === 'published'), ...(signed === undefined ? [] : [signed])].map(({ size }) => size).filter((size) => size <= end && size % TILE_LEAVES > 0);
  const tiles = Math.ceil(end / TILE_LEAVES);
  const hasNode = await tilesWithNode(options.client, site, tiles);
  const [first, last] = [Math.floor(asked.from / TILE_LEAVES), Math.ceil(asked.to / TILE_LEAVES)];
  const cut = new Set(cuts.map((size) => Math.floor(size / TILE_LEAVES)));
  const ranges: { from: number; to: number }[] = [];
  for (let tile = 0; tile < tiles; tile++) {
    if (!((tile >= first && tile < last) || cut.has(tile) || !hasNode(tile) || tile === tiles - 1)) continue;
    const [from, to] = [tile * TILE_LEAVES, Math.min(end, (tile + 1) * TILE_LEAVES)];
    const before = ranges.at(-1);
    if (before?.to === from) before.to = to;
    else ranges.push({ from, to });
  }
  return { ranges, window: asked, end, fromNodes: end - ranges.reduce((n, { from, to }) => n + to - from, 0) };
}

/** Rows and blocks both tell: of rows that are gone their blocks do. */
async function receivedWithin(site: string, { client }: VerificationOptions, window: { readonly fromMs: number; readonly toMs: number }): Promise<LeafRange> {
  const received = 'site = {site:String} AND received_at >= fromUnixTimestamp64Milli({fromMs:Int64}) AND received_at < fromUnixTimestamp64Milli({toMs:Int64})';
  const [row] = await jsonRows<LeafRange>(client, `SELECT min(least) AS \`from\`, max(after) AS \`to\` FROM (SELECT min(leaf) AS least, max(leaf) + 1 AS after FROM events WHERE ${received} HAVING count() > 0
    UNION ALL SELECT min(first_leaf), max(first_leaf + stored) FROM blocks WHERE ${received} AND stored > 0 HAVING count() > 0) HAVING count() > 0`, { site, ...window });
  return row ?? { from: 0, to: 0 };
}

/** A row that names a leaf out of nowhere does not make the work as long as it says; its end is looked at all the same. */
function within({ from, to }: LeafRange, end: number): LeafRange {
  const last = Math.min(to, end);
  return { from: Math.min(from, Math.max(0, last - 1)), to: last };
}
