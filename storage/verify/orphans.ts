import type { ClickHouseClient } from '@clickhouse/client';
import type { Committed } from './committed.ts';
import { jsonRows } from './json-rows.ts';
import { problem } from './problem.ts';
import type { Problem } from './problem.ts';

/** Built-in rules about chains and the log name the leaf that the next event gets. */
const POINTING = [['matches', ''], ['alerts', "AND NOT startsWith(rule, 'tourniquet.')"], ['acts', ''], ['accesses', '']] as const;

/** Rows that name a leaf which no event has. That there is an event below `end` for each leaf is the walk's to prove. */
export async function orphans(client: ClickHouseClient, site: string, end: number, { where, parameters }: Committed): Promise<readonly Problem[]> {
  const query = POINTING.map(([table, except]) => `SELECT '${table}' AS table, min(leaf) AS least, count() AS n FROM ${table} WHERE site = {site:String} AND leaf >= {end:UInt64} ${except} AND ${where}`).join(' UNION ALL ');
  const rows = await jsonRows<{ readonly table: string; readonly least: number; readonly n: number }>(client, query, { site, end, ...parameters });
  return rows.filter(({ n }) => n > 0).toSorted((a, b) => a.table.localeCompare(b.table)).map(({ table, least, n }) => problem('orphan', site, `${n} ${n === 1 ? 'row' : 'rows'} of ${table} from leaf ${least} on, where no event is`, { table, from: least }));
}
