import { createHash, randomBytes } from 'node:crypto';
import { GROUP_TABLES, TABLES } from '../../contracts/tables.ts';
import type { StorageConfig } from '../config.ts';
import { TIERED_TABLES, UNTIERED_TABLES } from '../retention/partitions.ts';
import { quote } from '../sql-text.ts';

/** A password as ClickHouse keeps it: the statement, which Keeper and the query log see, holds no secret. */
export interface PasswordHash {
  /** SHA-256 of password and salt, hex. */
  readonly hash: string;
  readonly salt: string;
}

export function hashPassword(password: string, salt = randomBytes(16).toString('hex')): PasswordHash {
  return { hash: createHash('sha256').update(password + salt).digest('hex'), salt };
}

export interface AccessOptions {
  readonly database: string;
  /** Empty for a single server. */
  readonly cluster: string;
  readonly limits: Pick<StorageConfig, 'read_seconds' | 'read_megabytes' | 'read_threads' | 'readers' | 'waiting_reads'>;
  readonly writer: PasswordHash;
  readonly reader: PasswordHash;
  /** Who lets rows expire; undefined where nobody does. */
  readonly retention?: PasswordHash;
}

/** Words for what was changed or dropped, and what is left of it: written by whoever does that. */
const NOT_THE_WRITERS: readonly string[] = ['redactions', 'expired_leaves', 'expiries'];

/** What a count, a fence and the question for an old repeat read; nothing of a line. */
const COUNTED = 'partition, position, received_at';
const REPEATS = 'site, stream, head, first_seq, lines';

/**
 * Users, their rights and the reader's limits. Each statement can be repeated; a repeat sets the passwords, rights and
 * limits anew, and what was granted by hand is gone.
 */
export function accessStatements(options: AccessOptions): readonly string[] {
  const on = options.cluster === '' ? '' : ` ON CLUSTER ${quote(options.cluster)}`;
  const named = (user: string, { hash, salt }: PasswordHash): string => `${user}${on} IDENTIFIED WITH sha256_hash BY ${quote(hash)} SALT ${quote(salt)}`;
  return [
    `CREATE SETTINGS PROFILE IF NOT EXISTS tourniquet_reader${on}`,
    `ALTER SETTINGS PROFILE tourniquet_reader${on} SETTINGS ${readerSettings(options.limits)}`,
    `CREATE USER IF NOT EXISTS ${named('writer', options.writer)}`,
    `ALTER USER ${named('writer', options.writer)}`,
    `CREATE USER IF NOT EXISTS ${named('reader', options.reader)}`,
    `ALTER USER ${named('reader', options.reader)} SETTINGS PROFILE 'tourniquet_reader'`,
    `GRANT${on} ${writerRights(options).join(', ')} TO writer WITH REPLACE OPTION`,
    `GRANT${on} SELECT ON ${options.database}.* TO reader WITH REPLACE OPTION`,
    ...(options.retention === undefined ? [`DROP USER IF EXISTS retention${on}`] : [
      `CREATE USER IF NOT EXISTS ${named('retention', options.retention)}`,
      `ALTER USER ${named('retention', options.retention)}`,
      `GRANT${on} ${retentionRights(options).join(', ')} TO retention WITH REPLACE OPTION`,
    ]),
  ];
}

/** ClickHouse counts a dropped partition as deleting: it knows no narrower right. No process that runs all the time has this password. */
function retentionRights({ database, cluster }: AccessOptions): readonly string[] {
  return [
    `SELECT ON ${database}.*`, `INSERT ON ${database}.expired_leaves`, `INSERT ON ${database}.expiries`,
    ...[...TIERED_TABLES, ...UNTIERED_TABLES].map((table) => `ALTER DELETE ON ${database}.${table}`),
    ...(cluster === '' ? [] : [`SYSTEM SYNC REPLICA ON ${database}.*`]),
  ];
}

function writerRights({ database, cluster }: AccessOptions): readonly string[] {
  return [
    ...Object.keys(TABLES).filter((table) => !NOT_THE_WRITERS.includes(table)).map((table) => `INSERT ON ${database}.${table}`),
    ...GROUP_TABLES.map((table) => `INSERT ON ${database}.${table}_probe`),
    ...GROUP_TABLES.map((table) => `SELECT(${COUNTED}${TABLES[table].some(({ name }) => name === 'tier') ? ', tier' : ''}${table === 'blocks' ? `, ${REPEATS}` : ''}) ON ${database}.${table}`),
    `SELECT(partition, last) ON ${database}.commits`,
    // Servers before 26.5 ask for it before they let an insert select from its own body; it opens no table to anyone.
    'CREATE TEMPORARY TABLE ON *.*',
    ...(cluster === '' ? [] : [`SYSTEM SYNC REPLICA ON ${database}.*`]),
  ];
}

/** The limits of the storage role. `readonly = 2` lets a client choose settings within them, and nothing but read. */
function readerSettings(limits: AccessOptions['limits']): string {
  const bytes = limits.read_megabytes * 1024 * 1024;
  const most = (name: string, value: number): string => `${name} = ${value} MIN 1 MAX ${value}`;
  return [
    'readonly = 2 CONST',
    most('max_execution_time', limits.read_seconds),
    most('max_memory_usage', bytes),
    most('max_threads', limits.read_threads),
    `max_concurrent_queries_for_user = ${limits.readers + limits.waiting_reads} CONST`,
    `max_bytes_before_external_group_by = ${Math.floor(bytes / 2)}`,
    `max_bytes_before_external_sort = ${Math.floor(bytes / 2)}`,
    "timeout_overflow_mode = 'throw' CONST",
    'priority = 2 CONST',
  ].join(', ');
}
