import type { ClickHouseClient } from '@clickhouse/client';
import { quote } from '../sql-text.ts';
import { deedRows } from './deed-rows.ts';
import type { RedactedDeed } from './deed-rows.ts';

export interface RowRedaction {
  readonly site: string;
  readonly leaf: number;
  /** `contracts/redaction.ts`. */
  readonly note: string;
  readonly redactedAtMs: number;
  /** The line as it is to stand, and the columns that follow from it. */
  readonly line: string;
  readonly columns: Readonly<Record<string, string>>;
  /** What follows from the line for the read model; undefined when it is no deed. */
  readonly deed?: RedactedDeed | undefined;
}

/**
 * Puts the new line in the place of the old one. The signed word comes first, so that the trail holds at every moment, and
 * the line last: after a crash in between it still holds what is to go, and the command is repeated. The rows of the read
 * model are deleted and made anew, since what they are sorted by cannot be updated. The parts of before are deleted by
 * ClickHouse some minutes later (`old_parts_lifetime`).
 */
export async function redactRow(client: ClickHouseClient, on: 'storage-role' | 'server', { site, leaf, note, redactedAtMs, line, columns, deed }: RowRedaction): Promise<void> {
  await client.insert({
    table: 'redactions', values: [{ site, leaf, redacted_at: new Date(redactedAtMs).toISOString().replace('T', ' ').replace('Z', ''), note }], format: 'JSONEachRow',
    // One word an effect: a repeat of the command has a word of its own.
    clickhouse_settings: { insert_deduplication_token: note },
  });
  const where = `WHERE site = ${quote(site)} AND leaf = ${leaf}`;
  const rows = await deedRows(client, site, leaf, deed);
  for (const table of ['acts', 'accesses'] as const) {
    await client.command({ query: `ALTER TABLE ${table} DELETE ${where}`, clickhouse_settings: { mutations_sync: '2' } });
    if (rows[table].length > 0) await client.insert({ table, values: rows[table], format: 'JSONEachRow', clickhouse_settings: { insert_deduplication_token: `${table}/${note}` } });
  }
  const changes = Object.entries({ line, ...columns }).map(([column, text]) => `${column} = ${quote(text)}`);
  await client.command({ query: `ALTER TABLE events UPDATE ${changes.join(', ')} ${where}`, clickhouse_settings: { mutations_sync: '2' } });
  // A server keeps the texts of finished mutations, and this one holds the line. The storage role sees to that by itself.
  if (on === 'server') await client.command({ query: `KILL MUTATION WHERE database = currentDatabase() AND table = 'events' AND is_done SYNC` });
}
