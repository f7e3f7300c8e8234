import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultStorageConfig } from '../config.ts';
import type { User } from './access-policy.ts';
import { startStorage } from './storage.ts';
import type { Storage } from './storage.ts';

const MARKER = 'content-of-a-private-file';
let directory: string;
let outside: string;
let storage: Storage;
let users: Readonly<Record<User, ClickHouseClient>>;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tourniquet-access-'));
  outside = await mkdtemp(join(tmpdir(), 'tourniquet-outside-'));
  await writeFile(join(outside, 'private.csv'), `${MARKER}\n`);
  storage = await startStorage({ directory, host: '127.0.0.1', port: 0, writerPassword: 'w', readerPassword: 'r', redactorPassword: 'x', retentionPassword: 't', config: { ...defaultStorageConfig(), read_seconds: 5 } });
  const connect = (username: string, password: string): ClickHouseClient => createClient({ url: storage.url, username, password, log: { level: ClickHouseLogLevel.OFF } });
  users = { reader: connect('reader', 'r'), writer: connect('writer', 'w'), redactor: connect('redactor', 'x'), retention: connect('retention', 't') };
});
afterAll(async () => {
  await Promise.all(Object.values(users).map((client) => client.close()));
  await storage.close();
  await Promise.all([directory, outside].map((folder) => rm(folder, { recursive: true, force: true })));
});

/** The answer, or the code of the refusal. FILE and OUT stand for paths outside the data directory. */
async function answer(user: User, sql: string, query_params: Record<string, unknown> = {}, settings: Record<string, string> = {}): Promise<string> {
  const query = sql.replaceAll('FILE', join(outside, 'private.csv')).replaceAll('OUT', join(outside, 'written'));
  const values = { file: join(outside, 'private.csv'), f: 'file', ...query_params };
  try {
    const { stream } = await users[user].exec({ query, query_params: values, clickhouse_settings: settings });
    return (await Array.fromAsync(stream as AsyncIterable<Buffer>)).join('');
  } catch (error) {
    return `code ${Object(error).code}`;
  }
}

