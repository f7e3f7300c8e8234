import type { ClickHouseClient } from '@clickhouse/client';
import type { ActColumns, TouchedSubject } from '../../contracts/acts.ts';
import { TABLES } from '../../contracts/tables.ts';

/** A deed and the persons it touched, as they follow from a redacted line. */
export interface RedactedDeed {
  readonly act: ActColumns;
  readonly subjects: readonly TouchedSubject[];
}

type Row = Readonly<Record<string, unknown>>;

/** Columns that redacting leaves as they are; times as texts, which keep what they say to the millisecond. */
const KEPT = ['site', 'leaf', 'received_at', 'timestamp', 'provenance', 'tier', 'partition', 'position'] as const;

/** Rows of the read model that an event is to have, with the place and times of its own row. */
export async function deedRows(client: ClickHouseClient, site: string, leaf: number, deed: RedactedDeed | undefined): Promise<Readonly<Record<'acts' | 'accesses', readonly Row[]>>> {
  if (deed === undefined) return { acts: [], accesses: [] };
  const answer = await client.query({ query: `SELECT ${KEPT.join(', ')} FROM events WHERE site = {site:String} AND leaf = {leaf:UInt64} LIMIT 1`, query_params: { site, leaf }, format: 'JSONEachRow' });
  const [kept] = await answer.json<Row>();
  if (kept === undefined) return { acts: [], accesses: [] };
  const { act, subjects } = deed;
  const accesses = subjects.map(({ subject, kind, jurisdiction }) => only('accesses', { ...act, ...kept, subject, subject_kind: kind, jurisdiction }));
  return { acts: [only('acts', { ...act, ...kept })], accesses };
}

function only(table: 'acts' | 'accesses', row: Row): Row {
  return Object.fromEntries(TABLES[table].map(({ name }) => [name, row[name]]));
}
