import { expect, test } from 'vitest';
import type { ControlEntry } from '../../contracts/event-log.ts';
import type { RecordHead } from '../../contracts/log-record.ts';
import { encodeRecordHead, frameRecord } from '../../contracts/log-record.ts';
import { appendLeaf, EMPTY_FRONTIER, rootOf } from '../../contracts/merkle.ts';
import { StoreRefusal, StoreUnavailable } from '../../contracts/store.ts';
import { createCommitter } from './committer.ts';
import { createPartition, JANUARY_END, plain } from './test-partition.ts';
import { CommitError } from './errors.ts';
import { losePower, openMemoryStore } from './memory-store.ts';
import { toyLeaf } from './toy-stage.ts';

test('a group ends where the month of receipt ends', async () => {
  const { log, work, events, rows } = createPartition();
  await log.append('shop', plain(['a', 'b'], JANUARY_END));
  await log.append('shop', plain(['c'], JANUARY_END + 2_000));
  await work();
  expect(events.filter((e) => e.type === 'committed').map((e) => [e.record.first, e.record.last])).toEqual([[0, 0], [1, 1]]);
  expect(rows('events').map((r) => r['line'])).toEqual(['a', 'b', 'c']);
});

test('each tile of 256 leaves leaves its root and those of its 16 runs, at the block that completed it', async () => {
  const { log, work, rows, events } = createPartition();
  const line = (from: number, count: number): string[] => Array.from({ length: count }, (_, i) => `${from + i}`);
  await log.append('shop', plain(line(0, 200), JANUARY_END - 2_000));
  await log.append('clinic', plain(line(0, 255), JANUARY_END - 1_000, 'clinic'));
  await log.append('shop', plain(line(200, 400), JANUARY_END));
  await work();
  const leaves = rows('events').filter((r) => r['site'] === 'shop').map((r) => toyLeaf('shop', 'web', 0, Number(r['seq']), 1, 1, String(r['line'])));
  const rootBetween = (from: number, to: number): Buffer => rootOf(leaves.slice(from, to).reduce(appendLeaf, EMPTY_FRONTIER));
  const root = (tile: number): string => rootBetween(tile * 256, (tile + 1) * 256).toString('base64');
  const roots = (tile: number): string => Buffer.concat(Array.from({ length: 16 }, (_, i) => rootBetween(tile * 256 + i * 16, tile * 256 + (i + 1) * 16))).toString('base64');
  expect(rows('nodes')).toEqual([0, 1].map((tile) => ({ site: 'shop', tile, hash: root(tile), roots: roots(tile), received_at: '2026-01-31 23:59:59.000', partition: 0, position: 2 })));
  expect(events.filter((e) => e.type === 'committed').reduce((sum, e) => sum + (e.record.rows.nodes ?? 0), 0)).toBe(2);
});

test('a store that is away is waited for, and the observer is told', async () => {
  const { log, work, events, rows, storeDisk } = createPartition();
  await log.append('shop', plain(['a'], JANUARY_END));
  let failures = 3;
  const store = openMemoryStore(storeDisk);
  await work({ store: { ...store, insert: async (token, r, fence) => {
    if (failures-- > 0) throw new StoreUnavailable('away');
    return store.insert(token, r, fence);
  } } });
  expect(events.filter((e) => e.type === 'waiting').length).toBe(3);
  expect(rows('events')).toHaveLength(1);
});

test('lines that the store refuses become dead letters, the others are stored', async () => {
  const { log, work, events, rows, storeDisk } = createPartition();
  await log.append('shop', plain(['a', 'poison', 'b', 'poison too'], JANUARY_END));
  await work({ store: openMemoryStore(storeDisk, { refuses: (table, row) => table === 'events' && String(row['line']).startsWith('poison') }) });
  expect(events).toContainEqual({ type: 'amended', partition: 0, first: 0, lines: 2 });
  expect(rows('events').map((r) => r['line'])).toEqual(['a', 'b']);
  expect(rows('dead_letters').map((r) => [r['line_index'], r['reason']])).toEqual([[1, 'refused_by_store'], [3, 'refused_by_store']]);
});

