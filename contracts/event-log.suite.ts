import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describeControl } from './control-stream.suite.ts';
import { partitionOf } from './event-log.ts';
import type { EventLog, LogRecord, PartitionedLog } from './event-log.ts';

/** What the suite needs of an implementation under test. */
export interface OpenedLog {
  readonly log: EventLog;
  /** One more handle on the same data, while the first is open or after it was closed. */
  reopen(): Promise<EventLog>;
  /** Closes every handle and removes the data. */
  close(): Promise<void>;
}

const ALL = { maxRecords: 100_000, maxBytes: 1 << 30 };

function bytes(text: string): Buffer {
  return Buffer.from(text);
}

/** All there is: one read may end before records that are there already. */
async function whole(log: Pick<PartitionedLog, 'read'>, partition: number): Promise<readonly LogRecord[]> {
  const records: LogRecord[] = [];
  for (;;) {
    const more = await log.read(partition, (records.at(-1)?.position ?? -1) + 1, ALL);
    if (more.length === 0) return records;
    records.push(...more);
  }
}

function texts(records: readonly LogRecord[]): string[] {
  return records.map((record) => record.value.toString());
}

/** A site for each partition. */
function siteOf(partition: number, partitions: number): string {
  for (let i = 0; ; i++) if (partitionOf(`site-${i}`, partitions) === partition) return `site-${i}`;
}

/** Every implementation of `EventLog` passes this. Opened with at least two partitions. */
export function describeEventLog(name: string, open: () => Promise<OpenedLog>): void {
  describe(`event log: ${name}`, () => {
    let opened: OpenedLog;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(async () => {
      await opened.close();
    });
    describePartitions(() => opened);
    describeAppendTo(() => opened);
    describeObservations(() => opened);
    describeWaiting(() => opened);
    describeTrimming(() => opened);
    describeControl(() => opened);
  });
}

