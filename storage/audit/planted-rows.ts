import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createClient } from '@clickhouse/client';
import type { ClickHouseClient } from '@clickhouse/client';
import type { TableName } from '../../contracts/tables.ts';
import { defaultStorageConfig } from '../config.ts';
import { startStorage } from '../engine/storage.ts';
import { prepareAnswer } from './audit-answer.ts';
import type { AnswerFooter, Cell } from './audit-answer.ts';
import { auditFolders } from './audit-folders.ts';
import { SealedCheckpoints } from './sealed-checkpoints.ts';

/** A store of its own for tests, with rows put straight into its tables: what a query must find, and what it must not. */
export type PlantedRow = Readonly<Record<string, unknown>>;

/** The day after everything planted: what `now` is in a test. */
export const NOW = Date.UTC(2026, 10, 21);
const HOUR_MS = 3_600_000;

/** So long before now, as the tables take it. */
export function ago(hours: number): string {
  return new Date(NOW - hours * HOUR_MS).toISOString().replace('Z', '');
}

export function letters(letter: string): string {
  return letter.repeat(24);
}

const EVERY: PlantedRow = { site: 'clinic', received_at: ago(1), timestamp: ago(1), provenance: 'plugin', tier: 'standard' };
const DEFAULTS: Readonly<Partial<Record<TableName, PlantedRow>>> = {
  acts: { ...EVERY, outcome: 'success', actor: 'anna', role: 'shop_manager', address: '192.0.2.10' },
  accesses: { ...EVERY, outcome: 'success', actor: 'anna', role: 'shop_manager', address: '192.0.2.10', subject_kind: 'customer', how: 'view' },
  events: { ...EVERY, derivation: 1, line: '{}', stream: 'audit', epoch: 1 },
  blocks: { site: 'clinic', stream: 'audit', epoch: 1, lines: 10, stored: 10, provenance: 'plugin', received_at: ago(1) },
  gaps: { site: 'clinic', stream: 'audit', epoch: 1, state: 'open', received_at: ago(1) },
};

const WITH_LEAF: ReadonlySet<TableName> = new Set(['acts', 'accesses', 'events', 'matches', 'alerts']);

/** Leaves that the planted checkpoints cover. */
export const SEALED_LEAVES = 1_000;

export interface Answered {
  readonly rows: readonly Readonly<Record<string, Cell>>[];
  readonly footer: AnswerFooter;
}

export interface PlantedStore extends AsyncDisposable {
  readonly url: string;
  readonly reader: ClickHouseClient;
  plant(table: TableName, rows: readonly PlantedRow[]): Promise<void>;
  /** A checkpoint over the first `SEALED_LEAVES` of the site; without one nothing of it is answered. */
  seal(site: string): Promise<void>;
  /** The shipped query's answer. */
  ask(name: string, parameters?: Readonly<Record<string, unknown>>, page?: { readonly limit?: number; readonly after?: string; readonly sites?: readonly string[] }): Promise<Answered>;
}

const SITES = ['_deployment', '_system', 'clinic', 'shop'];

export async function openPlantedStore(): Promise<PlantedStore> {
  const directory = await mkdtemp(path.join(tmpdir(), 'tourniquet-audit-'));
  const storage = await startStorage({ directory, host: '127.0.0.1', port: 0, writerPassword: 'w', readerPassword: 'r', retentionPassword: 't', config: defaultStorageConfig() });
  const writer = createClient({ url: storage.url, username: 'writer', password: 'w', database: 'tourniquet' });
  const retention = createClient({ url: storage.url, username: 'retention', password: 't', database: 'tourniquet' });
  const reader = createClient({ url: storage.url, username: 'reader', password: 'r', database: 'tourniquet' });
  let planted = 0;
  const plant = async (table: TableName, rows: readonly PlantedRow[]): Promise<void> => {
    const values = rows.map((row) => ({ ...(WITH_LEAF.has(table) ? { leaf: planted++ } : {}), ...DEFAULTS[table], ...row }));
    await (table === 'expiries' ? retention : writer).insert({ table, values, format: 'JSONEachRow', clickhouse_settings: { date_time_input_format: 'best_effort' } });
  };
  const seal = (site: string): Promise<void> => plant('checkpoints', [{ site, size: SEALED_LEAVES, root: Buffer.alloc(32, 7).toString('base64'), signed_at: ago(0.5), note: `note of ${site}\n` }]);
  for (const site of SITES) await seal(site);
  return {
    url: storage.url, reader, plant, seal,
    async ask(name, parameters = {}, { limit = 1_000, after, sites = SITES } = {}) {
      const query = await auditFolders([]).query(name);
      if (query === undefined) throw new Error(`there is no query ${name}`);
      const answer = prepareAnswer({ query, parameters, limit, sites, now: () => NOW, ...(after === undefined ? {} : { after }) });
      const page = await answer.page(reader, await new SealedCheckpoints(reader).at(answer.sites, answer.sealedByMs));
      const rows = await Array.fromAsync(page.rows, (row) => Object.fromEntries(page.columns.map((column, i) => [column.name, row[i] ?? null])));
      return { rows, footer: page.footer() };
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([writer, retention, reader].map((client) => client.close()));
      await storage.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
