import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { StorageError } from '../errors.ts';
import { renderForCluster } from './cluster.ts';

/** Where migrations run: the embedded engine at start, or a server. The current database is the product's. */
export interface MigrationTarget {
  command(sql: string): Promise<void>;
  rows(sql: string): Promise<readonly unknown[]>;
}

export interface Migration {
  readonly version: number;
  readonly name: string;
  /** SHA-256 of the file, hex. */
  readonly checksum: string;
  readonly statements: readonly string[];
}

/**
 * Migrations of this folder in order. Statements end with a semicolon at the end of a line; each can be repeated
 * (IF NOT EXISTS), since a crash between two of them runs the file again.
 */
export function readMigrations(directory: URL = new URL('.', import.meta.url)): readonly Migration[] {
  const names = readdirSync(directory).filter((name) => name.endsWith('.sql')).toSorted();
  return names.map((name, i) => {
    const match = /^(\d{3})-[a-z0-9-]+\.sql$/.exec(name);
    if (match === null || Number(match[1]) !== i + 1) throw new StorageError('migrationName', name);
    const text = readFileSync(new URL(name, directory), 'utf8');
    const statements = text.replace(/^--.*$/gm, '').split(/;\s*$/m).map((statement) => statement.trim()).filter((statement) => statement !== '');
    return { version: i + 1, name, checksum: createHash('sha256').update(text).digest('hex'), statements };
  });
}

/** The one that made `acts` and `accesses`: what was stored before has no rows there. */
export const READ_MODEL_MIGRATION = 6;

const RECORD = `CREATE TABLE IF NOT EXISTS schema_migrations (version UInt32, name String, checksum String, at DateTime64(3, 'UTC'))
ENGINE = MergeTree ORDER BY version SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1`;

/** Runs what is missing. After a crash within a file, the file runs again from its first statement. `cluster`: on all its servers. */
export async function migrate(target: MigrationTarget, migrations: readonly Migration[] = readMigrations(), cluster = ''): Promise<readonly string[]> {
  await target.command(recordStatement(cluster));
  const done = new Map((await target.rows('SELECT version, checksum FROM schema_migrations ORDER BY version')).map(recordOf));
  for (const version of done.keys()) {
    if (version > migrations.length) throw new StorageError('migrationMissing', `version ${version}`);
  }
  const ran: string[] = [];
  for (const migration of migrations) {
    const checksum = done.get(migration.version);
    if (checksum === migration.checksum) continue;
    if (checksum !== undefined) throw new StorageError('migrationChanged', migration.name);
    await apply(target, migration, cluster);
    ran.push(migration.name);
  }
  return ran;
}

/** Every statement that `migrate` runs on a store that has none of it. */
export function migrationStatements(cluster: string, migrations: readonly Migration[] = readMigrations()): readonly string[] {
  return [recordStatement(cluster), ...migrations.flatMap((migration) => statementsOf(migration, cluster))];
}

function statementsOf(migration: Migration, cluster: string): readonly string[] {
  const { version, name, checksum } = migration;
  return [...migration.statements.map((statement) => rendered(statement, cluster)), `INSERT INTO schema_migrations SELECT ${version}, '${name}', '${checksum}', now64(3)`];
}

function recordStatement(cluster: string): string {
  return rendered(RECORD, cluster);
}

function rendered(statement: string, cluster: string): string {
  return cluster === '' ? statement : renderForCluster(statement, cluster);
}

async function apply(target: MigrationTarget, migration: Migration, cluster: string): Promise<void> {
  try {
    for (const statement of statementsOf(migration, cluster)) await target.command(statement);
  } catch (cause) {
    throw new StorageError('migrationFailed', migration.name, { cause });
  }
}

function recordOf(row: unknown): readonly [number, string] {
  const { version, checksum }: Partial<Record<string, unknown>> = typeof row === 'object' && row !== null ? { ...row } : {};
  if (typeof checksum !== 'string') throw new StorageError('storeAnswer', 'schema_migrations');
  return [Number(version), checksum];
}