const REACHING = [
  "SELECT * FROM file('FILE', 'LineAsString')",
  "SELECT * FROM FiLe('FILE', 'LineAsString')",
  "SELECT * FROM `file`('FILE', 'LineAsString')",
  "SELECT * FROM /* */ file /* */ ('FILE', 'LineAsString')",
  "SELECT file('FILE')",
  "SELECT `file`('FILE')",
  "SELECT arrayMap(x -> file(x), ['FILE'])",
  "SELECT arrayMap(file, ['FILE'])",
  "SELECT arrayMap(`file`, ['FILE'])",
  "SELECT arrayFold(file, ['FILE'], 'x')",
  "SELECT * APPLY(file) FROM (SELECT 'FILE' AS a)",
  "SELECT COLUMNS('a') APPLY(x -> file(x)) FROM (SELECT 'FILE' AS a)",
  "SELECT * REPLACE (file(a) AS a) FROM (SELECT 'FILE' AS a)",
  "SELECT arrayMap({f:Identifier}, ['FILE'])",
  "SELECT 1 WHERE (SELECT file('FILE')) != ''",
  "WITH (SELECT file('FILE')) AS x SELECT x",
  "WITH x AS (SELECT * FROM file('FILE', 'LineAsString')) SELECT * FROM x",
  "SELECT 1 UNION ALL SELECT count() FROM file('FILE', 'LineAsString')",
  "SELECT 1 IN (SELECT count() FROM file('FILE', 'LineAsString'))",
  "SELECT 1 ORDER BY (SELECT file('FILE'))",
  "SELECT 1 LIMIT (SELECT length(file('FILE')))",
  "SELECT 1 FROM numbers(1) PREWHERE file('FILE') != ''",
  "EXPLAIN SELECT * FROM file('FILE', 'LineAsString')",
  "SELECT * FROM (EXPLAIN SELECT file('FILE'))",
  "SELECT * FROM view(SELECT file('FILE'))",
  "DESCRIBE TABLE file('FILE', 'CSV')",
  "DESCRIBE (SELECT * FROM file('FILE', 'CSV'))",
  'SELECT * FROM `FILE`',
  'SELECT * FROM "FILE"',
  'SELECT * FROM default.`FILE`',
  'SELECT * FROM `default`.`FILE`',
  "SELECT * FROM 'FILE'",
  'SELECT 1 IN `FILE`',
  'SELECT * FROM {file:Identifier}',
  'SELECT * FROM default.{file:Identifier}',
  'SELECT 1 IN default.{file:Identifier}',
  'SHOW CREATE TABLE default.`FILE`',
  'DESCRIBE TABLE default.`FILE`',
  "SELECT 1; SELECT * FROM file('FILE', 'LineAsString')",
  "SELECT 1 -- \n; SELECT file('FILE')",
  "SELECT 1 INTO OUTFILE 'OUT'",
  "SELECT 1 into /* */ outfile 'OUT' truncate FORMAT CSV",
  "SHOW TABLES INTO OUTFILE 'OUT'",
  "EXPLAIN SELECT 1 INTO OUTFILE 'OUT'",
  "DESCRIBE TABLE events INTO OUTFILE 'OUT'",
  "(SELECT 1) UNION ALL (SELECT 2) INTO OUTFILE 'OUT'",
  "SELECT * FROM url('http://127.0.0.1:1/', 'CSV', 'a String')",
  "SELECT * FROM s3('http://127.0.0.1:1/b/k', 'CSV')",
  "SELECT * FROM remote('127.0.0.1:1', 'system', 'one')",
  "SELECT * FROM remoteSecure('127.0.0.1:1', 'system', 'one')",
  "SELECT * FROM cluster('default', 'system', 'one')",
  "SELECT * FROM mysql('127.0.0.1:1', 'd', 't', 'u', 'p')",
  "SELECT * FROM postgresql('127.0.0.1:1', 'd', 't', 'u', 'p')",
  "SELECT * FROM mongodb('127.0.0.1:1', 'd', 't', 'u', 'p', 'a Int8')",
  "SELECT * FROM sqlite('FILE', 't')",
  "SELECT * FROM jdbc('x', 'y', 'z')",
  "SELECT * FROM odbc('x', 'y', 'z')",
  "SELECT * FROM redis('127.0.0.1:1', 'k', 'k String')",
  "SELECT * FROM executable('cat FILE', 'TSV', 'a String')",
  "SELECT * FROM iceberg('http://127.0.0.1:1/b')",
  "SELECT * FROM deltaLakeLocal('FILE')",
  "SELECT * FROM filesystem('FILE')",
  "SELECT * FROM merge('default', '.*')",
  "SELECT * FROM loop(default.`FILE`)",
  "SELECT * FROM eval('SELECT 1')",
  "SELECT * FROM dictionary('d')",
  "SELECT * FROM input('a String')",
  "SELECT dictGet('d', 'a', 1)",
  "SELECT joinGet('j', 'a', 1)",
  "SELECT aiGenerate('x')",
  "SELECT getServerSetting('max_server_memory_usage')",
  'SELECT hostName()',
  "SELECT catboostEvaluate('FILE', 1)",
  'SELECT addressToLine(1)',
  "INSERT INTO FUNCTION file('OUT', 'CSV') SELECT 1",
  "INSERT INTO TABLE FUNCTION url('http://127.0.0.1:1/', 'CSV', 'a Int8') SELECT 1",
  "INSERT INTO gaps (site) FROM INFILE 'FILE' FORMAT CSV",
  "INSERT INTO gaps (site) SELECT * FROM file('FILE', 'LineAsString')",
  "INSERT INTO gaps (site) SELECT * FROM input('site String')",
  'CREATE TABLE x (a Int8) ENGINE = Memory',
  "CREATE TABLE x ENGINE = File(CSV, 'FILE')",
  'CREATE TEMPORARY TABLE x (a Int8)',
  "ATTACH TABLE x FROM 'FILE' (a Int8) ENGINE = File(CSV)",
  "BACKUP TABLE events TO File('OUT')",
  "CREATE FUNCTION f AS (x) -> file(x)",
  'ALTER TABLE events DELETE WHERE 1',
  "ALTER TABLE events UPDATE line = 'x' WHERE 1",
  'DELETE FROM events WHERE 1',
  "UPDATE events SET line = 'x' WHERE 1",
  'TRUNCATE TABLE events',
  'DROP TABLE events',
  'RENAME TABLE events TO x',
  'DETACH TABLE events',
  'OPTIMIZE TABLE events FINAL',
  'SYSTEM SHUTDOWN',
  'SYSTEM RELOAD CONFIG',
  'KILL QUERY WHERE 1',
  'SET readonly = 0',
  'USE system',
  'SELECT 1 PARALLEL WITH DROP TABLE events',
  "GRANT ALL ON *.* TO reader",
];

