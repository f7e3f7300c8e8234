import type { TableRows } from '../../contracts/stage.ts';
import { TIER } from './event-rows.ts';
import type { EventRows } from './event-rows.ts';
import { JsonRows } from './json-rows.ts';

/** All rows of a group that were received in one month (UTC): what ClickHouse keeps in one partition. */
export interface MonthRows {
  readonly events: EventRows;
  readonly matches: JsonRows;
  readonly alerts: JsonRows;
  readonly dead_letters: JsonRows;
}

export function monthRows(events: EventRows): MonthRows {
  return { events, matches: new JsonRows(), alerts: new JsonRows(), dead_letters: new JsonRows() };
}

/** Year and month of a time as one number. */
export function monthOf(ms: number): number {
  const date = new Date(ms);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

const SMALL_TABLES = ['matches', 'alerts', 'dead_letters'] as const;

/** One insert for each table that has rows, events first. */
export function tableRows(month: MonthRows): readonly TableRows[] {
  const inserts: TableRows[] = [];
  if (month.events.rows > 0) inserts.push({ table: 'events', tier: TIER, rows: month.events.rows, format: 'Native', data: month.events.block() });
  for (const table of SMALL_TABLES) {
    const { rows } = month[table];
    if (rows > 0) inserts.push({ table, tier: TIER, rows, format: 'JSONEachRow', data: month[table].data() });
  }
  return inserts;
}
