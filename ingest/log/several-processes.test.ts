import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EventLog } from '../../contracts/event-log.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { openEmbeddedLog } from './embedded-log.ts';

const PROCESS = fileURLToPath(new URL('log-process.ts', import.meta.url));
const ALL = { maxRecords: 1e6, maxBytes: 1e9 };

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tq-log-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

interface Writer {
  readonly child: ChildProcessByStdio<null, Readable, null>;
  /** Whole lines printed so far. */
  readonly lines: () => readonly string[];
  readonly ended: Promise<unknown>;
}

function startWriter(site: string, mode: string): Writer {
  const child = spawn(process.execPath, [PROCESS, directory, site, mode], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return { child, lines: () => text.split('\n').slice(0, -1), ended: once(child, 'close') };
}

async function valuesOf(log: EventLog): Promise<Map<number, string>> {
  const records = await log.read(0, 0, ALL);
  return new Map(records.map((record) => [record.position, record.value.toString('utf8', 0, 40).split('/').slice(0, 3).join('/')]));
}

test('processes that append and claim at once lose nothing, keep their own order and agree on every winner', async () => {
  const sites = ['a', 'b', 'c'];
  const writers = sites.map((site) => startWriter(site, 'claim'));
  await Promise.all(writers.map(async (writer) => writer.ended));
  await using log = await openEmbeddedLog({ directory, partitions: 1 });
  const records = await log.read(0, 0, ALL);
  for (const site of sites) {
    expect(records.filter((record) => record.key === site).map((record) => record.value.toString())).toEqual(Array.from({ length: 300 }, (_, i) => `${site}/${i}`));
  }
  const answers = writers.map((writer) => writer.lines());
  expect(answers[0]).toHaveLength(50);
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect((await log.control.read(0, 1_000)).map((entry) => `${entry.offset} ${entry.value}`)).toEqual(answers[0]);
});

test('a writer killed at any moment leaves every acknowledged record once and in order, and the log goes on', async () => {
  const seed = Number(process.env['TOURNIQUET_SEED'] ?? Date.now() % 1_000_000);
  process.stdout.write(`kill test: TOURNIQUET_SEED=${seed}\n`);
  const random = seededRandom(seed);
  await using log = await openEmbeddedLog({ directory, partitions: 1 });
  const acknowledged: string[] = [];
  for (let round = 0; round < 20; round++) {
    const writer = startWriter('shop', 'forever');
    const most = random.between(1, 200);
    while (writer.lines().length < most && writer.child.exitCode === null) await Promise.race([once(writer.child.stdout, 'data'), writer.ended]);
    expect(writer.child.exitCode).toBeNull();
    writer.child.kill('SIGKILL');
    await writer.ended;
    acknowledged.push(...writer.lines());
    // Another process's commit after the kill: locks and half-written pages of the dead one do not stand in the way.
    await log.append('shop', Buffer.from(`alive/0/${round}`));
  }
  const stored = await valuesOf(log);
  for (const line of acknowledged) {
    const [position, name] = line.split(' ');
    expect(stored.get(Number(position))).toBe(name);
  }
  const names = [...stored.values()];
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => name.startsWith('alive'))).toHaveLength(20);
  const next = new Map<string, number>();
  for (const name of names) {
    const [pid, writer, i] = name.split('/');
    expect(Number(i)).toBe(next.get(`${pid}/${writer}`) ?? 0);
    next.set(`${pid}/${writer}`, Number(i) + 1);
  }
});

test('a disk that is full makes appends fail as retryable; what was acknowledged is there, and after a trim it goes on', async () => {
  // bash counts in 1,024 bytes; without the trap the process would be ended by SIGXFSZ.
  const script = 'trap "" XFSZ; ulimit -f 3000; exec "$@" 2>/dev/null';
  const printed = execFileSync('bash', ['-c', script, 'bash', process.execPath, PROCESS, directory, 'shop', 'fill'], { encoding: 'utf8' }).trim().split('\n');
  expect(printed.pop()).toBe('TQ-LOG-02 true');
  const acknowledged = printed.map(Number);
  expect(acknowledged.length).toBeGreaterThan(100);
  expect(acknowledged).toEqual(Array.from({ length: acknowledged.length }, (_, i) => i));
  await using log = await openEmbeddedLog({ directory, partitions: 1 });
  expect((await log.read(0, 0, ALL)).map((record) => record.position)).toEqual(acknowledged.slice(50));
});
