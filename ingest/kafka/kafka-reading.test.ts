import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EventLog } from '../../contracts/event-log.ts';
import { createKafka, kafkaConfigOf } from './connection.ts';
import type { KafkaSettings } from './config.ts';
import { topicNames } from './expected-topics.ts';
import { openKafkaLog } from './kafka-log.ts';
import type { KafkaLogOptions } from './kafka-log.ts';
import { startBrokers } from './test-broker/broker-cluster.ts';
import type { BrokerCluster } from './test-broker/broker-cluster.ts';
import { testSettings } from './test-settings.ts';
import { ensureTopics } from './topics.ts';

const ALL = { maxRecords: 100_000, maxBytes: 1 << 30 };

let cluster: BrokerCluster;
beforeAll(async () => {
  cluster = await startBrokers({ brokers: 1 });
});
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
});

async function newTopics(of: Pick<BrokerCluster, 'bootstrap' | 'security'> = cluster): Promise<KafkaSettings> {
  const settings = testSettings(of);
  await ensureTopics(createKafka(settings), settings);
  return settings;
}

async function open(settings: KafkaSettings, more: Partial<KafkaLogOptions> = {}): Promise<EventLog> {
  return openKafkaLog({ kafka: kafkaConfigOf(settings, () => undefined), topicPrefix: settings.topic_prefix, partitions: settings.partitions, ...more });
}

test('a reader that goes on sees each record once, in order, whatever the limits, and follows what is appended', async () => {
  const settings = await newTopics();
  await using log = await open(settings);
  await using reader = await open(settings);
  const expected = Array.from({ length: 3_000 }, (_, i) => `${i}`.padEnd(50 + (i % 700), '.'));
  const appending = (async () => {
    for (let i = 0; i < expected.length; i += 100) await Promise.all(expected.slice(i, i + 100).map(async (text) => log.appendTo(2, 'k', Buffer.from(text))));
  })();
  const seen: string[] = [];
  for (let from = 0, turn = 1; seen.length < expected.length; turn++) {
    const records = await reader.read(2, from, { maxRecords: 1 + (turn % 40), maxBytes: 1 + (turn % 7) * 1_500 });
    seen.push(...records.map(({ value }) => value.toString()));
    from = (records.at(-1)?.position ?? from - 1) + 1;
    if (records.length === 0) await reader.waitFor(2, from, 5_000);
  }
  await appending;
  expect(seen).toEqual(expected);
});

test('what is fetched ahead of a slow reader is bounded, and all of it comes in the end', async () => {
  const settings = await newTopics();
  await using log = await open(settings);
  const value = Buffer.alloc(100_000, 7);
  for (let i = 0; i < 30; i++) await Promise.all(Array.from({ length: 40 }, async (_, n) => log.appendTo(n % 4, 'k', value)));
  await using reader = await open(settings, { maxBufferedBytes: 4 << 20 });
  globalThis.gc?.();
  const before = process.memoryUsage().arrayBuffers;
  const places = await Promise.all([0, 1, 2, 3].map(async (p) => (await reader.read(p, 0, { maxRecords: 1, maxBytes: 1 }))[0]?.position));
  expect(places).toEqual([0, 0, 0, 0]);
  await sleep(1_500);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(60 << 20);
  const counts = await Promise.all([0, 1, 2, 3].map(async (p) => {
    let count = 0;
    for (let from = 1; ;) {
      const records = await reader.read(p, from, { maxRecords: 7, maxBytes: ALL.maxBytes });
      if (records.length === 0) return count;
      count += records.length;
      from += records.length;
    }
  }));
  expect(counts).toEqual([299, 299, 299, 299]);
});

test('a reader whose place was trimmed by another, or by Kafka, goes on at the oldest record kept, and says so by its position', async () => {
  const settings = await newTopics();
  await using log = await open(settings);
  await using reader = await open(settings);
  for (let i = 0; i < 20; i++) await log.appendTo(0, 'k', Buffer.from(`${i}`));
  expect(await reader.read(0, 0, { maxRecords: 20, maxBytes: 1_000 })).toHaveLength(20);
  const waiting = reader.waitFor(0, 20, 60_000);
  await log.appendTo(0, 'k', Buffer.from('20'));
  expect(await waiting).toBe(true);
  await log.trim(0, 15);
  expect((await reader.read(0, 3, ALL)).map(({ position }) => position)).toEqual([15, 16, 17, 18, 19, 20]);
  await log.trim(0, 21);
  expect(await reader.read(0, 3, ALL)).toEqual([]);
  expect(await reader.waitFor(0, 3, 100)).toBe(false);
  const late = reader.waitFor(0, 3, 60_000);
  await log.appendTo(0, 'k', Buffer.from('21'));
  expect(await late).toBe(true);
  expect((await reader.read(0, 3, ALL)).map(({ position }) => position)).toEqual([21]);
});