describe.each(['reader', 'writer'] as const)('the user %s', (user) => {
  test.each(REACHING)('cannot %s', async (sql) => {
    expect(await answer(user, sql)).toMatch(/^code \d+$/);
    expect(await readdir(outside)).toEqual(['private.csv']);
  });
});

describe('an insert with data', () => {
  const insert = async (query: string, user: 'reader' | 'writer' = 'writer'): Promise<string> => {
    try {
      const { stream } = await users[user].exec({ query: query.replaceAll('FILE', join(outside, 'private.csv')), values: Readable.from([Buffer.from('"site"\n')], { objectMode: false }) });
      await Array.fromAsync(stream as AsyncIterable<Buffer>);
      return 'stored';
    } catch (error) {
      return `code ${Object(error).code}`;
    }
  };

  test('may select from itself, behind a condition on tables', async () => {
    for (const position of [1, 2]) expect(await insert(`INSERT INTO gaps (site) SELECT site FROM input('site String') WHERE (SELECT count() = 0 FROM commits WHERE last >= ${position}) FORMAT CSV`)).toBe('stored');
  });

  test('may not by the reader', async () => {
    expect(await insert("INSERT INTO gaps (site) SELECT site FROM input('site String') FORMAT CSV", 'reader')).toBe('code 164');
  });

  test.each([
    "INSERT INTO gaps (site) SELECT site FROM (SELECT * FROM input('site String')) FORMAT CSV",
    "INSERT INTO gaps (site) SELECT site FROM input('site String') WHERE (SELECT count() FROM file('FILE', 'LineAsString')) FORMAT CSV",
    "INSERT INTO gaps (site) SELECT file('FILE') FROM input('site String') FORMAT CSV",
    "INSERT INTO gaps (site) SELECT site FROM input('site String') UNION ALL SELECT * FROM file('FILE', 'LineAsString') FORMAT CSV",
    "INSERT INTO gaps (site) SELECT a.site FROM file('FILE', 'CSV', 'site String') AS a, input('site String') AS b FORMAT CSV",
    "INSERT INTO gaps (site) SELECT site FROM file('FILE', 'CSV', 'site String') WHERE site IN (SELECT * FROM input('site String')) FORMAT CSV",
    "INSERT INTO gaps (site) SELECT site FROM input('site String') WHERE (SELECT count() FROM input('site String')) FORMAT CSV",
    "INSERT INTO system.users SELECT site FROM input('site String') FORMAT CSV",
    "INSERT INTO FUNCTION file('FILE', 'CSV') SELECT site FROM input('site String') FORMAT CSV",
    "INSERT INTO gaps (site) SELECT site FROM input('site String'); SELECT 1 FORMAT CSV",
  ])('may not be %s', async (query) => {
    expect(await insert(query)).toMatch(/^code \d+$/);
    expect(await readdir(outside)).toEqual(['private.csv']);
  });
});

