import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openEmbeddedLog } from './embedded-log.ts';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tq-log-'));
  file = join(directory, 'data.mdb');
});
afterEach(() => rmSync(directory, { recursive: true }));

const BLOCK = Buffer.alloc(12_000, 7);
const ALL = { maxRecords: 1e6, maxBytes: 1e9 };

/** A file that starts as LMDB's do, of a version that does not exist. */
function wrongVersion(): Buffer {
  const bytes = Buffer.alloc(100_000);
  bytes.writeUInt32LE(0xbeefc0de, 24);
  bytes.writeUInt32LE(77, 28);
  return bytes;
}

async function filled(records: number): Promise<void> {
  await using log = await openEmbeddedLog({ directory, partitions: 1 });
  await Promise.all(Array.from({ length: records }, async () => log.append('shop', BLOCK)));
}

test('a full log refuses appends as retryable, keeps what it has, still takes control entries, and goes on after a trim', async () => {
  await using log = await openEmbeddedLog({ directory, partitions: 1, maxBytes: 1024 * 1024 });
  const answers = await Promise.allSettled(Array.from({ length: 200 }, async () => log.append('shop', BLOCK)));
  const accepted = answers.filter((answer) => answer.status === 'fulfilled').length;
  expect(accepted).toBeGreaterThan(60);
  expect(accepted).toBeLessThan(90);
  const refusals = answers.flatMap((answer): unknown[] => (answer.status === 'rejected' ? [answer.reason] : []));
  expect(refusals).toEqual(Array.from(refusals, () => expect.objectContaining({ code: 'TQ-LOG-01', status: 503, retryable: true })));
  expect(await log.read(0, 0, ALL)).toHaveLength(accepted);
  await log.control.claim('commit/0/0', 'done');
  await log.trim(0, 20);
  await log.append('shop', BLOCK);
  expect((await log.bounds(0)).next).toBe(accepted + 1);
});

test('observations nobody reads lose their oldest, are never refused, and leave room for blocks and control entries', async () => {
  await using log = await openEmbeddedLog({ directory, partitions: 2, maxBytes: 4 * 1024 * 1024 });
  for (let i = 0; i < 100; i++) await Promise.all(Array.from({ length: 10 }, async (_, j) => log.observations.appendTo(j % 2, 'p', Buffer.alloc(3_000 + j, i))));
  for (const partition of [0, 1]) {
    const { first, next } = await log.observations.bounds(partition);
    expect(next).toBe(500);
    // 256 KiB a partition at two pages a record, some more are let go of at once.
    expect(next - first).toBeGreaterThan(32 - 17);
    expect(next - first).toBeLessThanOrEqual(64);
    const kept = await log.observations.read(partition, 0, ALL);
    expect(kept.map((record) => record.position)).toEqual(Array.from({ length: next - first }, (_, i) => first + i));
  }
  const answers = await Promise.allSettled(Array.from({ length: 400 }, async () => log.append('shop', BLOCK)));
  expect(answers.filter((answer) => answer.status === 'fulfilled').length).toBeGreaterThan(180);
  expect(answers.some((answer) => answer.status === 'rejected')).toBe(true);
  await log.observations.append('a', BLOCK);
  await log.control.append('k', 'v');
});

test('a trim of observations gives their share back, and one larger than the share is kept alone', async () => {
  await using log = await openEmbeddedLog({ directory, partitions: 1, maxBytes: 1024 * 1024 });
  const fill = async (): Promise<number> => {
    for (let i = 0; i < 12; i++) await log.observations.appendTo(0, 'p', BLOCK);
    const { first, next } = await log.observations.bounds(0);
    return next - first;
  };
  const kept = await fill();
  expect(kept).toBeLessThan(12);
  await log.observations.trim(0, (await log.observations.bounds(0)).next);
  expect(await fill()).toBe(kept);
  await log.observations.appendTo(0, 'p', Buffer.alloc(200_000));
  expect(await log.observations.read(0, 0, ALL)).toHaveLength(1);
  await log.observations.appendTo(0, 'p', BLOCK);
  expect(await log.observations.read(0, 0, ALL)).toHaveLength(1);
});

test('the space of trimmed records is used again: the file stops growing', async () => {
  await using log = await openEmbeddedLog({ directory, partitions: 1, maxBytes: 8 * 1024 * 1024 });
  let grownAt = 0;
  let size = 0;
  for (let round = 0; round < 40; round++) {
    await Promise.all(Array.from({ length: 100 }, async (_, i) => log.append('shop', Buffer.alloc(8_000 + ((round * 100 + i) % 9) * 1_000, 7))));
    await log.trim(0, (await log.bounds(0)).next - 50);
    const { size: now } = statSync(file);
    if (now > size) grownAt = round;
    size = now;
  }
  expect(size).toBeLessThan(16 * 1024 * 1024);
  expect(grownAt).toBeLessThan(35);
});

test('a log made with another number of partitions is refused', async () => {
  await filled(1);
  await expect(openEmbeddedLog({ directory, partitions: 2 })).rejects.toMatchObject({ code: 'TQ-LOG-04', retryable: false });
});

test('a file that is no log is refused', async () => {
  for (const bytes of [Buffer.from('not a log at all'), Buffer.alloc(100_000, 0x41), Buffer.alloc(100_000), wrongVersion()]) {
    writeFileSync(file, bytes);
    await expect(openEmbeddedLog({ directory, partitions: 1 })).rejects.toMatchObject({ code: 'TQ-LOG-03', retryable: false });
  }
});

test('a file cut short anywhere is refused, not a crash', async () => {
  await filled(200);
  const whole = readFileSync(file);
  for (let share = 0; share < 0.98; share += 0.07) {
    writeFileSync(file, whole);
    truncateSync(file, Math.floor(whole.length * share) + 1);
    await expect(openEmbeddedLog({ directory, partitions: 1 }), `cut at ${share}`).rejects.toMatchObject({ code: 'TQ-LOG-03' });
  }
  writeFileSync(file, whole);
  await using log = await openEmbeddedLog({ directory, partitions: 1 });
  expect(await log.read(0, 0, ALL)).toHaveLength(200);
});

test('a directory that cannot be used as a log is refused', async () => {
  mkdirSync(join(directory, 'lock.mdb'));
  await expect(openEmbeddedLog({ directory, partitions: 1 })).rejects.toMatchObject({ code: 'TQ-LOG-08', retryable: false });
  await expect(openEmbeddedLog({ directory: join(directory, 'lock.mdb', 'a\0b'), partitions: 1 })).rejects.toMatchObject({ code: 'TQ-LOG-08' });
});

test('an empty file, as a kill while it was made leaves it, becomes a new log', async () => {
  writeFileSync(file, '');
  await filled(3);
  await using log = await openEmbeddedLog({ directory, partitions: 1 });
  expect(await log.read(0, 0, ALL)).toHaveLength(3);
});

test('the log is readable by its user only', async () => {
  await filled(1);
  expect(statSync(file).mode & 0o077).toBe(0);
});