test('what was fetched ahead and then trimmed on the same handle is not read', async () => {
  const settings = await newTopics();
  await using log = await open(settings);
  const append = async (): Promise<unknown> => Promise.all(Array.from({ length: 10 }, async () => log.appendTo(0, 'k', Buffer.from('v'))));
  await append();
  expect(await log.read(0, 0, { maxRecords: 1, maxBytes: 1 })).toHaveLength(1);
  expect(await log.waitFor(0, 9, 60_000)).toBe(true);
  await log.trim(0, 4);
  expect((await log.read(0, 1, ALL)).map(({ position }) => position)).toEqual([4, 5, 6, 7, 8, 9]);
  await append();
  expect(await log.waitFor(0, 19, 60_000)).toBe(true);
  await log.trim(0, 1_000);
  expect(await log.read(0, 10, ALL)).toEqual([]);
});

test('reading beyond the end is empty, and the bounds of a topic that was made anew are told', async () => {
  const settings = await newTopics();
  await using log = await open(settings);
  for (let i = 0; i < 5; i++) await log.appendTo(0, 'k', Buffer.from('v'));
  expect(await log.read(0, 1_000, ALL)).toEqual([]);
  expect(await log.waitFor(0, 1_000, 50)).toBe(false);
  const admin = createKafka(settings).admin();
  await admin.connect();
  await admin.deleteTopics({ topics: [topicNames(settings.topic_prefix).blocks] });
  await sleep(500);
  await ensureTopics(createKafka(settings), settings);
  await admin.disconnect();
  await expect.poll(async () => log.bounds(0).catch(() => undefined)).toEqual({ first: 0, next: 0 });
});

test('control entries that left the cache are fetched again, without those that lost', async () => {
  const settings = await newTopics();
  await using log = await open(settings, { maxCachedBytes: 4_000 });
  await using other = await open(settings);
  const expected: string[] = [];
  for (let i = 0; i < 60; i++) {
    const [won] = await Promise.all([log.control.claim(`k/${i}`, `a${i}`.padEnd(200)), other.control.claim(`k/${i}`, `b${i}`.padEnd(200))]);
    expected.push(won.value);
  }
  for (const handle of [log, other]) {
    expect((await handle.control.read(0, 1_000)).map(({ value }) => value)).toEqual(expected);
    expect((await handle.control.read(0, 7)).map(({ value }) => value)).toEqual(expected.slice(0, 7));
    const old = await handle.control.claim('k/3', 'late');
    expect(old.value).toBe(expected[3]);
    expect((await handle.control.read(old.offset, 2)).map(({ value }) => value)).toEqual(expected.slice(3, 5));
  }
});

test('a trim frees the claims below on every handle, and those that had lost stay lost', async () => {
  const settings = await newTopics();
  await using a = await open(settings);
  await using b = await open(settings);
  await b.control.read(0, 1);
  const answers = await Promise.all(Array.from({ length: 10 }, async (_, i) => (i % 2 === 0 ? a : b).control.claim('k', `${i}`)));
  const kept = await a.control.append('kept', 'kept');
  await a.control.trim((answers[0]?.offset ?? NaN) + 1);
  await using c = await open(settings);
  for (const handle of [a, b, c]) expect((await handle.control.read(0, 100)).map(({ value }) => value)).toEqual(['kept']);
  const fresh = await c.control.claim('k', 'fresh');
  expect(fresh.offset).toBeGreaterThan(kept);
  for (const handle of [a, b]) expect(await handle.control.claim('k', 'late')).toEqual(fresh);
});

test('over TLS with a login, all of the log works', async () => {
  await using secured = await startBrokers({ brokers: 1, secured: true });
  const settings = await newTopics(secured);
  await using log = await open(settings);
  await using reader = await open(settings);
  const waiting = reader.waitFor(1, 0, 60_000);
  await log.appendTo(1, 'k', Buffer.from('v'));
  expect(await waiting).toBe(true);
  expect(await reader.read(1, 0, ALL)).toHaveLength(1);
  expect((await reader.control.claim('k', 'v')).value).toBe('v');
  const wrong = { ...settings, sasl: { ...settings.sasl, password: ['not', 'it'].join('-') } };
  await expect(open(wrong)).rejects.toMatchObject({ code: 'TQ-KAFKA-02' });
});