describe('the reader', () => {
  test.each(["INSERT INTO gaps (site) VALUES ('x')", 'INSERT INTO gaps (site) SELECT 1', 'SELECT 1 SETTINGS max_execution_time = 9000', 'SELECT 1 SETTINGS readonly = 0', 'SELECT query FROM system.processes', 'SHOW PROCESSLIST'])('cannot %s', async (sql) => {
    expect(await answer('reader', sql)).toMatch(/^code (164|497)$/);
  });

  test('cannot raise a limit, only lower it', async () => {
    const limit = (value: string): Promise<string> => answer('reader', "SELECT value FROM system.settings WHERE name = 'max_execution_time'", {}, { max_execution_time: value });
    expect([await limit('9000'), await limit('0'), await limit('2')]).toEqual(['5\n', '5\n', '2\n']);
    expect(await answer('reader', 'SELECT 1', {}, { max_execution_time: '-1' })).toBe('code 36');
    expect(await answer('reader', 'SELECT 1', {}, { format_schema: 'x' })).toBe('code 164');
  });

  test.each([
    'SELECT count() FROM events WHERE line LIKE {file:String}',
    'SELECT site, countIf(status >= 400), quantiles(0.5, 0.99)(response_bytes), uniqExact(source_ip) FROM events GROUP BY site WITH TOTALS ORDER BY 2 DESC LIMIT 5',
    "SELECT toStartOfInterval(timestamp, INTERVAL 5 MINUTE) AS t, count() FROM events WHERE timestamp > now() - INTERVAL 1 DAY GROUP BY t ORDER BY t WITH FILL STEP 300",
    "SELECT JSONExtractString(line, 'url', 'path'), arrayMap(x -> upper(x), classes), [1, 2][1], (1, 2).2, CAST(1 AS String), 1::UInt8, if(1, 2, 3), CASE 1 WHEN 1 THEN 2 ELSE 3 END FROM events",
    'SELECT row_number() OVER (PARTITION BY site ORDER BY leaf), lagInFrame(leaf) OVER w FROM events WINDOW w AS (ORDER BY leaf)',
    'WITH a AS (SELECT site FROM events) SELECT * FROM a JOIN tourniquet.alerts AS b USING (site) WHERE site IN (SELECT site FROM matches) AND EXISTS (SELECT 1)',
    'SELECT * EXCEPT (line), COLUMNS(\'^s\') FROM events ARRAY JOIN classes AS c',
    'SHOW TABLES', 'DESCRIBE events', 'SHOW CREATE TABLE events', 'EXISTS TABLE events', 'EXPLAIN SELECT 1', 'SELECT name FROM system.tables', 'SELECT version(), currentDatabase(), timezone()',
    'SELECT sumMapMerge(s) FROM (SELECT sumMapState(map(1, 2)) AS s)', 'SELECT number FROM numbers(3) FORMAT JSONEachRow',
  ])('may %s', async (sql) => {
    expect(await answer('reader', sql)).not.toMatch(/^code/);
  });
});

test.each([
  ['SHOW TABLES LIKE \'checkp%\'', 'checkpoints\n'], ['SHOW TABLES FROM tourniquet LIKE \'gap%\' LIMIT 1 FORMAT CSV', '"gaps"\n'], ['SHOW DATABASES LIKE \'tour%\'', 'tourniquet\n'],
  ['SHOW COLUMNS FROM gaps LIKE \'to_seq\'', 'to_seq\tUInt64\tNO\t\t\\N\t\n'], ['SHOW FUNCTIONS LIKE \'uniqExact\'', expect.stringContaining('uniqExact\t1')],
])('a reader is answered %s', async (sql, expected) => {
  expect(await answer('reader', sql)).toEqual(expected);
});

describe('who redacts', () => {
  const CHANGE = "ALTER TABLE events UPDATE line = 'it\\'s', user_name = '' WHERE site = 'shop' AND leaf = 3";

  test('may replace texts of one row, and say so in one table', async () => {
    expect(await answer('redactor', CHANGE)).toBe('');
    expect(await answer('redactor', "INSERT INTO redactions SELECT 'shop', 3, now64(3), 'note'")).toBe('');
    expect(await answer('redactor', 'SELECT count() FROM redactions')).toBe('1\n');
  });

  test.each(['reader', 'writer'] as const)('is not the %s', async (user) => {
    expect(await answer(user, CHANGE)).toMatch(/^code (164|497)$/);
    expect(await answer(user, "INSERT INTO redactions SELECT 'shop', 3, now64(3), 'note'")).toMatch(/^code (164|497)$/);
  });

  test.each([
    "ALTER TABLE events UPDATE line = '' WHERE site = 'shop'",
    'ALTER TABLE events DELETE WHERE site = \'shop\' AND leaf = 3',
    "ALTER TABLE checkpoints UPDATE line = '' WHERE site = 'shop' AND leaf = 3",
    "ALTER TABLE events UPDATE line = '' WHERE site = 'shop' OR leaf = 3",
    "ALTER TABLE events UPDATE line = '' WHERE site = 'shop' AND leaf = 3 OR 1",
    "ALTER TABLE events UPDATE line = '' WHERE site != 'shop' AND leaf = 3",
    "ALTER TABLE events UPDATE line = line WHERE site = 'shop' AND leaf = 3",
    "ALTER TABLE events UPDATE line = file('FILE') WHERE site = 'shop' AND leaf = 3",
    "ALTER TABLE events UPDATE line = '', DROP COLUMN path WHERE site = 'shop' AND leaf = 3",
    "ALTER TABLE events UPDATE line = '' WHERE site = 'shop' AND leaf = 3, DELETE WHERE 1",
    "ALTER TABLE events UPDATE line = 'x\n    Assignment path (children 1)\n     Literal ' WHERE site = 'shop' AND leaf = 3 OR 1",
    'DROP TABLE redactions', "INSERT INTO events (site, line) VALUES ('shop', 'x')", 'TRUNCATE TABLE events',
  ])('may not %s', async (sql) => {
    expect(await answer('redactor', sql)).toMatch(/^code (62|497)$/);
  });
});

