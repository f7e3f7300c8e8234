import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createGroupStore } from '../client/group-store.ts';
import { defaultStorageConfig, threadPoolSize } from '../config.ts';
import { DataDirectory } from './data-directory.ts';

/** Starts the role in a process of its own, prints its URL, runs until killed or told to end by a line on stdin. */
const ROLE = `
  import { startStorage } from './storage.ts';
  import { defaultStorageConfig } from '../config.ts';
  const [directory, port] = process.argv.slice(1);
  try {
    const storage = await startStorage({ directory, host: '127.0.0.1', port: Number(port), writerPassword: 'w', readerPassword: 'r', config: defaultStorageConfig() });
    console.log(storage.url);
    process.stdin.once('data', async () => { await storage.close(); process.exit(0); });
  } catch (error) { console.log(error.code); process.exit(1); }`;

let root: string;
let directory: string;
let tests = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tourniquet-role-'));
});
beforeEach(() => {
  directory = join(root, String(++tests));
});
afterAll(() => rm(root, { recursive: true, force: true }));

interface Role {
  /** Its URL, or the code of the error it ended with. */
  readonly said: string;
  stop(how: 'ask' | 'SIGKILL'): Promise<void>;
}

async function role(at = directory, port = 0): Promise<Role> {
  const env = { ...process.env, UV_THREADPOOL_SIZE: String(threadPoolSize(defaultStorageConfig())) };
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', ROLE, at, String(port)], { cwd: import.meta.dirname, env, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const said = await new Promise<string>((resolve) => child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim())));
  const stop = async (how: 'ask' | 'SIGKILL'): Promise<void> => {
    if (how === 'ask') child.stdin.write('end\n');
    else child.kill('SIGKILL');
    await ended;
  };
  return { said, stop };
}

function gap(position: number): { readonly table: 'gaps'; readonly tier: ''; readonly rows: 1; readonly format: 'JSONEachRow'; readonly data: Buffer } {
  return { table: 'gaps', tier: '', rows: 1, format: 'JSONEachRow', data: Buffer.from(JSON.stringify({ site: 's', received_at: '2026-11-20T10:00:00Z', partition: 0, position })) };
}
const OPEN = { kind: 'uncommitted', range: { partition: 0, first: 0, last: 1_000 } } as const;
const AT = Date.UTC(2026, 10, 20);

test('after a kill -9 every acknowledged insert is there once, and a repeat of each token adds nothing', async () => {
  let acknowledged = 0;
  for (let round = 0; round < 3; round++) {
    const running = await role();
    await using store = createGroupStore({ url: running.said, user: 'writer', password: 'w' });
    for (let i = 0; i < 10; i++) await store.insert(`t${acknowledged}`, gap(acknowledged++), OPEN);
    const inFlight = store.insert(`t${acknowledged}`, gap(acknowledged), OPEN).then(() => acknowledged++, () => {});
    await running.stop('SIGKILL');
    await inFlight;
  }
  const running = await role();
  await using store = createGroupStore({ url: running.said, user: 'writer', password: 'w' });
  for (let i = 0; i < acknowledged; i++) await store.insert(`t${i}`, gap(i), OPEN);
  expect(await store.count('gaps', { partition: 0, first: 0, last: acknowledged - 1 }, AT, AT)).toBe(acknowledged);
  await running.stop('ask');
});

test('a second process on the directory is refused, and one after the first has ended is not', async () => {
  const first = await role();
  expect((await role()).said).toBe('TQ-STORAGE-01');
  await first.stop('SIGKILL');
  const next = await role();
  expect(next.said).toMatch(/^http:/);
  await next.stop('ask');
});

test('a directory that is none, or holds what the engine cannot read, is a clear error', async () => {
  await writeFile(directory, 'a file');
  expect((await role()).said).toBe('TQ-STORAGE-02');
  const damaged = join(root, 'damaged');
  const first = await role(damaged);
  await first.stop('ask');
  await rm(join(damaged, 'engine', 'metadata', 'tourniquet.sql'), { force: true });
  await mkdir(join(damaged, 'engine', 'metadata', 'tourniquet.sql'));
  expect((await role(damaged)).said).toBe('TQ-STORAGE-02');
});

test('a port that is taken is a clear error', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  // A TCP server's address is an AddressInfo.
  expect((await role(directory, (taken.address() as AddressInfo).port)).said).toBe('TQ-STORAGE-07');
  await new Promise((resolve) => taken.close(resolve));
});

test('a body left by a crash is gone after the next start', async () => {
  await mkdir(join(directory, 'spool'), { recursive: true });
  await writeFile(join(directory, 'spool', 'left.body'), 'x');
  await using held = await DataDirectory.hold(directory);
  const { stdout } = await promisify(execFile)('ls', [held.spool]);
  expect(stdout).toBe('');
});

test('heavy reads on every reader hold an insert for less than 100 ms, and its rows are seen at once', async () => {
  const running = await role();
  await using store = createGroupStore({ url: running.said, user: 'writer', password: 'w' });
  await using reader = createClient({ url: running.said, username: 'reader', password: 'r', log: { level: ClickHouseLogLevel.OFF } });
  let position = 0;
  const median = async (): Promise<number> => {
    const times: number[] = [];
    for (let i = 0; i < 15; i++) {
      const startedMs = performance.now();
      await store.insert(`m${position}`, gap(position++), OPEN);
      times.push(performance.now() - startedMs);
    }
    return times.toSorted((a, b) => a - b)[7] ?? Number.NaN;
  };
  await median();
  const aloneMs = await median();
  const abort = new AbortController();
  const reads = Array.from({ length: defaultStorageConfig().readers - 1 }, (_, i) => reader.query({ query: `SELECT max(cityHash64(number, ${i})) FROM numbers(1000000000000)`, abort_signal: abort.signal }).catch(() => {}));
  await sleep(200);
  const besideMs = await median();
  expect(await store.count('gaps', { partition: 0, first: 0, last: position }, AT, AT)).toBe(position);
  abort.abort();
  await Promise.all(reads);
  await running.stop('ask');
  expect(besideMs - aloneMs).toBeLessThan(100);
});
