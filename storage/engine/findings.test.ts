import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { drainPending, Session } from 'chdb';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** What the engine was measured to do and the storage role builds on. A failure here names what an upgrade changed. */

let root: string;
let directory: string;
let session: Session;
const HEAVY = 'SELECT max(cityHash64(number)) FROM numbers(1000000000000)';

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tourniquet-engine-'));
  directory = join(root, 'data');
  session = new Session(directory);
  await session.queryAsync('CREATE DATABASE facts ENGINE = Atomic; USE facts');
  await session.queryAsync(`CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a SETTINGS non_replicated_deduplication_window = 100,
    fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1`);
  await session.queryAsync('CREATE TABLE plain (a UInt64) ENGINE = MergeTree ORDER BY a');
});
afterAll(async () => {
  session.close();
  await drainPending();
  await rm(root, { recursive: true, force: true });
});

async function withSession<T>(work: (other: Session) => Promise<T>, setup = ''): Promise<T> {
  using other = new Session(directory);
  await other.queryAsync(`USE facts; ${setup}`);
  return await work(other);
}

async function text(sql: string, from: Session = session): Promise<string> {
  return (await from.queryAsync(sql, { format: 'TSVRaw' })).text().trim();
}

test('calls on one session run one after another, on two sessions side by side', async () => {
  await withSession(async (reader) => {
    const ended: string[] = [];
    const note = (name: string) => (): void => void ended.push(name);
    const long = reader.queryAsync("SELECT sleep(3) SETTINGS log_comment = 'long'").then(note('long'));
    while ((await text("SELECT count() FROM system.processes WHERE Settings['log_comment'] = 'long'")) === '0') await sleep(10);
    const behind = reader.queryAsync('SELECT 1').then(note('behind it'));
    const beside = session.queryAsync('INSERT INTO plain VALUES (1)').then(note('beside it'));
    await Promise.all([long, behind, beside]);
    expect(ended).toEqual(['beside it', 'long', 'behind it']);
  });
});

test('a query can be found by its log_comment and killed from another session', async () => {
  await withSession(async (reader) => {
    const running = reader.queryAsync(HEAVY);
    const outcome = running.then(() => 'answered', String);
    while ((await text("SELECT count() FROM system.processes WHERE Settings['log_comment'] = 'mark'")) === '0') await sleep(10);
    await session.queryAsync("KILL QUERY WHERE Settings['log_comment'] = 'mark' ASYNC");
    expect(await outcome).toMatch(/Code: 394/);
  }, "SET log_comment = 'mark'");
});

test('limits of time and memory hold', async () => {
  await withSession((s) => expect(s.queryAsync(HEAVY)).rejects.toThrow(/Code: 159/), 'SET max_execution_time = 1');
  await withSession((s) => expect(s.queryAsync('SELECT groupArray(number) FROM numbers(100000000)')).rejects.toThrow(/Code: 241/), 'SET max_memory_usage = 50000000');
});

test('readonly = 1 refuses inserts, table functions on files, other settings, and its own end', async () => {
  await withSession(async (s) => {
    for (const sql of ['INSERT INTO t VALUES (1)', "SELECT * FROM file('/etc/hostname', 'LineAsString')", 'SET max_threads = 3', 'SET readonly = 0']) {
      await expect(s.queryAsync(sql), sql).rejects.toThrow(/Code: 164/);
    }
  }, 'SET readonly = 1');
});

test('readonly = 1 does not refuse the function file(), INTO OUTFILE, or paths as names of the default database: the access policy must', async () => {
  const file = join(root, 'readable.csv');
  await writeFile(file, '7\n');
  // Once anyone has read the path, it is a table like any other.
  await text(`SELECT * FROM default.\`${file}\``);
  await withSession(async (s) => {
    expect(await text(`SELECT file('${file}')`, s)).toBe('7');
    expect(await text(`SELECT * FROM default.\`${file}\``, s)).toBe('7');
    await s.queryAsync(`SELECT 1 INTO OUTFILE '${join(root, 'written')}'`);
  }, 'SET readonly = 1');
});

