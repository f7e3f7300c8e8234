import type { ClickHouseClient } from '@clickhouse/client';
import { emptiedMonths } from './committed.ts';
import type { Committed } from './committed.ts';
import { jsonRows, streamedRows } from './json-rows.ts';
import type { LeafRange } from './leaf-windows.ts';
import { finding, problem } from './problem.ts';
import type { Finding, Problem } from './problem.ts';

/** Leaves whose rows are held beside their blocks by one query. */
const LEAVES_PER_QUERY = 1_000_000;

interface BlockLeaves {
  readonly position: number;
  readonly first_leaf: number;
  readonly stored: number;
  readonly dead: number;
  readonly lines: number;
}

/** Whether blocks cover the site's leaves, each once, up to `end`, the size after the last commit; then each row beside its block. */
export async function* blockProblems(client: ClickHouseClient, site: string, end: number, range: LeafRange | undefined, committed: Committed): AsyncGenerator<Problem | Finding> {
  const query = `SELECT position, first_leaf, stored, dead, lines FROM blocks WHERE site = {site:String} AND ${committed.where} ORDER BY first_leaf, stored`;
  let next = 0;
  let bad: Problem | undefined;
  // Read to its end in any case: an answer that is given up half-way is an error of the client's.
  for await (const blocks of streamedRows<BlockLeaves>(client, query, { site, ...committed.parameters })) {
    for (const block of blocks) {
      bad ??= misplaced(site, block, next);
      next += block.stored;
    }
  }
  if (bad !== undefined) yield bad;
  else if (next !== end) yield problem('block-mismatch', site, `blocks hold ${next} leaves, ${end} were committed`, { table: 'blocks', from: Math.min(next, end), to: Math.max(next, end) - 1 });
  else yield* rowsInBlocks(client, site, range ?? { from: 0, to: end }, end, committed);
}

function misplaced(site: string, { position, first_leaf: leaf, stored, dead, lines }: BlockLeaves, next: number): Problem | undefined {
  if (leaf > next) return problem('block-mismatch', site, `no block holds leaf ${next}`, { table: 'blocks', from: next, to: leaf - 1 });
  if (leaf < next) return problem('block-mismatch', site, `the block at position ${position} begins at leaf ${leaf}, which another block holds`, { table: 'blocks', from: leaf });
  if (lines !== stored + dead) return problem('block-mismatch', site, `the block at position ${position} says ${lines} lines, of which ${stored} stored and ${dead} put aside`, { table: 'blocks', from: leaf });
  return undefined;
}

interface StrayRow {
  readonly leaf: number;
  readonly outside: number;
  readonly position: number;
}

const OUTSIDE = 'e.leaf >= b.first_leaf + b.stored';
const DISAGREES = 'e.partition != b.partition OR e.position != b.position OR e.stream != b.stream OR e.epoch != b.epoch OR e.received_at != b.received_at OR e.provenance != b.provenance OR e.seq < b.first_seq OR e.seq >= b.first_seq + b.lines';

/** Rows that stand in no block, or not as their block says. */
async function* rowsInBlocks(client: ClickHouseClient, site: string, { from, to }: LeafRange, end: number, { where, parameters }: Committed): AsyncGenerator<Problem> {
  for (let at = from; at < to; at += LEAVES_PER_QUERY) {
    const last = to >= end && at + LEAVES_PER_QUERY >= to;
    // Whatever stands behind the last block and was not received just now is looked at, too.
    const [stray] = await jsonRows<StrayRow>(client, `SELECT e.leaf AS leaf, ${OUTSIDE} AS outside, b.position AS position
      FROM (SELECT site, leaf, partition, position, stream, epoch, seq, received_at, provenance FROM events WHERE site = {site:String} AND leaf >= {from:UInt64} ${last ? '' : 'AND leaf < {to:UInt64}'} AND ${where}) AS e
      ASOF LEFT JOIN (SELECT site, first_leaf, stored, lines, first_seq, partition, position, stream, epoch, received_at, provenance FROM blocks WHERE site = {site:String} AND stored > 0 AND first_leaf < {to:UInt64} AND first_leaf + stored > {from:UInt64}) AS b
      ON e.site = b.site AND e.leaf >= b.first_leaf WHERE ${OUTSIDE} OR ${DISAGREES} ORDER BY leaf LIMIT 1`, { site, from: at, to: Math.min(to, at + LEAVES_PER_QUERY), ...parameters });
    if (stray === undefined) continue;
    yield stray.outside === 1 ? problem('inserted-row', site, `leaf ${stray.leaf} is in no block`, { from: stray.leaf })
      : problem('block-mismatch', site, `the row of leaf ${stray.leaf} is not of the block at position ${stray.position} that holds it`, { from: stray.leaf });
    return;
  }
}

interface DeadRow {
  readonly position: number;
  readonly month: number;
  readonly expected: number;
  readonly found: number;
}

/** Lines that were put aside are as many as their blocks say. */
export async function* deadLetterProblems(client: ClickHouseClient, site: string, { where, parameters }: Committed): AsyncGenerator<Problem | Finding> {
  const place = 'stream, epoch, partition, position';
  const rows = await jsonRows<DeadRow>(client, `SELECT position, toUInt32(max(month)) AS month, sum(expected) AS expected, sum(found) AS found FROM (
      SELECT ${place}, toYYYYMM(received_at) AS month, dead AS expected, 0 AS found FROM blocks WHERE site = {site:String} AND dead > 0 AND ${where}
      UNION ALL SELECT ${place}, toYYYYMM(received_at), 0, 1 FROM dead_letters WHERE site = {site:String} AND reason != 'damaged_record' AND ${where})
    GROUP BY ${place} HAVING expected != found ORDER BY position LIMIT 1000`, { site, ...parameters });
  if (rows.length === 0) return;
  const isEmptied = await emptiedMonths(client);
  const gone = rows.filter(({ found, month }) => found === 0 && isEmptied(month));
  if (gone.length > 0) yield finding('not-vouched', site, gone.reduce((n, r) => n + r.expected, 0), `dead letters of ${gone.length} blocks are not stored any more; their events expired, and no signed word says so`);
  const [bad] = rows.filter((r) => !gone.includes(r));
  if (bad !== undefined) yield problem('block-mismatch', site, `the block at position ${bad.position} put ${bad.expected} lines aside, ${bad.found} dead letters are stored`, { table: 'dead_letters' });
}