describe('read-model rows of a redacted event', () => {
  const FORGET = "ALTER TABLE acts DELETE WHERE site = 'shop' AND leaf = 3";

  test('are replaced by who redacts', async () => {
    expect(await answer('redactor', FORGET)).toBe('');
    expect(await answer('redactor', FORGET.replace('acts', 'accesses'))).toBe('');
    expect(await answer('redactor', "INSERT INTO acts (site, leaf) VALUES ('shop', 3)")).toBe('');
  });

  test.each([
    ['reader', FORGET], ['writer', FORGET], ['retention', FORGET],
    ['redactor', FORGET.replace('acts', 'events')], ['redactor', FORGET.replace(' AND leaf = 3', '')], ['redactor', `${FORGET} OR 1`], ['redactor', FORGET.replace('= 3', '> 3')],
    ['redactor', `${FORGET}, DELETE WHERE 1`], ['redactor', "ALTER TABLE acts UPDATE actor = 'x' WHERE site = 'shop' AND leaf = 3"],
  ] as const)('not by %s with %s', async (user, sql) => {
    expect(await answer(user, sql)).toMatch(/^code (62|164|497)$/);
  });
});

describe('who lets rows expire', () => {
  test('may drop whole partitions of rows, store what is left of them, and read', async () => {
    for (const table of ['events', 'acts', 'accesses']) expect(await answer('retention', `ALTER TABLE ${table} DROP PARTITION ('health', 202001)`)).toBe('');
    for (const table of ['matches', 'alerts', 'dead_letters']) expect(await answer('retention', `ALTER TABLE ${table} DROP PARTITION 202001`)).toBe('');
    expect(await answer('retention', "INSERT INTO expired_leaves SELECT 'shop', 1, [0], 'x', 'id', now64(3)")).toBe('');
    expect(await answer('retention', "INSERT INTO expiries (id) VALUES ('id')")).toBe('');
    expect(await answer('retention', 'SELECT count() FROM expiries')).toBe('1\n');
  });

  test.each(['reader', 'writer', 'redactor'] as const)('is not the %s', async (user) => {
    expect(await answer(user, "ALTER TABLE events DROP PARTITION ('health', 202001)")).toMatch(/^code (164|497)$/);
    expect(await answer(user, "INSERT INTO expiries (id) VALUES ('id')")).toMatch(/^code (164|497)$/);
    expect(await answer(user, "INSERT INTO expired_leaves (site) VALUES ('shop')")).toMatch(/^code (164|497)$/);
  });

  test.each([
    ...['blocks', 'gaps', 'nodes', 'commits', 'checkpoints', 'redactions', 'expired_leaves', 'expiries'].map((table) => `ALTER TABLE ${table} DROP PARTITION 202001`),
    'ALTER TABLE events DROP PARTITION ALL', "ALTER TABLE events DROP PARTITION ID 'all'", "ALTER TABLE events DROP PART 'x'", "ALTER TABLE events DETACH PARTITION ('health', 202001)",
    "ALTER TABLE events DROP PARTITION tuple('health', 202001)", "ALTER TABLE events DROP PARTITION ('health', 202001), DROP PARTITION ('trail', 202001)", 'ALTER TABLE events DELETE WHERE 1',
    "ALTER TABLE matches DROP PARTITION ('health', 202001)", 'ALTER TABLE events DROP PARTITION 202001', "ALTER TABLE other.events DROP PARTITION ('health', 202001)",
    "INSERT INTO events (site, line) VALUES ('shop', 'x')", "INSERT INTO redactions (site) VALUES ('shop')", 'TRUNCATE TABLE events', 'DROP TABLE events',
  ])('may not %s', async (sql) => {
    expect(await answer('retention', sql)).toMatch(/^code \d+$/);
  });
});
