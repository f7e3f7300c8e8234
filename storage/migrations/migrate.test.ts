import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { drainPending, Session } from 'chdb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GROUP_TABLES, TABLES } from '../../contracts/tables.ts';
import { migrate, readMigrations } from './migrate.ts';
import type { MigrationTarget } from './migrate.ts';

let root: string;
let session: Session;
let target: MigrationTarget;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tourniquet-migrate-'));
  session = new Session(join(root, 'data'));
  await session.queryAsync('CREATE DATABASE m ENGINE = Atomic; USE m');
  target = { command: async (sql) => void (await session.queryAsync(sql)), rows };
  await migrate(target);
});
afterAll(async () => {
  session.close();
  await drainPending();
  await rm(root, { recursive: true, force: true });
});

async function rows(sql: string): Promise<readonly unknown[]> {
  return (await session.queryAsync(sql, { format: 'JSONEachRow' })).text().split('\n').filter((line) => line !== '').map((line): unknown => JSON.parse(line));
}

/** Columns that only rows and writers of an older version fill. */
const OUTLIVED = ['commits.pack'];

test.each(Object.entries(TABLES))('the table %s has the columns of the contract, in order', async (table, columns) => {
  const described = (await rows(`DESCRIBE TABLE ${table}`)).map((row) => ({ name: '', type: '', ...Object(row) })).map(({ name, type }) => ({ name, type }));
  expect(described.filter(({ name }) => !OUTLIVED.includes(`${table}.${name}`))).toEqual(columns);
});

test.each(GROUP_TABLES)('the probe of %s has its columns and constraints and keeps nothing', async (table) => {
  const shape = (name: string): Promise<readonly unknown[]> => rows(`SELECT name, type FROM system.columns WHERE database = 'm' AND table = '${name}' ORDER BY position`);
  expect(await shape(`${table}_probe`)).toEqual(await shape(table));
  const constraints = async (name: string): Promise<unknown> => [...JSON.stringify(await rows(`SHOW CREATE TABLE ${name}`)).matchAll(/CONSTRAINT .*?(?=,|\\n\))/g)].map(String);
  expect(await constraints(`${table}_probe`)).toEqual(await constraints(table));
  expect(await rows(`SELECT engine FROM system.tables WHERE database = 'm' AND name = '${table}_probe'`)).toEqual([{ engine: 'Null' }]);
});

describe('a store of before rules had engines', () => {
  let before: Session;
  const select = async (sql: string): Promise<readonly unknown[]> => (await before.queryAsync(sql, { format: 'JSONEachRow' })).text().split('\n').filter((line) => line !== '').map((line): unknown => JSON.parse(line));
  const row = (table: string, text: string): Promise<unknown> => before.queryAsync(`INSERT INTO old.${table} SETTINGS insert_deduplicate = 0 FORMAT JSONEachRow ${text}`);
  const OLD_ROWS = async (): Promise<void> => {
    for (const site of ['shop', '_system']) await row('matches', `{"site":"${site}","rule":"r","rule_version":"v","field":"message","spans":1}`);
    await row('alerts', '{"id":"alert_a","site":"shop","rule":"r","title":"t","seq":7}');
    await row('commits', '{"partition":1,"first":2,"last":3,"derivation":1,"pack":"p"}');
  };

  beforeAll(async () => {
    before = new Session(join(root, 'data'));
    await before.queryAsync('CREATE DATABASE old ENGINE = Atomic; USE old');
    const old: MigrationTarget = { command: async (sql) => void (await before.queryAsync(sql)), rows: select };
    await migrate(old, readMigrations().slice(0, 3));
    await OLD_ROWS();
    await migrate(old);
  });
  afterAll(() => before.close());

  const READ = {
    matches: [['shop', 'pack'], ['_system', 'correlation']].map(([site, engine]) => ({ site, engine, view: '', rule: 'r', field: 'message', spans: 1 })),
    alerts: [{ id: 'alert_a', seq: 7, late: 0, group: '', quiet_s: 0, back_off: 0, quiet_most_s: 0 }],
    commits: [{ first: 2, derivation: 1, rules: 'p' }],
  };
  const columnsOf = (table: keyof typeof READ): string => Object.keys(READ[table][0] ?? {}).join(', ');

  test.each(['matches', 'alerts', 'commits'] as const)('reads its rows of %s with what they meant', async (table) => {
    expect(await select(`SELECT ${columnsOf(table)} FROM old.${table} ORDER BY ${table === 'matches' ? 'engine DESC' : '1'} SETTINGS output_format_json_quote_64bit_integers = 0`)).toEqual(READ[table]);
  });

  test('still takes the rows of a writer that does not know the new columns', async () => {
    await OLD_ROWS();
    for (const table of ['matches', 'alerts', 'commits'] as const) {
      expect(await select(`SELECT DISTINCT ${columnsOf(table)} FROM old.${table} ORDER BY ${table === 'matches' ? 'engine DESC' : '1'} SETTINGS output_format_json_quote_64bit_integers = 0`)).toEqual(READ[table]);
    }
  });

  test('runs the file again after a crash within it', async () => {
    const [, , , rules] = readMigrations();
    for (const statement of rules?.statements ?? []) await before.queryAsync(statement);
    expect(rules?.statements).toHaveLength(5);
  });
});

test('running again does nothing, and the record holds every file once', async () => {
  const commands: string[] = [];
  await migrate({ ...target, command: async (sql) => void commands.push(sql) });
  expect(commands).toHaveLength(1);
  expect(await rows('SELECT version, name FROM schema_migrations ORDER BY version')).toEqual(readMigrations().map(({ version, name }) => ({ version, name })));
});

test('a changed old migration is refused, and so is one that this version does not know', async () => {
  const known = readMigrations();
  await expect(migrate(target, known.map((m) => ({ ...m, checksum: 'other' })))).rejects.toMatchObject({ code: 'TQ-STORAGE-03' });
  await expect(migrate(target, known.slice(0, -1))).rejects.toMatchObject({ code: 'TQ-STORAGE-04' });
});

test('a migration that fails names its file and leaves no record', async () => {
  const broken = { version: readMigrations().length + 1, name: '099-broken.sql', checksum: 'c', statements: ['CREATE NONSENSE'] };
  await expect(migrate(target, [...readMigrations(), broken])).rejects.toThrow(/099-broken\.sql/);
  expect(await rows("SELECT 1 AS x FROM schema_migrations WHERE name = '099-broken.sql'")).toEqual([]);
});

test('files out of order or with another name are refused', async () => {
  const folder = await mkdtemp(join(root, 'files-'));
  const url = pathToFileURL(`${folder}/`);
  await writeFile(join(folder, '001-a.sql'), 'SELECT 1;\n-- a comment; with a semicolon\nSELECT 2;\n');
  expect(readMigrations(url)[0]?.statements).toEqual(['SELECT 1', 'SELECT 2']);
  await writeFile(join(folder, '003-c.sql'), 'SELECT 1;\n');
  expect(() => readMigrations(url)).toThrow(/003-c\.sql/);
});
