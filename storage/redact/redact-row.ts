import type { ClickHouseClient } from '@clickhouse/client';
import { quote } from '../sql-text.ts';

export interface RowRedaction {
  readonly site: string;
  readonly leaf: number;
  /** `contracts/redaction.ts`. */
  readonly note: string;
  readonly redactedAtMs: number;
  /** The line as it is to stand, and the columns that follow from it. */
  readonly line: string;
  readonly columns: Readonly<Record<string, string>>;
}

/**
 * Puts the new line in the place of the old one: the signed word first, so that the trail holds at every moment. Can be
 * repeated after a crash. The parts of before are deleted by ClickHouse some minutes later (`old_parts_lifetime`).
 */
export async function redactRow(client: ClickHouseClient, on: 'storage-role' | 'server', { site, leaf, note, redactedAtMs, line, columns }: RowRedaction): Promise<void> {
  await client.insert({
    table: 'redactions', values: [{ site, leaf, redacted_at: new Date(redactedAtMs).toISOString().replace('T', ' ').replace('Z', ''), note }], format: 'JSONEachRow',
    // One word an effect: a repeat of the command has a word of its own.
    clickhouse_settings: { insert_deduplication_token: note },
  });
  const changes = Object.entries({ line, ...columns }).map(([column, text]) => `${column} = ${quote(text)}`);
  const change = `ALTER TABLE events UPDATE ${changes.join(', ')} WHERE site = ${quote(site)} AND leaf = ${leaf}`;
  await client.command({ query: change, clickhouse_settings: { mutations_sync: '2' } });
  // A server keeps the texts of finished mutations, and this one holds the line. The storage role sees to that by itself.
  if (on === 'server') await client.command({ query: `KILL MUTATION WHERE database = currentDatabase() AND table = 'events' AND is_done SYNC` });
}
