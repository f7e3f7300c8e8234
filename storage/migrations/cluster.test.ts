import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { Session } from 'chdb';
import { describe, expect, test } from 'vitest';
import { GROUP_TABLES, TABLES } from '../../contracts/tables.ts';
import { fencedInsert, plainInsert } from '../client/insert-statement.ts';
import { syncReplica } from '../client/replicas.ts';
import { defaultStorageConfig } from '../config.ts';
import { quote } from '../sql-text.ts';
import { hashPassword } from './access.ts';
import { renderForCluster } from './cluster.ts';
import { deploymentStatements } from './deployment.ts';
import { migrationStatements } from './migrate.ts';

/** The engine with a Keeper in its own memory: enough to create replicated tables, not to write to them. */
const KEEPER = `<clickhouse>
  <zookeeper><implementation>testkeeper</implementation><node><host>none</host><port>1</port></node></zookeeper>
  <macros><shard>1</shard><replica>one</replica></macros>
</clickhouse>`;

/** Runs statements of standard input and prints each answer or error. Ends by force: replicated tables never close here. */
const REPLICATED_ENGINE = `
  import { text } from 'node:stream/consumers';
  import { Session } from 'chdb';
  const session = new Session(process.argv[1], { connectionArgs: ['--config-file=' + process.argv[2]] });
  const answers = JSON.parse(await text(process.stdin)).map((sql) => { try { return session.query(sql, 'TSVRaw').trim(); } catch (error) { return error.message; } });
  process.stdout.write(JSON.stringify(answers), () => process.kill(process.pid, 'SIGKILL'));`;

async function onReplicatedEngine(statements: readonly string[]): Promise<readonly string[]> {
  const root = await mkdtemp(join(tmpdir(), 'tourniquet-cluster-'));
  try {
    await writeFile(join(root, 'keeper.xml'), KEEPER);
    const child = spawn(process.execPath, ['--input-type=module', '-e', REPLICATED_ENGINE, join(root, 'data'), join(root, 'keeper.xml')], { cwd: import.meta.dirname, stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    child.stdin.end(JSON.stringify(statements));
    const answers: unknown = JSON.parse(await textOf(child.stdout));
    await ended;
    return Array.isArray(answers) ? answers.map(String) : [];
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

const PASSWORDS = { writer: hashPassword('w'), reader: hashPassword('r') };
const RANGE = { partition: 1, first: 5, last: 9 };

function everyStatement(): readonly string[] {
  const tables = Object.keys(TABLES).map((name) => GROUP_TABLES.find((table) => table === name)).filter((table) => table !== undefined);
  const config = defaultStorageConfig();
  return [
    ...['', 'main'].flatMap((cluster) => deploymentStatements({ config: { ...config, cluster }, ...PASSWORDS })),
    ...tables.flatMap((table) => [
      ...(['Native', 'JSONEachRow'] as const).flatMap((format) => [
        fencedInsert({ table, format }, { kind: 'uncommitted', range: RANGE }),
        fencedInsert({ table, format }, { kind: 'rows', range: RANGE, receivedFromMs: 0, receivedToMs: 0, found: 0 }),
        plainInsert(`${table}_probe`, { table, format }),
      ]),
      syncReplica(table),
    ]),
  ];
}

describe('the statements for a server', () => {
  test('are all parsed by the engine', () => {
    using session = new Session();
    const parse = (sql: string): string => String(session.query(`SELECT formatQuerySingleLine(${quote(sql)})`, 'RawBLOB'));
    expect(() => parse('GRANT INSERT ON a.b TO writer WITH REPLACE')).toThrow(/Code: 62/);
    const statements = everyStatement();
    expect(statements.length).toBeGreaterThan(80);
    for (const statement of statements) expect(String(session.query(`EXPLAIN AST ${parse(statement)}`, 'TSVRaw')), statement).toMatch(/^\w/);
  });
});

describe('a migration for a cluster', () => {
  test('makes every table on all servers, replicated, with a window of tokens', () => {
    const made = migrationStatements('main').filter((statement) => statement.startsWith('CREATE TABLE'));
    expect(made).toHaveLength(1 + Object.keys(TABLES).length + GROUP_TABLES.length);
    for (const statement of made) {
      expect(statement).toContain("ON CLUSTER 'main' (");
      expect(statement).not.toMatch(/ENGINE = MergeTree|non_replicated/);
    }
    const stored = made.filter((statement) => !statement.includes('ENGINE = Null') && !statement.includes('schema_migrations'));
    expect(stored).toHaveLength(Object.keys(TABLES).length);
    for (const statement of stored) expect(statement).toMatch(/ReplicatedMergeTree\('\/clickhouse\/tables\/\{shard\}\/\{database\}\/\{table\}', '\{replica\}'\)[^]*replicated_deduplication_window = 50000, replicated_deduplication_window_seconds = 604800/);
  });

  test('differs in nothing else from one for a single server', () => {
    const undo = (statement: string): string => statement.replace(" ON CLUSTER 'main'", '').replace(/ReplicatedMergeTree\('[^']+', '\{replica\}'\)/, 'MergeTree')
      .replace('replicated_deduplication_window = 50000, replicated_deduplication_window_seconds = 604800', 'non_replicated_deduplication_window = 10000');
    expect(migrationStatements('main').map(undo)).toEqual(migrationStatements(''));
  });

  test.each(['DROP TABLE events', 'CREATE TABLE events (a Int8) ENGINE = MergeTree ORDER BY a', 'CREATE TABLE IF NOT EXISTS t (a Int8) ENGINE = ReplacingMergeTree ORDER BY a', "ALTER TABLE t ON CLUSTER 'x' ADD INDEX i a TYPE minmax", "CREATE TABLE IF NOT EXISTS t (a Int8) ENGINE = ReplicatedMergeTree('/x', 'y') ORDER BY a"])('of a form that is not known is refused: %s', (statement) => {
    expect(() => renderForCluster(statement, 'main')).toThrow(/TQ-STORAGE-15|cannot be written/);
  });

  test('is run by the engine, its ON CLUSTER taken away: paths, macros, keys and settings fit; a write needs a server', async () => {
    const made = migrationStatements('main').filter((s) => s.startsWith('CREATE TABLE')).map((s) => s.replace(" ON CLUSTER 'main'", ''));
    const answers = await onReplicatedEngine([
      'CREATE DATABASE tourniquet', 'USE tourniquet', ...made,
      "SELECT concat(table, ' ', zookeeper_path, ' ', replica_name) FROM system.replicas ORDER BY table",
      "INSERT INTO checkpoints (site, signed_at) SETTINGS insert_keeper_max_retries = 0 SELECT 's', now()",
    ]);
    expect(answers.slice(0, made.length + 2).join('')).toBe('');
    expect(answers.at(-2)?.split('\n')).toEqual([...Object.keys(TABLES), 'schema_migrations'].toSorted().map((table) => `${table} /clickhouse/tables/1/tourniquet/${table} one`));
    expect(answers.at(-1)).toContain('TABLE_IS_READ_ONLY');
  });
});
