import { expect, test } from 'vitest';
import { createCommitter } from './committer.ts';
import { createControlRelease } from './control-release.ts';
import { CONFIG, createPartition, JANUARY_END, plain } from './test-partition.ts';

const PARTITIONS = 12;
const PARKING = { ...CONFIG, park_ms: 2_000 };

/** All partitions, each with a release of its own, as if on machines of their own. */
function runAll({ deps, clock, log }: ReturnType<typeof createPartition>, partitions: number) {
  const stop = new AbortController();
  let failure: unknown;
  for (let partition = 0; partition < partitions; partition++) {
    const { release } = createControlRelease(log.control, partitions);
    createCommitter(deps({ partition, config: PARKING, releaseControl: release })).run(stop.signal).catch((error: unknown) => {
      failure = error;
    });
  }
  return {
    stop,
    async pass(ms: number): Promise<void> {
      for (const untilMs = clock.nowMs() + ms; clock.nowMs() < untilMs;) {
        await new Promise((resolve) => { setImmediate(resolve); });
        if (failure !== undefined) throw failure;
        clock.advance();
      }
    },
  };
}

test('with one busy site and eleven idle partitions the control stream stays bounded, and the log of each empties', async () => {
  const bed = createPartition(PARTITIONS);
  const { log, logDisk, clock, rows } = bed;
  const { stop, pass } = runAll(bed, PARTITIONS);
  // Some partitions have a past, some never had a group.
  for (const site of ['a', 'b', 'c', 'd']) await log.append(site, plain(['once'], JANUARY_END, site));
  await pass(1_000);
  let most = 0;
  for (let i = 0; i < 300; i++) {
    await log.append('busy', plain([`line ${i}`], clock.nowMs(), 'busy'));
    await pass(300);
    if (i > 50) most = Math.max(most, logDisk.control.entries.length);
  }
  await pass(20_000);
  stop.abort(null);
  expect(rows('events')).toHaveLength(304);
  expect(most).toBeLessThan(10 * PARKING.snapshot_every * 5);
  expect(logDisk.partitions.map((d) => d.records.length)).toEqual(Array.from({ length: PARTITIONS }, () => 0));
});

test('a parked partition starts again from its snapshot and goes on', async () => {
  const bed = createPartition();
  const { log, logDisk, rows, events, work } = bed;
  await log.append('shop', plain(['a'], JANUARY_END));
  await work({ config: PARKING }, 20);
  expect(logDisk.partitions[0]?.records).toEqual([]);
  expect(logDisk.control.entries.map((e) => e.key)).toEqual(['snapshot/0', 'release/0']);
  await log.append('shop', plain(['b'], JANUARY_END));
  await work();
  expect(rows('events').map((r) => [r['line'], r['leaf']])).toEqual([['a', 0], ['b', 1]]);
  expect(events.filter((e) => e.type === 'recovered').map((e) => e.next)).toEqual([0, 1]);
});

test('nothing is let go of that the store does not hold', async () => {
  const bed = createPartition();
  const { log, logDisk, work, storeDisk } = bed;
  await log.append('shop', plain(['a'], JANUARY_END));
  await work({ config: PARKING }, 3);
  storeDisk.parts.splice(0);
  storeDisk.index.clear();
  await work({ config: PARKING, store: { ...bed.deps().store, count: async () => 0, insert: async () => {} } }, 20).catch(() => {});
  expect(logDisk.partitions[0]?.records).toHaveLength(1);
});
