import { expect, test } from 'vitest';
import type { Observation } from '../../contracts/observation.ts';
import type { GroupRange } from '../../contracts/store.ts';
import { StoreUnavailable } from '../../contracts/store.ts';
import { createCommitter } from './committer.ts';
import { CommitError } from './errors.ts';
import { openMemoryStore } from './memory-store.ts';
import { CONFIG, createPartition, JANUARY_END, plain } from './test-partition.ts';

/** A crash: nothing tries again. */
const CRASH = new Error('crash');

const turn = (): Promise<void> => new Promise((resolve) => {
  setImmediate(resolve);
});

test('what the log let go of before anyone stored it is a gap and a critical alert, and the rest is stored', async () => {
  const { log, work, rows, events } = createPartition();
  for (const line of ['a', 'b', 'c', 'd']) await log.append('shop', plain([line], JANUARY_END));
  await log.trim(0, 3);
  await work();
  expect(rows('events').map((r) => r['line'])).toEqual(['d']);
  expect(rows('gaps')).toEqual([expect.objectContaining({ site: '_system', stream: 'event-log/0', epoch: 0, from_seq: 0, to_seq: 2, state: 'lost', position: 3 })]);
  expect(rows('alerts')).toEqual([expect.objectContaining({ site: '_system', rule: 'tourniquet.log.lost', level: 'critical', seq: 0 })]);
  expect(events.filter((e) => e.type === 'lost')).toEqual([{ type: 'lost', partition: 0, from: 0, to: 2 }]);
});

test('a loss is told at once, and written with the first group after it', async () => {
  const { log, work, rows, events } = createPartition();
  await log.append('shop', plain(['a'], JANUARY_END));
  await log.trim(0, 1);
  await work();
  expect(events).toContainEqual({ type: 'lost', partition: 0, from: 0, to: 0 });
  expect(rows('gaps')).toEqual([]);
  await log.append('shop', plain(['b'], JANUARY_END));
  await work();
  expect(rows('gaps')).toHaveLength(1);
});

test('a group that was prepared, not stored, and then let go of by the log is lost as a whole', async () => {
  const { log, work, rows, storeDisk } = createPartition();
  await log.append('shop', plain(['a'], JANUARY_END));
  await work({ store: { ...openMemoryStore(storeDisk), insert: async () => { throw CRASH; } } }).catch(() => {});
  await log.trim(0, 1);
  await log.append('shop', plain(['b'], JANUARY_END));
  await work();
  expect(rows('events').map((r) => r['line'])).toEqual(['b']);
  expect(rows('gaps').map((r) => [r['from_seq'], r['to_seq'], r['state']])).toEqual([[0, 0, 'lost']]);
});

test('a group that is stored in part when the log lets go of it stops the partition', async () => {
  const { log, work, storeDisk } = createPartition();
  await log.append('shop', plain(['a'], JANUARY_END));
  const store = openMemoryStore(storeDisk);
  await work({ store: { ...store, insert: async (token, rows, fence) => {
    if (rows.table !== 'events') throw CRASH;
    await store.insert(token, rows, fence);
  } } }).catch(() => {});
  await log.trim(0, 1);
  await log.append('shop', plain(['b'], JANUARY_END));
  await expect(work()).rejects.toMatchObject({ code: 'TQ-COMMIT-11' });
});

test('a log that ends before what was stored stops the partition, at start and while it waits', async () => {
  const { log, logDisk, work, deps, clock } = createPartition();
  for (const line of ['a', 'b']) await log.append('shop', plain([line], JANUARY_END));
  const running = createCommitter(deps()).run(new AbortController().signal).catch((e: unknown) => e);
  for (let i = 0; i < 5; i++) {
    await turn();
    clock.advance();
  }
  logDisk.partitions[0] = { first: 0, records: [] };
  for (let i = 0; i < 20; i++) {
    await turn();
    clock.advance();
  }
  expect(await running).toMatchObject({ code: 'TQ-COMMIT-10', retryable: false });
  await expect(work()).rejects.toMatchObject({ code: 'TQ-COMMIT-10' });
});

test('a broker that lags for some seconds is waited for', async () => {
  const { log, work, rows, clock } = createPartition();
  await log.append('shop', plain(['a'], JANUARY_END));
  await work();
  await log.append('shop', plain(['b'], JANUARY_END));
  const untilMs = clock.nowMs() + 3_000;
  await work({ log: { ...log, bounds: async (p) => (clock.nowMs() < untilMs ? { first: 0, next: 0 } : log.bounds(p)) } });
  expect(rows('events')).toHaveLength(2);
});

test('a store that holds groups of another log stops the partition', async () => {
  const { log, logDisk, work } = createPartition();
  await log.append('shop', plain(['a'], JANUARY_END));
  await work();
  logDisk.control.entries.splice(0);
  logDisk.control.claims.clear();
  await expect(work()).rejects.toMatchObject({ code: 'TQ-COMMIT-12' });
});