test('several statements in one text all run, also behind EXPLAIN AST; formatQuery takes one only', async () => {
  const before = await text('SELECT count() FROM plain');
  await session.queryAsync('EXPLAIN AST SELECT 1; INSERT INTO plain SELECT 5');
  expect(Number(await text('SELECT count() FROM plain'))).toBe(Number(before) + 1);
  await expect(text("SELECT formatQuerySingleLine('SELECT 1; SELECT 2')")).rejects.toThrow(/Code: 62/);
});

test('a fresh default database in memory resolves no paths, and needs making at each start', async () => {
  const file = join(root, 'other.csv');
  await writeFile(file, '7\n');
  const script = `import { Session } from 'chdb'; const s = new Session(process.argv[1]);
    if (process.argv[2] === 'replace') s.query('DROP DATABASE default; CREATE DATABASE default ENGINE = Memory');
    try { console.log(s.query('SELECT * FROM default.\`${file}\`').trim()); } catch { console.log('refused'); } process.exit(0);`;
  for (const [step, answer] of [['replace', 'refused'], ['keep', '7'], ['replace', 'refused']] as const) expect(await node(script, join(root, 'fresh'), step)).toBe(answer);
});

test('a token keeps a second insert out, from a file as well, only where the table keeps a window', async () => {
  const file = join(root, 'rows.csv');
  await writeFile(file, '1\n2\n');
  await withSession(async (s) => {
    for (const insert of ['INSERT INTO t SELECT number FROM numbers(2)', `INSERT INTO t FROM INFILE '${file}' FORMAT CSV`, `INSERT INTO t SELECT * FROM file('${file}', 'CSV', 'a UInt64')`]) {
      await s.queryAsync(`TRUNCATE TABLE t; TRUNCATE TABLE plain; SET insert_deduplication_token = '${insert.length}'`);
      for (let i = 0; i < 2; i++) {
        await s.queryAsync(insert);
        await s.queryAsync(insert.replace('INTO t', 'INTO plain'));
      }
      expect([await text('SELECT count() FROM t'), await text('SELECT count() FROM plain')], insert).toEqual(['2', '4']);
    }
  });
});

test('users cannot be created', async () => {
  await expect(session.queryAsync("CREATE USER someone IDENTIFIED BY 'x'")).rejects.toThrow(/Code: \d+/);
});

test('parameters set in one session are not seen in another', async () => {
  await withSession(async (s) => {
    expect(await text('SELECT {x:String}', s)).toBe('a b');
    await expect(text('SELECT {x:String}')).rejects.toThrow(/Code: 456/);
  }, "SET param_x = 'a b'");
});

test('server settings given at start are honoured', async () => {
  const script = `import { Session } from 'chdb'; const s = new Session(process.argv[1], { connectionArgs: ['--max_server_memory_usage=300000000', '--mark_cache_size=5000000', '--background_pool_size=3'] });
    console.log(s.query("SELECT value FROM system.server_settings WHERE name IN ('max_server_memory_usage', 'mark_cache_size', 'background_pool_size') ORDER BY name", 'TSVRaw').trim().replaceAll('\\n', ' ')); process.exit(0);`;
  expect(await node(script, join(root, 'settings'))).toBe('3 5000000 300000000');
});

test('a kill -9 keeps every acknowledged row', async () => {
  const script = `import { Session } from 'chdb'; const s = new Session(process.argv[1]);
    s.query('CREATE TABLE IF NOT EXISTS default.k (a UInt64) ENGINE = MergeTree ORDER BY a SETTINGS fsync_after_insert = 1, fsync_part_directory = 1');
    for (let i = 1; ; i++) { s.query('INSERT INTO default.k SELECT number FROM numbers(1000)'); process.stdout.write('.'); }`;
  const data = join(root, 'killed');
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, data], { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] });
  let acknowledged = 0;
  for await (const chunk of child.stdout) {
    acknowledged += String(chunk).length;
    if (acknowledged >= 20) child.kill('SIGKILL');
  }
  const stored = await node(`import { Session } from 'chdb'; const s = new Session(process.argv[1]); console.log(s.query('SELECT count() FROM default.k').trim()); process.exit(0);`, data);
  // The one in flight may have been stored as well.
  expect([acknowledged, acknowledged + 1]).toContain(Number(stored) / 1000);
});

async function node(script: string, ...args: readonly string[]): Promise<string> {
  return (await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, ...args], { cwd: import.meta.dirname })).stdout.trim();
}