test('a group of nothing but poison does not stop the partition', async () => {
  const { log, work, rows, storeDisk } = createPartition();
  await log.append('shop', plain(['poison', 'poison'], JANUARY_END));
  await work({ store: openMemoryStore(storeDisk, { refuses: (table, row) => table === 'events' && row['line'] === 'poison' }) });
  expect(rows('dead_letters')).toHaveLength(2);
});

test.for([['everything is refused', 0], ['the table is unknown', 60]] as const)('when %s the partition stops, retryable, with nothing set aside, and goes on when mended', async ([, code]) => {
  const { log, work, rows, storeDisk, logDisk } = createPartition();
  await log.append('shop', plain(['a', 'b'], JANUARY_END));
  const store = openMemoryStore(storeDisk);
  const refuse = async (): Promise<void> => { throw new StoreRefusal('no', code); };
  const stopped: unknown = await work({ store: { ...store, insert: refuse, probe: refuse } }).catch((e: unknown) => e);
  expect(stopped).toBeInstanceOf(CommitError);
  expect(stopped).toMatchObject({ code: 'TQ-COMMIT-04', retryable: true });
  expect(logDisk.control.entries.some((e) => e.key.startsWith('amend/'))).toBe(false);
  await work();
  expect(rows('events')).toHaveLength(2);
});

test('a damaged record is an alert and a dead letter, and the partition goes on', async () => {
  const { log, work, rows, events } = createPartition();
  await log.append('shop', Buffer.from('rotten'));
  await log.append('shop', plain(['a'], JANUARY_END));
  await work();
  expect(events.some((e) => e.type === 'damaged_record')).toBe(true);
  expect(rows('alerts').map((r) => [r['rule'], r['site']])).toEqual([['tourniquet.log.damaged', 'shop']]);
  expect(rows('dead_letters').map((r) => [r['reason'], r['bytes'], r['original']])).toEqual([['damaged_record', 6, '']]);
  expect(rows('events')).toHaveLength(1);
});

test('a keys role that is away is never taken for damage', async () => {
  const { log, work, rows, deps } = createPartition();
  await log.append('shop', plain(['a'], JANUARY_END));
  let failures = 2;
  const { open } = deps();
  await work({ open: async (record) => {
    if (failures-- > 0) throw new Error('connection refused');
    return open(record);
  } });
  expect(rows('events')).toHaveLength(1);
  expect(rows('dead_letters')).toHaveLength(0);
});

test('what a power loss took comes back with the very same rows, also when tokens outlive them', async () => {
  for (const tokensToo of [true, false]) {
    const { log, work, rows, storeDisk, events } = createPartition();
    await log.append('shop', plain(['a', 'alert b'], JANUARY_END));
    await work();
    const before = [rows('events'), rows('alerts'), rows('blocks')];
    losePower(storeDisk, 3, tokensToo);
    await work();
    expect([rows('events'), rows('alerts'), rows('blocks')]).toEqual(before);
    expect(events).toContainEqual(expect.objectContaining({ type: 'recovered', restored: 1 }));
  }
});

test('a table that holds a part of a group stops the partition for good', async () => {
  const { log, work, storeDisk } = createPartition();
  await log.append('shop', plain(['a', 'b'], JANUARY_END));
  await work();
  storeDisk.parts.find((p) => p.table === 'events')?.rows.shift();
  await expect(work()).rejects.toMatchObject({ code: 'TQ-COMMIT-01', retryable: false });
});

test('a group prepared before an upgrade is finished with the versions it was prepared with', async () => {
  const { log, work, rows, storeDisk } = createPartition();
  await log.append('shop', plain(['a'], JANUARY_END));
  const store = openMemoryStore(storeDisk);
  await work({ store: { ...store, insert: async () => { throw new StoreUnavailable('away'); } } }, 10);
  await work({ currentVersions: () => ({ derivation: 2, rules: 'new' }) });
  expect(rows('events').map((r) => r['derivation'])).toEqual([1]);
});