function describePartitions(opened: () => OpenedLog): void {
  test('an empty log reads as nothing and its bounds meet', async () => {
    const { log } = opened();
    expect(await log.read(0, 0, ALL)).toEqual([]);
    const { first, next } = await log.bounds(0);
    expect(first).toBe(next);
  });

  test('a record comes back as it was appended, where append said', async () => {
    const { log } = opened();
    const at = await log.append('shop', bytes('a'));
    expect(at.partition).toBe(partitionOf('shop', log.partitions));
    expect(await log.read(at.partition, at.position, ALL)).toEqual([{ partition: at.partition, position: at.position, key: 'shop', value: bytes('a') }]);
  });

  test('appends in flight together keep the order they were made in and get rising positions', async () => {
    const { log } = opened();
    const expected = Array.from({ length: 500 }, (_, i) => `v${i}`);
    const places = await Promise.all(expected.map(async (text) => log.append('shop', bytes(text))));
    const records = await log.read(partitionOf('shop', log.partitions), 0, ALL);
    expect(texts(records)).toEqual(expected);
    expect(records.map((record) => record.position)).toEqual(places.map((place) => place.position));
    expect(records.every((record, i) => i === 0 || record.position > (records[i - 1]?.position ?? Infinity))).toBe(true);
  });

  test('each partition has its own records', async () => {
    const { log } = opened();
    for (let p = 0; p < log.partitions; p++) await log.append(siteOf(p, log.partitions), bytes(`p${p}`));
    for (let p = 0; p < log.partitions; p++) expect(texts(await log.read(p, 0, ALL))).toEqual([`p${p}`]);
  });

  test('a partition that does not exist is refused', async () => {
    const { log } = opened();
    for (const partition of [-1, log.partitions, 0.5]) {
      await expect(log.read(partition, 0, ALL)).rejects.toMatchObject({ name: 'LogError', retryable: false });
      await expect(log.bounds(partition)).rejects.toMatchObject({ name: 'LogError', retryable: false });
    }
  });

  test('reading stops at either limit, but never before the first record', async () => {
    const { log } = opened();
    const partition = partitionOf('shop', log.partitions);
    for (let i = 0; i < 5; i++) await log.append('shop', bytes('0123456789'));
    expect(await log.read(partition, 0, { maxRecords: 2, maxBytes: 1_000 })).toHaveLength(2);
    expect(await log.read(partition, 0, { maxRecords: 10, maxBytes: 25 })).toHaveLength(2);
    expect(await log.read(partition, 0, { maxRecords: 10, maxBytes: 30 })).toHaveLength(3);
    expect(await log.read(partition, 0, { maxRecords: 10, maxBytes: 1 })).toHaveLength(1);
  });

  test('values of no byte and of 1.5 MiB, with every byte, come back whole', async () => {
    const { log } = opened();
    const partition = partitionOf('shop', log.partitions);
    const large = Buffer.from(Uint8Array.from({ length: 1_572_864 }, (_, i) => (i * 31 + (i >> 8)) & 255));
    await Promise.all([log.append('shop', Buffer.alloc(0)), log.append('shop', large)]);
    const records = await log.read(partition, 0, ALL);
    expect(records.map((record) => record.value.length)).toEqual([0, large.length]);
    expect(records[1]?.value.equals(large)).toBe(true);
  });

  test('what was read stays as it is when the caller changes what it appended, and when more is appended and trimmed', async () => {
    const { log } = opened();
    const partition = partitionOf('shop', log.partitions);
    const value = Buffer.alloc(20_000, 1);
    const { position } = await log.append('shop', value);
    value.fill(2);
    const [record] = await log.read(partition, position, ALL);
    await log.trim(partition, position + 1);
    for (let i = 0; i < 50; i++) await log.append('shop', Buffer.alloc(20_000, 3));
    await log.read(partition, 0, ALL);
    expect(record?.value.equals(Buffer.alloc(20_000, 1))).toBe(true);
  });

  test('an empty key and a value beyond any record are refused, and the log goes on', async () => {
    const { log } = opened();
    await expect(log.append('', bytes('a'))).rejects.toMatchObject({ name: 'LogError', retryable: false });
    await expect(log.append('shop', Buffer.alloc(64 * 1024 * 1024))).rejects.toMatchObject({ name: 'LogError', retryable: false });
    await log.append('shop', bytes('b'));
    expect(texts(await log.read(partitionOf('shop', log.partitions), 0, ALL))).toEqual(['b']);
  });

  test('another handle sees what was appended, and appends after it', async () => {
    const { log, reopen } = opened();
    const first = await log.append('shop', bytes('a'));
    const other = await reopen();
    const second = await other.append('shop', bytes('b'));
    expect(second.position).toBeGreaterThan(first.position);
    expect(texts(await log.read(first.partition, 0, ALL))).toEqual(['a', 'b']);
    expect(texts(await other.read(first.partition, 0, ALL))).toEqual(['a', 'b']);
  });

  test('two handles that append at once lose nothing and keep the order of each', async () => {
    const { log, reopen } = opened();
    const other = await reopen();
    const send = async (handle: EventLog, who: string) => Promise.all(Array.from({ length: 200 }, async (_, i) => handle.append('shop', bytes(`${who}${i}`))));
    await Promise.all([send(log, 'a'), send(other, 'b')]);
    const read = texts(await log.read(partitionOf('shop', log.partitions), 0, ALL));
    for (const who of ['a', 'b']) expect(read.filter((text) => text.startsWith(who))).toEqual(Array.from({ length: 200 }, (_, i) => `${who}${i}`));
    expect(read).toHaveLength(400);
  });

  test('all of it is there after closing and opening, and positions go on', async () => {
    const { log, reopen } = opened();
    const { partition, position } = await log.append('shop', bytes('a'));
    await log.control.append('k', 'v');
    await log[Symbol.asyncDispose]();
    const again = await reopen();
    expect(texts(await again.read(partition, 0, ALL))).toEqual(['a']);
    expect((await again.append('shop', bytes('b'))).position).toBeGreaterThan(position);
    expect((await again.control.read(0, 10)).map((entry) => entry.value)).toEqual(['v']);
  });

  test('a closed log refuses, and closing twice is no error', async () => {
    const { log } = opened();
    await log[Symbol.asyncDispose]();
    await log[Symbol.asyncDispose]();
    await expect(log.append('shop', bytes('a'))).rejects.toMatchObject({ name: 'LogError' });
    await expect(log.read(0, 0, ALL)).rejects.toMatchObject({ name: 'LogError' });
    await expect(log.control.append('k', 'v')).rejects.toMatchObject({ name: 'LogError' });
    await expect(log.control.read(0, 1)).rejects.toMatchObject({ name: 'LogError' });
    await expect(log.control.bounds()).rejects.toMatchObject({ name: 'LogError' });
    await expect(log.trim(0, 1)).rejects.toMatchObject({ name: 'LogError' });
  });

  test('closing one handle leaves the others as they are', async () => {
    const { log, reopen } = opened();
    const other = await reopen();
    await log.append('shop', bytes('a'));
    await log[Symbol.asyncDispose]();
    const { partition } = await other.append('shop', bytes('b'));
    expect(texts(await other.read(partition, 0, ALL))).toEqual(['a', 'b']);
    expect((await other.control.claim('k', 'v')).value).toBe('v');
  });

  test('closing waits for the appends in flight', async () => {
    const { log, reopen } = opened();
    const pending = Array.from({ length: 50 }, async (_, i) => log.append('shop', bytes(`${i}`)));
    await log[Symbol.asyncDispose]();
    const places = await Promise.all(pending);
    const again = await reopen();
    expect(await again.read(places[0]?.partition ?? 0, 0, ALL)).toHaveLength(50);
  });
}