test('a hole in the control stream stops the partition', async () => {
  const { log, logDisk, work } = createPartition();
  for (const line of ['a', 'b', 'c']) {
    await log.append('shop', plain([line], JANUARY_END));
    await work({ config: { ...CONFIG, snapshot_every: 100 } });
  }
  const { entries } = logDisk.control;
  entries.splice(entries.findIndex((e) => e.key === 'commit/0/1'), 1);
  await expect(work()).rejects.toMatchObject({ code: 'TQ-COMMIT-09' });
});

test('a run ends within a second of its abort, also when the store hangs', async () => {
  const { log, deps, clock, storeDisk } = createPartition();
  await log.append('shop', plain(['a'], JANUARY_END));
  const stop = new AbortController();
  const running = createCommitter(deps({ store: { ...openMemoryStore(storeDisk), insert: () => new Promise(() => {}) } })).run(stop.signal);
  for (let i = 0; i < 5; i++) {
    await turn();
    clock.advance();
  }
  const abortedAtMs = clock.nowMs();
  stop.abort(null);
  let ended = false;
  void running.then(() => {
    ended = true;
  });
  while (!ended && clock.advance()) await turn();
  expect(ended).toBe(true);
  expect(clock.nowMs() - abortedAtMs).toBeLessThanOrEqual(1_000);
});

test.for(['before the second stage was told', 'after it was told', 'before the commit'] as const)('a crash %s tells it again, equally, with the rules of before, and stores once', async (when) => {
  const { log, work, rows } = createPartition();
  await log.append('shop', plain(['a', 'alert b', 'alert c'], JANUARY_END));
  const told: [GroupRange, string, readonly Observation[]][] = [];
  const publish = async (...args: (typeof told)[number]): Promise<void> => void told.push(args);
  const { control } = log;
  const crashing = {
    publish: async (...args: (typeof told)[number]): Promise<void> => {
      if (when === 'before the second stage was told') throw CRASH;
      await publish(...args);
      if (when === 'after it was told') throw CRASH;
    },
    log: { ...log, control: { ...control, claim: async (key: string, value: string) => {
      if (key.startsWith('commit/')) throw CRASH;
      return control.claim(key, value);
    } } },
  };
  await expect(work(crashing)).rejects.toBe(CRASH);
  await work({ publish, currentVersions: () => ({ derivation: 1, rules: 'newer' }) });
  const [[range, rules, observations] = []] = told;
  expect([range, rules]).toEqual([{ partition: 0, first: 0, last: 0 }, 'toy']);
  expect(observations?.map((o) => o.fields['line'])).toEqual(['alert b', 'alert c']);
  expect(told).toHaveLength(when === 'before the second stage was told' ? 1 : 2);
  expect(told.at(-1)).toEqual(told[0]);
  expect(rows('matches')).toHaveLength(2);
});

test('a group without observations tells the second stage nothing', async () => {
  const { log, work } = createPartition();
  await log.append('shop', plain(['a'], JANUARY_END));
  await work({ publish: async () => { throw CRASH; } });
  expect((await log.control.read(0, 10)).some((e) => e.key === 'commit/0/0')).toBe(true);
});

test('a tenant whose lines the store refuses becomes dead letters, and the others are stored', async () => {
  const { log, work, rows, storeDisk } = createPartition();
  await log.append('shop', plain(['a', 'b'], JANUARY_END));
  await log.append('mall', plain(['c'], JANUARY_END, 'mall'));
  await work({ store: openMemoryStore(storeDisk, { refuses: (table, row) => table === 'events' && row['site'] === 'shop' }) });
  expect(rows('events').map((r) => r['line'])).toEqual(['c']);
  expect(rows('dead_letters').map((r) => r['reason'])).toEqual(['refused_by_store', 'refused_by_store']);
});

test('a store that is unreachable for long loses nothing and stops nothing', async () => {
  const { log, work, rows, storeDisk, clock } = createPartition();
  await log.append('shop', plain(['a'], JANUARY_END));
  const untilMs = clock.nowMs() + 60_000;
  const store = openMemoryStore(storeDisk);
  await work({ config: { ...CONFIG, retry_most_ms: 60_000 }, store: { ...store, insert: async (token, r, fence) => {
    if (clock.nowMs() < untilMs) throw new StoreUnavailable('away');
    await store.insert(token, r, fence);
  } } }, 200);
  expect(rows('events')).toHaveLength(1);
});

test('errors of the catalogue name the partition and the fix', () => {
  expect(new CommitError('TQ-COMMIT-10', 'partition 3').message).toMatch(/^TQ-COMMIT-10: partition 3: .*restore it/);
});
