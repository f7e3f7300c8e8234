import type { TableRows } from '../../contracts/stage.ts';
import { TIERS } from '../../contracts/tiers.ts';
import type { Tier } from '../../contracts/tiers.ts';
import { JsonRows } from './json-rows.ts';
import type { TierRows } from './tier-rows.ts';

/** Tables whose rows are of no tier are stored under this one. */
const UNTIERED: Tier = 'standard';

/** All rows of a group that were received in one month (UTC): with the tier, what ClickHouse keeps in one partition. */
export interface MonthRows {
  /** Of a tier that has rows. */
  readonly tiers: ReadonlyMap<Tier, TierRows>;
  /** Those of a tier, begun when there are none yet. */
  tier(tier: Tier): TierRows;
  readonly matches: JsonRows;
  readonly alerts: JsonRows;
  readonly dead_letters: JsonRows;
}

export function monthRows(newRows: () => TierRows): MonthRows {
  const tiers = new Map<Tier, TierRows>();
  const tier = (name: Tier): TierRows => {
    const known = tiers.get(name) ?? newRows();
    tiers.set(name, known);
    return known;
  };
  return { tiers, tier, matches: new JsonRows(), alerts: new JsonRows(), dead_letters: new JsonRows() };
}

/** Year and month of a time as one number. */
export function monthOf(ms: number): number {
  const date = new Date(ms);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

const SMALL_TABLES = ['matches', 'alerts', 'dead_letters'] as const;

/** One insert for each table and tier that has rows. */
export function tableRows(month: MonthRows): readonly TableRows[] {
  const inserts = TIERS.flatMap((tier) => month.tiers.get(tier)?.inserts(tier) ?? []);
  for (const table of SMALL_TABLES) {
    const { rows } = month[table];
    if (rows > 0) inserts.push({ table, tier: UNTIERED, rows, format: 'JSONEachRow', data: month[table].data() });
  }
  return inserts;
}
