import { expect, test } from 'vitest';
import type { ControlStream } from '../../contracts/event-log.ts';
import { createLogDisk, openMemoryLog } from '../../contracts/memory-log.ts';
import { createControlRelease } from './control-release.ts';

async function filled(entries: number): Promise<ControlStream> {
  const { control } = openMemoryLog(createLogDisk(1));
  for (let i = 0; i < entries; i++) await control.append('other', String(i));
  return control;
}

const firstOf = async (control: ControlStream): Promise<number> => (await control.bounds()).first;

test('the stream is trimmed to the least release once every partition has one', async () => {
  const control = await filled(10);
  const { release } = createControlRelease(control, 3);
  await release(0, 9);
  await release(1, 4);
  expect(await firstOf(control)).toBe(0);
  await release(2, 7);
  expect(await firstOf(control)).toBe(4);
  await release(1, 8);
  expect(await firstOf(control)).toBe(7);
});

test('releases of other workers count, also from before this one started', async () => {
  const control = await filled(10);
  await createControlRelease(control, 2).release(0, 5);
  const { release } = createControlRelease(control, 2);
  await release(1, 8);
  expect(await firstOf(control)).toBe(5);
});

test('a late, lower release takes nothing back', async () => {
  const control = await filled(10);
  const late = createControlRelease(control, 1);
  await createControlRelease(control, 1).release(0, 8);
  await late.release(0, 3);
  expect(await firstOf(control)).toBe(8);
});

/** A snapshot of the second stage as others see it. */
function keyed(next: number, memory: readonly number[] = [], epoch = 1): string {
  return JSON.stringify({ type: 'keyed', epoch, next, memory });
}

test('the best snapshot of each partition of the second stage stays', async () => {
  const control = await filled(3);
  await control.append('keyed/0', keyed(5));
  await control.append('keyed/1', keyed(5));
  await control.append('keyed/0', keyed(6));
  const { release } = createControlRelease(control, 1);
  await release(0, 6);
  expect(await firstOf(control)).toBe(4);
  await control.append('keyed/1', keyed(5));
  await release(0, 7);
  expect(await firstOf(control)).toBe(5);
});

test.each([keyed(8), keyed(99, [], 1)])('one that a worker left behind wrote after it takes nothing away: %s', async (stale) => {
  const control = await filled(3);
  await control.append('keyed/0', keyed(9, [], 2));
  await control.append('keyed/0', stale);
  await control.append('other', '');
  await createControlRelease(control, 1).release(0, 6);
  expect(await firstOf(control)).toBe(3);
});

test('its pieces stay with it, those of one before go', async () => {
  const control = await filled(3);
  const snapshot = async (next: number, pieces: number): Promise<void> => {
    const memory: number[] = [];
    for (let i = 0; i < pieces; i++) memory.push(await control.append('keyed-part/0', 'sealed'));
    await control.append('other', '');
    await control.append('keyed/0', keyed(next, memory));
  };
  await snapshot(1, 2);
  const { release } = createControlRelease(control, 1);
  await release(0, 7);
  expect(await firstOf(control)).toBe(3);
  await snapshot(2, 3);
  await release(0, 13);
  // Behind it stands the first release.
  expect(await firstOf(control)).toBe(8);
});

test('one of before snapshots had pieces stays until a new one is ahead; one that cannot be read is in nobody\'s way', async () => {
  const control = await filled(3);
  await control.append('keyed/0', JSON.stringify({ type: 'keyed', next: 70, chain: { epoch: 3 }, memory: ['c2VhbGVk'] }));
  await control.append('keyed/1', '{"type":');
  const { release } = createControlRelease(control, 1);
  await release(0, 5);
  expect(await firstOf(control)).toBe(3);
  await control.append('keyed/0', keyed(70, [], 4));
  await release(0, 6);
  expect(await firstOf(control)).toBe(6);
});

test('a release that failed half-way is repeated without harm', async () => {
  const control = await filled(10);
  let failures = 1;
  const { release } = createControlRelease({ ...control, trim: async (before) => {
    if (failures-- > 0) throw new Error('away');
    await control.trim(before);
  } }, 1);
  await expect(release(0, 6)).rejects.toThrow('away');
  await release(0, 6);
  expect(await firstOf(control)).toBe(6);
});
