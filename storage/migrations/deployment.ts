import { ClickHouseError, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { ClickHouseClient } from '@clickhouse/client';
import { replicaUrls } from '../client/replicas.ts';
import { clusterOf } from '../config.ts';
import type { StorageConfig } from '../config.ts';
import { StorageError } from '../errors.ts';
import { accessStatements } from './access.ts';
import type { PasswordHash } from './access.ts';
import { renderForCluster } from './cluster.ts';
import { migrate, migrationStatements } from './migrate.ts';

/** The first release that knows `deduplicate_insert_select`, without which a token may be forgotten. */
const LEAST_VERSION = [25, 12] as const;

const DATABASE = 'tourniquet';

export interface Deployment {
  readonly config: StorageConfig;
  readonly writer: PasswordHash;
  readonly reader: PasswordHash;
  readonly retention?: PasswordHash;
}

/** Every statement of a deployment on a store that has none of it, in order. */
export function deploymentStatements(deployment: Deployment): readonly string[] {
  const { cluster } = deployment.config;
  return [createDatabase(cluster), `USE ${DATABASE}`, ...migrationStatements(cluster), ...accessOf(deployment)];
}

export interface Administrator {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

export interface Deployed {
  readonly version: string;
  /** Migrations that ran now. */
  readonly migrations: readonly string[];
  /** Statements for users, rights and limits. */
  readonly access: number;
}

/**
 * Makes database, tables, users and rights, or brings them up to date. Can be repeated, also after a crash; two that run
 * at once end in the same. Rejects with a StorageError that holds the server's answer, and no password.
 */
export async function deploy(deployment: Deployment, administrator: Administrator): Promise<Deployed> {
  const [url] = replicaUrls(administrator.url);
  const { cluster } = deployment.config;
  const quorum = clusterOf(deployment.config)?.quorum;
  const settings = { ...(quorum === undefined ? {} : { insert_quorum: quorum }), wait_end_of_query: 1 } as const;
  const open = (database: string): ClickHouseClient => createClient({
    ...(url === undefined ? {} : { url }), database, username: administrator.user, password: administrator.password, clickhouse_settings: settings,
    // Statements ON CLUSTER wait for every server, three minutes unless the server is told otherwise.
    request_timeout: 300_000, log: { level: ClickHouseLogLevel.OFF },
  });
  await using first = open('default');
  const version = await serverVersion(first);
  await answered(() => first.command({ query: createDatabase(cluster) }));
  await using client = open(DATABASE);
  const command = async (query: string): Promise<void> => void (await answered(() => client.command({ query })));
  const migrations = await migrate({ command, rows: (query) => answered(async () => (await client.query({ query, format: 'JSONEachRow' })).json()) }, undefined, cluster);
  const access = accessOf(deployment);
  for (const statement of access) await command(statement);
  return { version, migrations, access: access.length };
}

function createDatabase(cluster: string): string {
  const statement = `CREATE DATABASE IF NOT EXISTS ${DATABASE} ENGINE = Atomic`;
  return cluster === '' ? statement : renderForCluster(statement, cluster);
}

function accessOf({ config, ...passwords }: Deployment): readonly string[] {
  return accessStatements({ database: DATABASE, cluster: config.cluster, limits: config, ...passwords });
}

async function serverVersion(client: ClickHouseClient): Promise<string> {
  const rows = await answered(async () => (await client.query({ query: 'SELECT version() AS version', format: 'JSONEachRow' })).json<{ readonly version: string }>());
  const version = rows[0]?.version ?? '';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const known = major > LEAST_VERSION[0] || (major === LEAST_VERSION[0] && minor >= LEAST_VERSION[1]);
  if (!known) throw new StorageError('serverTooOld', `it says ${version}, at least ${LEAST_VERSION.join('.')} is needed`);
  return version;
}

/** Statements hold salted hashes at most, so what ClickHouse quotes of them may be shown. */
async function answered<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const why = cause instanceof ClickHouseError ? `${cause.type ?? 'error'} ${cause.code}: ${cause.message.trim()}` : cause instanceof Error ? cause.message : 'no answer';
    throw new StorageError('deployFailed', why, { cause });
  }
}