/** As versions that knew signature packs only wrote their records. */
function asOfPacks(entries: readonly ControlEntry[]): readonly ControlEntry[] {
  return entries.map((e) => ({ ...e, value: e.value.replaceAll('"rules":"toy"', '"pack":"toy"') }));
}

test('a group that a version without rule sets left unfinished stops the partition and says what to do', async () => {
  const { log, logDisk, work, rows, storeDisk } = createPartition();
  await log.append('shop', plain(['a'], JANUARY_END));
  const store = openMemoryStore(storeDisk);
  await work({ store: { ...store, insert: async () => { throw new StoreUnavailable('away'); } } }, 10);
  logDisk.control.entries.splice(0, Infinity, ...asOfPacks(logDisk.control.entries));
  logDisk.control.claims.set('prepare/0/0', logDisk.control.entries[0]!); // The group was claimed above.
  await expect(work()).rejects.toMatchObject({ code: 'TQ-COMMIT-13', retryable: false });
  expect(rows('events')).toEqual([]);
});

test('groups that a version without rule sets committed are gone on from', async () => {
  const { log, logDisk, work, rows } = createPartition();
  await log.append('shop', plain(['a', 'b'], JANUARY_END));
  await work();
  logDisk.control.entries.splice(0, Infinity, ...asOfPacks(logDisk.control.entries));
  await log.append('shop', plain(['c'], JANUARY_END));
  await work();
  expect(rows('events').map((r) => [r['leaf'], r['line']])).toEqual([[0, 'a'], [1, 'b'], [2, 'c']]);
});

test('a repeat of a block that is still on its way to the store is no fork', async () => {
  const { log, work, rows, storeDisk, clock } = createPartition();
  const names = ['h0', 'h1', 'h2', 'h3'].map((h) => h.padEnd(43, 'A'));
  const chained = (first: number): Buffer => {
    const body = `${'A'.repeat(22)} line ${first}\n`;
    const chain = { epoch: 1, first_seq: first, previous_head: first === 0 ? 'A'.repeat(43) : names[first] ?? '', head: names[first + 1] ?? '' };
    const head: RecordHead = { v: 1, site: 'shop', stream: 'web', provenance: 'plugin', received_at: JANUARY_END, framing: 'chained', codec: 'none', lines: 1, bytes: body.length, chain };
    return frameRecord(encodeRecordHead(head), Buffer.from(body));
  };
  for (const first of [0, 1, 2]) await log.append('shop', chained(first));
  const store = openMemoryStore(storeDisk);
  let repeated = false;
  await work({ chainLimits: { branches: 16, recent: 1, gaps: 10 }, store: { ...store, insert: async (token, r, fence) => {
    if (!repeated) await log.append('shop', chained(0));
    repeated = true;
    await clock.sleep(200);
    return store.insert(token, r, fence);
  } } });
  expect(rows('events').map((r) => r['line'])).toEqual(['line 0', 'line 1', 'line 2']);
  expect(rows('alerts')).toEqual([]);
  expect((await log.bounds(0)).next).toBe(4);
});

test('status counts what was committed and how far the log is ahead', async () => {
  const { log, deps, clock } = createPartition();
  await log.append('shop', plain(['a', 'dead', 'alert'], JANUARY_END));
  const committer = createCommitter(deps());
  const stop = new AbortController();
  const running = committer.run(stop.signal);
  expect((await committer.status()).lag).toBe(1);
  for (let i = 0; i < 10; i++) {
    await new Promise((resolve) => { setImmediate(resolve); });
    clock.advance();
  }
  expect(await committer.status()).toMatchObject({ position: 0, next: 1, lag: 0, groups: 1, events: 2, deadLetters: 1, alerts: 1, duplicates: 0 });
  stop.abort();
  await running;
});
