import type { ClickHouseClient } from '@clickhouse/client';
import { eventRows, strayColumn } from './derived-rows.ts';
import type { Derivations } from './derived-rows.ts';
import { jsonRows } from './json-rows.ts';
import type { Problem } from './problem.ts';

/** Rows of a range that are looked at one by one. */
const MOST_ROWS = 16_384;

interface Placed {
  readonly leaf: number;
  readonly place: string;
  readonly seq: number;
}

/**
 * Of a range in which a row was changed, more than the tree can say: rows of a block that stand in another order than
 * they were sent, or the first row whose columns do not follow from its line any more.
 */
export async function withSuspect(client: ClickHouseClient, changed: Problem, derivations: Derivations | undefined): Promise<Problem> {
  const { site, fromLeaf: from, toLeaf } = changed;
  if (changed.kind !== 'changed-row' || toLeaf - from >= MOST_ROWS) return changed;
  const range = { from, to: toLeaf + 1 };
  const rows = await jsonRows<Placed>(client, `SELECT leaf, concat(toString(partition), ' ', toString(position), ' ', stream, ' ', toString(epoch)) AS place, seq FROM events
    WHERE site = {site:String} AND leaf >= {from:UInt64} AND leaf < {to:UInt64} ORDER BY site, leaf`, { site, ...range });
  const moved = firstMoved(rows);
  if (moved !== undefined) return { ...changed, kind: 'reordered', suspect: moved, message: `rows of leaf ${from} to ${toLeaf} stand in another order than they were received, from leaf ${moved} on` };
  if (derivations === undefined) return changed;
  const stray = (await eventRows(client, site, range)).find((row) => strayColumn(row, derivations) !== undefined);
  return stray === undefined ? changed : { ...changed, suspect: stray.leaf, message: `${changed.message}; the columns of leaf ${stray.leaf} do not follow from its line` };
}

/** The first leaf whose sequence is not the one that its place in the block asks for, when the block holds each of its sequences once. */
function firstMoved(rows: readonly Placed[]): number | undefined {
  const blocks = new Map<string, Placed[]>();
  for (const row of rows) {
    const known = blocks.get(row.place);
    if (known === undefined) blocks.set(row.place, [row]);
    else known.push(row);
  }
  const moved = [...blocks.values()].flatMap((block) => {
    const sorted = block.map(({ seq }) => seq).toSorted((a, b) => a - b);
    const once = sorted.every((seq, i) => seq !== sorted[i + 1]);
    const first = block.find(({ seq }, i) => seq !== sorted[i]);
    return once && first !== undefined ? [first.leaf] : [];
  });
  return moved.length === 0 ? undefined : Math.min(...moved);
}
