import { expect, test } from 'vitest';
import { createLogDisk, openMemoryLog } from '../../contracts/memory-log.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { createControlRelease } from '../commit/control-release.ts';
import { createRetry } from '../commit/retry.ts';
import { createVirtualClock } from '../commit/virtual-clock.ts';
import { CONFIG, noSeal, openPlain } from './correlator-fixture.ts';
import type { Place } from './correlator-state.ts';
import { openSnapshots } from './snapshots.ts';
import { createPartition, tellMany } from './test-partition.ts';

const MIB = 1024 * 1024;
const { signal } = new AbortController();

function place(next: number): Place {
  return { next, seen: { 0: { first: next - 1, last: next - 1, part: 0 } }, epoch: 1, rules: 'r1' };
}

function openOn(disk = createLogDisk(1)) {
  const clock = createVirtualClock(Date.UTC(2026, 10, 21));
  const { control } = openMemoryLog(disk, undefined, clock.sleep);
  const retry = createRetry({ partition: 0, clock, config: CONFIG, onEvent: () => undefined });
  const snapshots = openSnapshots({ partition: 0, control, seal: noSeal, open: openPlain, retry, clock });
  async function read(): Promise<{ readonly next: number; readonly memory: unknown } | undefined> {
    const best = await snapshots.best(signal);
    return best === undefined ? undefined : { next: best.kept.snapshot.next, memory: await snapshots.open(best.kept, best.sealed) };
  }
  return { disk, control, snapshots, read };
}

test('eight MiB that cannot be compressed pass the limits of the stream in pieces, and come back', async () => {
  const random = seededRandom(1);
  const memory = { blob: Buffer.from(Array.from({ length: 6 * MIB }, () => random.below(256))).toString('base64') };
  expect(JSON.stringify(memory).length).toBeGreaterThan(8 * MIB);
  const { disk, snapshots, control } = openOn();
  await snapshots.append(place(7), 'toy/1', memory, signal);
  const entries = await control.read(0, 100);
  expect(entries.length).toBeGreaterThan(8);
  for (const { value } of entries) expect(value.length).toBeLessThan(1.5 * MIB);
  expect(await openOn(disk).read()).toEqual({ next: 7, memory });
});

test('pieces of snapshots that are written at the same time do not meet', async () => {
  const disk = createLogDisk(1);
  const memories = ['a', 'b', 'c'].map((letter) => letter.repeat(3 * MIB));
  await Promise.all(memories.map(async (memory, i) => openOn(disk).snapshots.append(place(i + 1), 'toy/1', memory, signal)));
  const keys = disk.control.entries.map((e) => e.key);
  expect(keys.indexOf('keyed/0')).toBeGreaterThan(3);
  expect(await openOn(disk).read()).toEqual({ next: 3, memory: memories[2] });
});

test('one whose pieces were trimmed while it was written does not count: the one before does', async () => {
  const { disk, snapshots, control } = openOn();
  await snapshots.append(place(3), 'toy/1', 'three', signal);
  const slow = await control.append('keyed-part/0', 'a piece of a slow worker');
  await snapshots.append(place(4), 'toy/1', 'four', signal);
  await createControlRelease(control, 1).release(0, 100);
  await control.append('keyed/0', JSON.stringify({ type: 'keyed', partition: 0, version: 'toy/1', ...place(5), memory: [slow] }));
  expect((await control.bounds()).first).toBeGreaterThan(slow);
  expect(await openOn(disk).read()).toEqual({ next: 4, memory: 'four' });
  await createControlRelease(control, 1).release(0, 100);
  expect(await openOn(disk).read()).toEqual({ next: 4, memory: 'four' });
});

test('a snapshot whose pieces were trimmed is written again, also when nothing new came', async () => {
  const p = createPartition();
  await tellMany(p, 0, 4);
  let trimmed = false;
  const log = openMemoryLog(p.disk, async (what, effect) => {
    const done = effect();
    // Between the piece and the snapshot that names it.
    if (what === 'control append' && !trimmed) {
      trimmed = true;
      await p.log.control.trim(1);
    }
    return done;
  }, p.clock.sleep);
  await p.work({ log }, 200);
  expect((await p.snapshots()).map(({ next, memory }) => ({ next, memory }))).toEqual([{ next: 4, memory: [0] }, { next: 4, memory: [2] }]);
  await tellMany(p, 4, 6);
  expect(await p.work()).toMatchObject({ next: 6, findings: 2 });
});

test('a snapshot of before findings had places is gone on from under a new epoch, with an empty memory', async () => {
  const p = createPartition();
  await tellMany(p, 0, 5);
  const old = { type: 'keyed', partition: 0, version: 'many-sites/1', next: 2, seen: { 0: { first: 1, last: 1, part: 0 } }, chain: { epoch: 3, nextSeq: 7, head: 'x' }, memory: ['c2VhbGVk'] };
  await p.log.control.append('keyed/0', JSON.stringify(old));
  expect(await p.work()).toMatchObject({ next: 5, findings: 1 });
  const { ids, breaks } = await p.trail();
  expect([ids, breaks]).toEqual([['r1 a shop/3 shop/4 shop/5'], ['changed']]);
  expect((await p.snapshots()).at(-1)).toMatchObject({ epoch: 4, next: 5 });
});
