import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { rolesOf } from './health.ts';
import { homeAt } from './home.ts';
import { readRunFile } from './run-file.ts';

const CLI = fileURLToPath(new URL('cli.ts', import.meta.url));
const home = homeAt(mkdtempSync(path.join(tmpdir(), 'tourniquet-role-')));
afterAll(() => rmSync(home.root, { recursive: true }));

const announcedAt = (): string | undefined => readRunFile(home, 'keys')?.updated_at;

test('a role whose run file cannot be renewed, as on a full disk, says so once and goes on', async () => {
  writeFileSync(path.join(home.root, 'tourniquet.yaml'), 'keys: { port: 0 }\n');
  const child = spawn(process.execPath, [CLI, 'up', '--roles', 'keys'], { env: { ...process.env, TOURNIQUET_HOME: home.root, TOURNIQUET_CONFIG: undefined }, stdio: ['ignore', 'ignore', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  await expect.poll(announcedAt).toBeDefined();
  const inTheWay = path.join(home.run, 'keys.json.new');
  await expect.poll(() => mkdirSync(inTheWay, { recursive: true })).toBe(inTheWay);
  const before = readRunFile(home, 'keys');
  await expect.poll(() => said).toContain('keys.json.new');
  expect(readRunFile(home, 'keys')).toEqual(before);
  rmSync(inTheWay, { recursive: true });
  await expect.poll(announcedAt).not.toBe(before?.updated_at);
  expect(readRunFile(home, 'keys')?.pid).toBe(before?.pid);
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
  expect(said.match(/"event":"run file not renewed"/g)).toHaveLength(1);
});

test('when nobody reads its log any more, as after its terminal was closed, the instance goes on and starts again what died', async () => {
  const child = spawn(process.execPath, [CLI, 'up', '--roles', 'keys'], { env: { ...process.env, TOURNIQUET_HOME: home.root, TOURNIQUET_CONFIG: undefined }, stdio: ['ignore', 'ignore', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const pid = (): number | undefined => readRunFile(home, 'keys')?.pid;
  await expect.poll(pid).toBeDefined();
  child.stderr.destroy();
  await once(child.stderr, 'close');
  const before = pid();
  process.kill(Number(before), 'SIGKILL');
  await expect.poll(() => child.exitCode ?? (pid() !== undefined && pid() !== before)).toBe(true);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('a terminal that is closed, and so hangs up on every process, stops the instance cleanly', async () => {
  const child = spawn(process.execPath, [CLI, 'up', '--roles', 'keys'], { detached: true, env: { ...process.env, TOURNIQUET_HOME: home.root, TOURNIQUET_CONFIG: undefined }, stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  await expect.poll(announcedAt).toBeDefined();
  process.kill(-Number(child.pid), 'SIGHUP');
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(rolesOf(home)).toEqual([]);
});
