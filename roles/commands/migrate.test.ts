import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFakeServer } from '../../storage/client/fake-server.ts';
import type { Answer, Asked } from '../../storage/client/fake-server.ts';

const SECRETS = { WRITER: `writer-${'secret'}`, READER: `reader-${'secret'}`, ADMIN: `admin-${'secret'}` };

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tourniquet-migrate-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

interface Said {
  readonly code: number;
  readonly text: string;
}

async function migrate(address: string, args: readonly string[] = [], secrets = 'secrets: {storage_writer: env:WRITER, storage_reader: env:READER, storage_admin: env:ADMIN}'): Promise<Said> {
  const file = join(root, 'tourniquet.yaml');
  await writeFile(file, `storage: {cluster: main}\naddresses: {storage: "${address}"}\n${secrets}\n`);
  const cli = join(import.meta.dirname, '..', 'cli.ts');
  const env = { ...process.env, ...SECRETS, TOURNIQUET_HOME: join(root, 'home') };
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, '--config', file, 'migrate', ...args], { env }, (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), text: stdout + stderr }));
  });
}

function server(asked: Asked): Answer {
  return { body: asked.query.startsWith('SELECT version()') ? '{"version":"26.3.1.1"}\n' : '' };
}

test('without an address nothing is to do: the storage role migrates itself', async () => {
  expect(await migrate('')).toMatchObject({ code: 0, text: expect.stringContaining('Nothing to do') });
  expect(await migrate('', ['--json'])).toEqual({ code: 0, text: '{"nothing_to_do":true}\n' });
});

test('the address of a storage role is known by its answer, and left alone', async () => {
  await using role = await startFakeServer(() => ({ headers: { 'X-ClickHouse-Server-Display-Name': 'tourniquet' }, body: 'Ok.\n' }));
  expect(await migrate(role.url)).toMatchObject({ code: 0, text: expect.stringContaining('Nothing to do') });
  expect(role.asked).toHaveLength(1);
});

test('on a server it runs as the administrator, and says what it ran', async () => {
  await using clickhouse = await startFakeServer(server);
  const said = await migrate(clickhouse.url, ['--user', 'root', '--json']);
  expect(said.code).toBe(0);
  expect(JSON.parse(said.text)).toMatchObject({ version: '26.3.1.1', migrations: expect.arrayContaining(['001-tables.sql']) });
  expect(clickhouse.asked.filter(({ query }) => query.startsWith('GRANT')).map(({ user }) => user)).toEqual(['root', 'root']);
});

test('what is printed touches nothing and holds no secret, hashed or not', async () => {
  await using clickhouse = await startFakeServer(server);
  const said = await migrate(clickhouse.url, ['--print']);
  expect(said.text).toMatch(/^CREATE DATABASE IF NOT EXISTS tourniquet ON CLUSTER 'main'/);
  expect(said.text).toContain("BY '<SHA-256 of password and salt>' SALT '<salt>'");
  expect(said.text).not.toMatch(/secret/);
  expect(clickhouse.asked).toEqual([]);
});

test('a server that cannot be reached and a password that is not named are clear errors', async () => {
  expect(await migrate('http://127.0.0.1:1')).toMatchObject({ code: 1, text: expect.stringContaining('ECONNREFUSED') });
  expect(await migrate('http://127.0.0.1:1', [], '')).toMatchObject({ code: 1, text: expect.stringContaining('secrets.storage_writer') });
});
