import { expect, test } from 'vitest';
import type { CommitRecord } from '../../contracts/control.ts';
import { createLogDisk, MemoryLogError, openMemoryLog } from '../../contracts/memory-log.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { createPartition as createBlocks, JANUARY_END, plain } from '../commit/test-partition.ts';
import { createVirtualClock } from '../commit/virtual-clock.ts';
import { createReceiptHorizon } from './receipt-horizon.ts';

const SEED = Date.now() % 1_000_000;
const NOW = Date.UTC(2026, 10, 21);
const IN_FLIGHT_MS = 5_000;
const STALL_MS = 600_000;

/** Partitions whose blocks are one byte each, and committers in a line. */
function createLog(partitions: number) {
  const disk = createLogDisk(partitions);
  const clock = createVirtualClock(NOW);
  const log = openMemoryLog(disk, undefined, clock.sleep);
  const horizon = createReceiptHorizon({ log, clock, stallMs: STALL_MS });
  const ends = Array.from({ length: partitions }, () => 0);
  const receive = (partition: number): Promise<unknown> => log.appendTo(partition, 'site', Buffer.alloc(1));
  async function commit(partition: number, last: number, receivedToMs: number): Promise<void> {
    const first = ends[partition] ?? 0;
    ends[partition] = last + 1;
    const record: CommitRecord = {
      type: 'commit', partition, first, last, committed_at: clock.nowMs(), continues: first, versions: { derivation: 1, rules: 'r'.repeat(64) },
      received_from: receivedToMs, received_to: receivedToMs, rows: { events: 1 }, duplicates: 0, sites: {},
    };
    await log.control.claim(`commit/${partition}/${first}`, JSON.stringify(record));
  }
  async function pass(ms: number): Promise<void> {
    const slept = clock.sleep(ms);
    while (clock.advance());
    await slept;
  }
  return { disk, clock, log, horizon, ends, receive, commit, pass };
}

test('a real committer moves it: nothing is said of blocks that are not stored, all of what is', async () => {
  const { log, clock, work } = createBlocks(2);
  const horizon = createReceiptHorizon({ log, clock, stallMs: STALL_MS });
  await log.appendTo(0, 'shop', plain(['a'], JANUARY_END));
  expect(await horizon.read()).toBe(0);
  await work();
  const afterMs = clock.nowMs();
  expect(await horizon.read()).toBe(afterMs - IN_FLIGHT_MS);
  await log.appendTo(0, 'shop', plain(['b'], JANUARY_END + 60_000));
  expect(await createReceiptHorizon({ log, clock, stallMs: STALL_MS }).read()).toBe(JANUARY_END);
});

test('without blocks it is the present, less what may be on its way', async () => {
  const { horizon } = createLog(3);
  expect(await horizon.read()).toBe(NOW - IN_FLIGHT_MS);
});

test('a partition that lags holds it back to what was last stored of it', async () => {
  const { horizon, receive, commit, pass } = createLog(3);
  for (const partition of [0, 0, 1, 1]) await receive(partition);
  await commit(0, 1, NOW - 90_000);
  await commit(1, 0, NOW - 60_000);
  expect(await horizon.read()).toBe(NOW - 60_000);
  await commit(1, 1, NOW - 50_000);
  await pass(2_000);
  expect(await horizon.read()).toBe(NOW + 2_000 - IN_FLIGHT_MS);
});

test('a partition of which the stream tells no receipt time holds it back altogether', async () => {
  const { horizon, log, receive } = createLog(2);
  await receive(0);
  await receive(0);
  await log.control.append('snapshot/0', JSON.stringify({ type: 'snapshot', partition: 0, next: 1, sites: {} }));
  expect(await horizon.read()).toBe(0);
});

test('positions that the log let go of are no backlog', async () => {
  const { horizon, log, receive } = createLog(1);
  await receive(0);
  await log.trim(0, 1);
  expect(await horizon.read()).toBe(NOW - IN_FLIGHT_MS);
});

test('a backlog that is worked off holds it back for as long as that takes, one that stands still only so long', async () => {
  const { horizon, receive, commit, pass } = createLog(2);
  for (let i = 0; i < 10; i++) await receive(0);
  for (let i = 0; i < 5; i++) {
    await commit(0, i, NOW - 100_000 + i);
    expect(await horizon.read()).toBe(NOW - 100_000 + i);
    await pass(STALL_MS);
  }
  expect(await horizon.read()).toBe(NOW - 100_000 + 4);
  await pass(2_000);
  expect(await horizon.read()).toBe(NOW + 5 * STALL_MS + 2_000 - IN_FLIGHT_MS);
  await commit(0, 5, NOW - 50_000);
  await pass(2_000);
  expect(await horizon.read()).toBe(NOW - 50_000);
});

test('when all partitions stand still, time does too', async () => {
  const { horizon, receive, pass } = createLog(2);
  for (const partition of [0, 1]) await receive(partition);
  expect(await horizon.read()).toBe(0);
  await pass(2 * STALL_MS);
  expect(await horizon.read()).toBe(0);
});

test('the idle time before a block is no standstill', async () => {
  const { horizon, receive, pass } = createLog(1);
  await horizon.read();
  await pass(2 * STALL_MS);
  await horizon.read();
  await receive(0);
  await pass(2_000);
  expect(await horizon.read()).toBe(0);
});

test('those who ask at the same time share a look; one that failed is not shared', async () => {
  const { log, clock, pass } = createLog(1);
  let [looks, away] = [0, true];
  const horizon = createReceiptHorizon({ clock, stallMs: STALL_MS, log: { ...log, bounds: async (partition) => {
    looks += 1;
    if (away) throw new MemoryLogError('away', true);
    return log.bounds(partition);
  } } });
  expect((await Promise.allSettled([horizon.read(), horizon.read()])).map((r) => r.status)).toEqual(['rejected', 'rejected']);
  away = false;
  await Promise.all([horizon.read(), horizon.read()]);
  await horizon.read();
  expect(looks).toBe(2);
  await pass(1_000);
  await horizon.read();
  expect(looks).toBe(3);
});

test(`whatever comes in and is stored in whatever order, all received before it was told, seed ${SEED}`, async () => {
  const random = seededRandom(SEED);
  let moved = 0;
  for (let history = 0; history < 100; history++) {
    const { horizon, clock, ends, receive, commit, pass } = createLog(3);
    const received: number[][] = [[], [], []];
    let most = 0;
    for (let step = 0; step < 80; step++) {
      const partition = random.below(3);
      const mine = received[partition] ?? [];
      const next = ends[partition] ?? 0;
      // Stamped a little before it stands in the log, in the order of the log.
      if (random.chance(0.5)) {
        mine.push(Math.max(mine.at(-1) ?? 0, clock.nowMs() - random.below(IN_FLIGHT_MS)));
        await receive(partition);
      } else if (next < mine.length && random.chance(partition === 0 ? 0.2 : 0.9)) {
        const last = random.between(next, mine.length - 1);
        await commit(partition, last, mine[last] ?? 0);
      }
      await pass(random.below(3_000));
      const untilMs = await horizon.read();
      const untold = received.flatMap((times, p) => times.slice(ends[p]));
      expect(Math.min(...untold)).toBeGreaterThanOrEqual(untilMs);
      if (untilMs > most) moved += 1;
      most = Math.max(most, untilMs);
    }
  }
  expect(moved).toBeGreaterThan(200);
});