function describeAppendTo(opened: () => OpenedLog): void {
  test('a record appended to a partition is there, whatever its key, and shares its order with those that go there by their key', async () => {
    const { log } = opened();
    const partition = partitionOf('shop', log.partitions);
    const other = (partition + 1) % log.partitions;
    const places = await Promise.all([log.append('shop', bytes('1')), log.appendTo(partition, 'elsewhere', bytes('2')), log.append('shop', bytes('3')), log.appendTo(other, 'shop', bytes('4'))]);
    expect(places.map((place) => place.partition)).toEqual([partition, partition, partition, other]);
    const records = await log.read(partition, 0, ALL);
    expect(records.map(({ position, key, value }) => [position, key, value.toString()])).toEqual([
      [places[0].position, 'shop', '1'], [places[1].position, 'elsewhere', '2'], [places[2].position, 'shop', '3'],
    ]);
    expect((await log.read(other, 0, ALL)).map((record) => record.key)).toEqual(['shop']);
  });

  test('appending to a partition that does not exist is refused, of observations too', async () => {
    const { log } = opened();
    for (const part of [log, log.observations]) {
      for (const partition of [-1, part.partitions, 0.5]) await expect(part.appendTo(partition, 'k', bytes('a'))).rejects.toMatchObject({ name: 'LogError', retryable: false });
      await expect(part.appendTo(0, '', bytes('a'))).rejects.toMatchObject({ name: 'LogError', retryable: false });
      expect(await part.read(0, 0, ALL)).toEqual([]);
    }
  });
}

function describeObservations(opened: () => OpenedLog): void {
  test('observations and blocks do not meet: not in reading, waiting, bounds or trimming', async () => {
    const { log } = opened();
    const block = await log.appendTo(0, 'shop', bytes('block'));
    expect(await log.observations.read(0, 0, ALL)).toEqual([]);
    expect(await log.observations.waitFor(0, 0, 20)).toBe(false);
    const empty = await log.observations.bounds(0);
    expect(empty.first).toBe(empty.next);
    const first = await log.observations.appendTo(0, '3', bytes('first'));
    const second = await log.observations.appendTo(0, '4', bytes('second'));
    expect(second.position).toBeGreaterThan(first.position);
    expect(await whole(log, 0)).toEqual([{ partition: 0, position: block.position, key: 'shop', value: bytes('block') }]);
    expect(await whole(log.observations, 0)).toEqual([
      { partition: 0, position: first.position, key: '3', value: bytes('first') },
      { partition: 0, position: second.position, key: '4', value: bytes('second') },
    ]);
    await log.observations.trim(0, second.position);
    expect(texts(await whole(log.observations, 0))).toEqual(['second']);
    expect(texts(await whole(log, 0))).toEqual(['block']);
    await log.trim(0, block.position + 1);
    expect(texts(await whole(log.observations, 0))).toEqual(['second']);
  });

  test('observations go by their key to the partition that blocks would go to, and each partition has its own', async () => {
    const { log } = opened();
    const { partitions } = log.observations;
    for (let p = 0; p < partitions; p++) expect((await log.observations.append(siteOf(p, partitions), bytes(`p${p}`))).partition).toBe(p);
    for (let p = 0; p < partitions; p++) expect(texts(await log.observations.read(p, 0, ALL))).toEqual([`p${p}`]);
  });

  test('observations are there on other handles and after closing and opening, and positions go on', async () => {
    const { log, reopen } = opened();
    const { position } = await log.observations.appendTo(1, '0', bytes('a'));
    const other = await reopen();
    expect(texts(await other.observations.read(1, 0, ALL))).toEqual(['a']);
    const waiting = other.observations.waitFor(1, position + 1, 60_000);
    const later = await log.observations.appendTo(1, '0', bytes('b'));
    expect(await waiting).toBe(true);
    await log[Symbol.asyncDispose]();
    const again = await reopen();
    expect(texts(await again.observations.read(1, 0, ALL))).toEqual(['a', 'b']);
    await again.observations.trim(1, later.position + 1);
    expect((await again.observations.appendTo(1, '0', bytes('c'))).position).toBeGreaterThan(later.position);
    await expect(log.observations.append('k', bytes('a'))).rejects.toMatchObject({ name: 'LogError' });
    await expect(log.observations.read(0, 0, ALL)).rejects.toMatchObject({ name: 'LogError' });
    await expect(log.observations.bounds(0)).rejects.toMatchObject({ name: 'LogError' });
  });

  test('observations of one partition in flight together keep their order, beside blocks that do', async () => {
    const { log } = opened();
    const expected = Array.from({ length: 200 }, (_, i) => `o${i}`);
    await Promise.all(expected.flatMap((text) => [log.observations.appendTo(0, 'k', bytes(text)), log.appendTo(0, 'shop', bytes(`b${text}`))]));
    expect(texts(await log.observations.read(0, 0, ALL))).toEqual(expected);
    expect(texts(await log.read(0, 0, ALL))).toEqual(expected.map((text) => `b${text}`));
  });
}

