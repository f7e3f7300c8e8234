import type { ClickHouseClient } from '@clickhouse/client';
import { jsonRows } from './json-rows.ts';
import { finding, problem } from './problem.ts';
import type { Finding, Problem } from './problem.ts';

/**
 * How far each partition of the event log was committed when verification began: rows behind it may be half of a group
 * that is being stored.
 */
export interface Committed {
  /** Condition on `partition` and `position` in SQL, and its parameters. */
  readonly where: string;
  /** The same on `partition` and `last` of commits. */
  readonly whereCommits: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export async function readCommitted(client: ClickHouseClient): Promise<Committed> {
  const rows = await jsonRows<{ readonly partition: number; readonly end: number }>(client, 'SELECT partition, max(last) + 1 AS end FROM commits GROUP BY partition ORDER BY partition');
  const end = 'transform(toUInt64(partition), {committedPartitions:Array(UInt64)}, {committedEnds:Array(UInt64)}, toUInt64(0))';
  return {
    where: `position < ${end}`, whereCommits: `last < ${end}`,
    parameters: { committedPartitions: rows.length === 0 ? [0] : rows.map((r) => r.partition), committedEnds: rows.length === 0 ? [0] : rows.map((r) => r.end) },
  };
}

interface CountRow {
  readonly partition: number;
  readonly first: number;
  readonly last: number;
  /** Of receipt. */
  readonly month: number;
  readonly expected: number;
  readonly found: number;
}

/** What a commit counts, and where it is counted again. */
const COUNTED = [
  { table: 'blocks', column: 'events', count: 'sum(stored)', what: 'events in blocks' },
  { table: 'dead_letters', column: 'dead_letters', count: 'count()', what: 'dead letters' },
  { table: 'alerts', column: 'alerts', count: 'count()', what: 'alerts' },
] as const;

const commitsOf = ({ whereCommits }: Committed): string => `SELECT DISTINCT partition, first, last, events, dead_letters, alerts FROM commits WHERE ${whereCommits}`;

/** Leaves of a site after the newest of these commits. */
export async function committedSize(client: ClickHouseClient, site: string, { whereCommits, parameters }: Committed): Promise<number> {
  const [row] = await jsonRows<{ readonly size: number }>(client, `SELECT max(tree_sizes[indexOf(sites, {site:String})]) AS size FROM commits WHERE has(sites, {site:String}) AND ${whereCommits}`, { site, ...parameters });
  return row?.size ?? 0;
}

/** Months of receipt of which no event is left: their matches, alerts and dead letters may have been dropped, too, without a word. */
export async function emptiedMonths(client: ClickHouseClient): Promise<(month: number) => boolean> {
  const kept = await jsonRows<{ readonly month: number }>(client, 'SELECT DISTINCT toYYYYMM(received_at) AS month FROM events');
  const months = new Set(kept.map(({ month }) => month));
  return (month) => !months.has(month);
}

/** Whether groups go on without overlap, hold every block, and hold as many rows as was committed. */
export async function* commitProblems(client: ClickHouseClient, committed: Committed): AsyncGenerator<Problem | Finding> {
  for (const row of await overlapping(client, committed)) yield problem('commit-mismatch', '', `two commits of partition ${row.partition} overlap at position ${row.first}`, { table: 'commits' });
  for (const { site, leaf, partition, position } of await uncommitted(client, committed)) yield problem('missing-commit', site, `the block at partition ${partition}, position ${position} is in no commit`, { table: 'commits', from: leaf });
  for (const counted of COUNTED) yield* countProblems(client, committed, counted);
}

function overlapping(client: ClickHouseClient, committed: Committed): Promise<readonly { readonly partition: number; readonly first: number }[]> {
  return jsonRows(client, `SELECT partition, first FROM (SELECT partition, first, max(last) OVER (PARTITION BY partition ORDER BY first ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before,
    row_number() OVER (PARTITION BY partition ORDER BY first) AS n FROM (${commitsOf(committed)})) WHERE n > 1 AND first <= before ORDER BY partition, first LIMIT 1`, committed.parameters);
}

function uncommitted(client: ClickHouseClient, committed: Committed): Promise<readonly { readonly site: string; readonly leaf: number; readonly partition: number; readonly position: number }[]> {
  return jsonRows(client, `SELECT b.site AS site, b.first_leaf AS leaf, b.partition AS partition, b.position AS position
    FROM (SELECT site, first_leaf, partition, position FROM blocks WHERE ${committed.where}) AS b ASOF LEFT JOIN (${commitsOf(committed)}) AS c ON b.partition = c.partition AND b.position >= c.first
    WHERE b.position > c.last OR b.position < c.first ORDER BY partition, position LIMIT 1`, committed.parameters);
}

/** Rows of a table, a number and the newest month of receipt a group. */
function byGroup(table: string, count: string, committed: Committed): string {
  return `SELECT r.partition AS partition, c.first AS first, sum(r.n) AS n, max(r.month) AS month FROM (SELECT partition, position, ${count} AS n, toYYYYMM(max(received_at)) AS month FROM ${table} WHERE ${committed.where} GROUP BY partition, position) AS r
    ASOF JOIN (${commitsOf(committed)}) AS c ON r.partition = c.partition AND r.position >= c.first GROUP BY partition, first`;
}

async function* countProblems(client: ClickHouseClient, committed: Committed, { table, column, count, what }: (typeof COUNTED)[number]): AsyncGenerator<Problem | Finding> {
  const rows = await jsonRows<CountRow>(client, `SELECT c.partition AS partition, c.first AS first, c.last AS last, b.month AS month, c.${column} AS expected, t.n AS found FROM (${commitsOf(committed)}) AS c
    LEFT JOIN (${byGroup(table, count, committed)}) AS t ON c.partition = t.partition AND c.first = t.first LEFT JOIN (${byGroup('blocks', 'count()', committed)}) AS b ON c.partition = b.partition AND c.first = b.first
    WHERE expected != found ORDER BY partition, first LIMIT 100000`, committed.parameters);
  if (rows.length === 0) return;
  const isEmptied = table === 'blocks' ? () => false : await emptiedMonths(client);
  const gone = rows.filter(({ found, month }) => found === 0 && isEmptied(month));
  if (gone.length > 0) yield finding('not-vouched', '', gone.reduce((n, r) => n + r.expected, 0), `${what} of months whose events expired are not stored any more; no signed word says so`);
  const [bad] = rows.filter((r) => !gone.includes(r));
  if (bad !== undefined) yield problem('count-mismatch', '', `partition ${bad.partition}, positions ${bad.first} to ${bad.last}: ${bad.expected} ${what} were committed, ${bad.found} are stored`, { table });
}
