import { expect, test } from 'vitest';
import { MemoryLogError } from '../../contracts/memory-log.ts';
import { parseRecord } from '../../contracts/log-record.ts';
import { CONFIG } from './correlator-fixture.ts';
import { createPartition } from './test-partition.ts';
import { TOY_SILENCE_MS } from './toy-keyed-stage.ts';

/** Observations of the fixture were received then. */
const RECEIVED = 2_001;

function ticksOf({ disk }: ReturnType<typeof createPartition>): readonly number[] {
  return disk.observations.flatMap((d) => d.records).flatMap(({ value }) => parseRecord(value)?.head.tick ?? []);
}

test('while something waits for the time it is told, and what it closes is found', async () => {
  const p = createPartition();
  await p.tell('a', 0);
  let nowMs = RECEIVED;
  await p.work({ horizon: { read: async () => (nowMs += 400) } }, 200);
  expect((await p.trail()).ids).toEqual(['r1 a silent shop/1']);
  const ticks = ticksOf(p);
  expect(ticks.at(-1)).toBeGreaterThanOrEqual(RECEIVED + TOY_SILENCE_MS);
  // Each one is written once time has gone on, and none after the last window closed.
  expect(ticks).toEqual([...new Set(ticks)].toSorted((a, b) => a - b));
  expect(ticks.length).toBeLessThan(6);
});

test('time that does not go on is not told again', async () => {
  const p = createPartition();
  await p.tell('a', 0);
  await p.work({ horizon: { read: async () => RECEIVED } }, 200);
  expect(ticksOf(p)).toEqual([RECEIVED]);
  expect((await p.trail()).ids).toEqual([]);
});

test('nothing is told while nothing waits', async () => {
  const p = createPartition();
  await p.work({ horizon: { read: async () => RECEIVED } }, 200);
  expect(ticksOf(p)).toEqual([]);
});

test('two workers that tell the time do no harm, and the findings of a tick stand once after a crash', async () => {
  const p = createPartition();
  const config = { snapshot_every: 1_000, snapshot_ms: 1e9, tick_ms: 100 };
  await p.tell('a', 0);
  await p.tell('b', 1);
  const horizon = { read: async () => RECEIVED + 2 * TOY_SILENCE_MS };
  const two = { horizon, config: { ...CONFIG, ...config } };
  await Promise.all([p.work(two), p.work(two)]);
  await p.work(two);
  const { ids, duplicates } = await p.trail();
  expect(ids).toEqual(['r1 a silent shop/1', 'r1 b silent shop/2']);
  expect(duplicates).toBeGreaterThan(0);
});

test('a horizon that cannot be read is waited for', async () => {
  const p = createPartition();
  await p.tell('a', 0);
  let away = 2;
  await p.work({ horizon: { read: async () => {
    if (away-- > 0) throw new MemoryLogError('away', true);
    return RECEIVED + TOY_SILENCE_MS;
  } } }, 200);
  expect((await p.trail()).ids).toHaveLength(1);
  expect(p.events.flatMap((e) => (e.type === 'waiting' ? [e.what] : []))).toEqual(['horizon', 'horizon']);
});