function describeWaiting(opened: () => OpenedLog): void {
  test('waiting answers true at once when there is something to read', async () => {
    const { log } = opened();
    const { partition, position } = await log.append('shop', bytes('a'));
    expect(await log.waitFor(partition, position, 60_000)).toBe(true);
    expect(await log.waitFor(partition, 0, 60_000)).toBe(true);
  });

  test('waiting answers true when another handle appends meanwhile', async () => {
    const { log, reopen } = opened();
    const other = await reopen();
    const partition = partitionOf('shop', log.partitions);
    const waiting = log.waitFor(partition, 0, 60_000);
    await other.append('shop', bytes('a'));
    expect(await waiting).toBe(true);
    expect(await log.read(partition, 0, ALL)).toHaveLength(1);
  });

  test('waiting answers false after its time, for another partition\'s record too', async () => {
    const { log } = opened();
    const { partition, position } = await log.append('shop', bytes('a'));
    expect(await log.waitFor(partition, position + 1, 20)).toBe(false);
    expect(await log.waitFor((partition + 1) % log.partitions, 0, 20)).toBe(false);
  });

  test('waiting answers false when it is aborted, before or meanwhile', async () => {
    const { log } = opened();
    expect(await log.waitFor(0, 0, 60_000, AbortSignal.abort())).toBe(false);
    const controller = new AbortController();
    const waiting = log.waitFor(0, 0, 60_000, controller.signal);
    controller.abort();
    expect(await waiting).toBe(false);
  });
}

function describeTrimming(opened: () => OpenedLog): void {
  test('trimming lets go of what is below, keeps the rest, and reading from below starts at the oldest kept', async () => {
    const { log } = opened();
    const partition = partitionOf('shop', log.partitions);
    const places = await Promise.all(Array.from({ length: 1_000 }, async (_, i) => log.append('shop', bytes(`${i}`))));
    const before = places[600]?.position ?? NaN;
    await log.trim(partition, before);
    expect((await log.bounds(partition)).first).toBe(before);
    const kept = await log.read(partition, 0, ALL);
    expect(texts(kept)).toEqual(Array.from({ length: 400 }, (_, i) => `${i + 600}`));
    await log.trim(partition, 0);
    expect(await log.read(partition, 0, ALL)).toHaveLength(400);
  });

  test('a position is never given twice, even when everything was trimmed', async () => {
    const { log, reopen } = opened();
    const { partition, position } = await log.append('shop', bytes('a'));
    await log.trim(partition, position + 1);
    expect(await log.read(partition, 0, ALL)).toEqual([]);
    expect(await log.waitFor(partition, 0, 10)).toBe(false);
    await log[Symbol.asyncDispose]();
    const again = await reopen();
    const { first, next } = await again.bounds(partition);
    expect(first).toBe(next);
    expect((await again.append('shop', bytes('b'))).position).toBeGreaterThan(position);
  });

  test('trimming beyond the end takes what is there and nothing that comes later', async () => {
    const { log } = opened();
    const { partition, position } = await log.append('shop', bytes('a'));
    await log.trim(partition, position + 1_000);
    await log.append('shop', bytes('b'));
    expect(texts(await log.read(partition, 0, ALL))).toEqual(['b']);
  });

  test('trimming one partition leaves the others', async () => {
    const { log } = opened();
    const { partition, position } = await log.append(siteOf(0, log.partitions), bytes('a'));
    await log.append(siteOf(1, log.partitions), bytes('b'));
    await log.trim(partition, position + 1);
    expect(texts(await log.read(1, 0, ALL))).toEqual(['b']);
  });
}
