import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ControlEntry, EventLog } from '../../contracts/event-log.ts';
import { AppendLedger, isRefusal, NO_FINDINGS } from './append-ledger.ts';
import { createKafka, kafkaConfigOf } from './connection.ts';
import type { KafkaSettings } from './config.ts';
import { topicNames } from './expected-topics.ts';
import { openKafkaLog } from './kafka-log.ts';
import { openOwnership } from './ownership.ts';
import { startBrokers } from './test-broker/broker-cluster.ts';
import type { BrokerCluster } from './test-broker/broker-cluster.ts';
import { testSettings } from './test-settings.ts';
import { ensureTopics } from './topics.ts';

let cluster: BrokerCluster;
beforeAll(async () => {
  cluster = await startBrokers({ brokers: 3 });
});
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
});

async function newTopics(): Promise<KafkaSettings> {
  const settings = testSettings(cluster);
  await ensureTopics(createKafka(settings), settings);
  return settings;
}

async function open(settings: KafkaSettings): Promise<EventLog> {
  return openKafkaLog({ kafka: kafkaConfigOf(settings, () => undefined), topicPrefix: settings.topic_prefix, partitions: settings.partitions });
}

/** One by one, then all at once; each is started again. A leader's partitions are led by another within some seconds. */
async function killBrokers(): Promise<void> {
  for (const broker of [0, 1, 2]) {
    await sleep(1_000);
    await cluster.kill(broker);
    await sleep(4_500);
    await cluster.start(broker);
  }
  await sleep(1_000);
  await Promise.all([0, 1, 2].map(async (broker) => cluster.kill(broker)));
  await Promise.all([0, 1, 2].map(async (broker) => cluster.start(broker)));
}

/** Appends to all partitions, some at a time, until the signal. */
async function appendAll(log: EventLog, who: string, ledger: AppendLedger, signal: AbortSignal): Promise<void> {
  for (let i = 0; !signal.aborted; i++) {
    await Promise.all(Array.from({ length: 8 }, async (_, n) => ledger.append(log, n % log.partitions, `${who} ${i} ${n}`)));
    await sleep(5);
  }
}

/** Follows a partition to the end of time: what it saw, in order. */
async function followAll(log: EventLog, partition: number, seen: string[], signal: AbortSignal): Promise<void> {
  for (let from = 0; !signal.aborted;) {
    const records = await log.read(partition, from, { maxRecords: 100, maxBytes: 1 << 20 }).catch((error: unknown) => {
      if (!isRefusal(error)) throw error;
      return [];
    });
    for (const { value } of records) seen.push(value.toString());
    from = (records.at(-1)?.position ?? from - 1) + 1;
    if (records.length === 0) await log.waitFor(partition, from, 500, signal);
  }
}

/** Claims one key after the other, three at a time, each until it is known who has it. */
async function claimAll(log: EventLog, who: string, won: Map<string, ControlEntry>, signal: AbortSignal): Promise<void> {
  for (let i = 0; !signal.aborted;) {
    const entries = await Promise.all([0, 1, 2].map(async (n) => log.control.claim(`prepare/${n}/${i}`, who))).catch((error: unknown) => {
      if (!isRefusal(error)) throw error;
      return undefined;
    });
    if (entries === undefined) continue;
    for (const entry of entries) won.set(entry.key, entry);
    if (++i % 7 === 0) await log.control.append('snapshot/0', who).catch(() => undefined);
    await sleep(5);
  }
}

describe('brokers killed one by one and together, while two processes append and claim and a third one reads', () => {
  const ledger = new AppendLedger();
  const seen: string[] = [];
  const won = { a: new Map<string, ControlEntry>(), b: new Map<string, ControlEntry>() };
  const handles: EventLog[] = [];
  let fresh: EventLog;

  beforeAll(async () => {
    const settings = await newTopics();
    const stop = new AbortController();
    const [a, b, c] = [await open(settings), await open(settings), await open(settings)];
    handles.push(a, b, c);
    const running = [
      appendAll(a, 'a', ledger, stop.signal), appendAll(b, 'b', ledger, stop.signal), followAll(c, 1, seen, stop.signal),
      claimAll(a, 'a', won.a, stop.signal), claimAll(b, 'b', won.b, stop.signal),
    ];
    await killBrokers();
    const before = { acknowledged: ledger.acknowledged.size, won: won.a.size };
    await vi.waitUntil(() => ledger.acknowledged.size > before.acknowledged + 100 && won.a.size > before.won + 30, { timeout: 240_000 });
    stop.abort();
    await Promise.all(running);
    fresh = await open(settings);
    handles.push(fresh);
  });
  afterAll(async () => {
    await Promise.all(handles.map(async (handle) => handle[Symbol.asyncDispose]()));
  });

  test('every acknowledged append is there once, where it was said to be, and a refused one at most once', async () => {
    expect(await ledger.findings(fresh)).toEqual(NO_FINDINGS);
    expect(ledger.refused.size).toBeLessThan(ledger.acknowledged.size / 10);
  });

  test('the appends of each process to a partition stand in the order they were made in', () => {
    for (const who of ['a', 'b']) {
      const positions = [...ledger.acknowledged].filter(([text, at]) => text.startsWith(who) && at.partition === 1)
        .toSorted(([x], [y]) => Number(x.split(' ')[1]) - Number(y.split(' ')[1]) || Number(x.split(' ')[2]) - Number(y.split(' ')[2])).map(([, at]) => at.position);
      expect(positions).toEqual(positions.toSorted((x, y) => x - y));
    }
  });

  test('a reader that followed all along saw every record once, in order', async () => {
    const all = await fresh.read(1, 0, { maxRecords: 1_000_000, maxBytes: 1 << 30 });
    expect(seen.length).toBeGreaterThan(100);
    expect(seen).toEqual(all.slice(0, seen.length).map(({ value }) => value.toString()));
  });

  test('each claim has one winner, the same on every handle, old and new', async () => {
    const entries = await fresh.control.read(0, 1_000_000);
    for (const handle of handles) expect(await handle.control.read(0, 1_000_000)).toEqual(entries);
    const claims = entries.filter(({ key }) => key.startsWith('prepare/'));
    const byKey = new Map(claims.map((entry) => [entry.key, entry]));
    expect(byKey.size).toBe(claims.length);
    for (const entry of [...won.a.values(), ...won.b.values()]) expect(byKey.get(entry.key)).toEqual(entry);
  });
});

test('a leader that stands still and comes back loses and doubles nothing', async () => {
  const settings = await newTopics();
  const ledger = new AppendLedger();
  const stop = new AbortController();
  await using log = await open(settings);
  const running = appendAll(log, 'a', ledger, stop.signal);
  await sleep(1_000);
  cluster.pause(0);
  await sleep(6_000);
  cluster.resume(0);
  await sleep(2_000);
  stop.abort();
  await running;
  expect(ledger.refused.size).toBe(0);
  await using fresh = await open(settings);
  expect(await ledger.findings(fresh)).toEqual(NO_FINDINGS);
});

test("somebody's partition that nobody leads keeps no role from starting and no worker from its group", async () => {
  const settings = await newTopics();
  const kafka = createKafka(settings);
  const admin = kafka.admin();
  await admin.connect();
  const isLed = (): Promise<boolean> => admin.fetchTopicMetadata({ topics: ['somebody-s'] }).then(() => true, () => false);
  await admin.createTopics({ topics: [{ topic: 'somebody-s', replicaAssignment: [{ partition: 0, replicas: [3] }] }] });
  await expect.poll(isLed).toBe(true);
  await cluster.kill(2);
  try {
    await expect.poll(isLed).toBe(false);
    await ensureTopics(kafka, settings);
    await using log = await open(settings);
    await log.append('a', Buffer.from('a'));
    await using member = await openOwnership(kafka, { groupId: `${settings.topic_prefix}.workers`, topic: topicNames(settings.topic_prefix).blocks, partitions: settings.partitions, sessionTimeoutMs: 6_000 });
    expect(member.owned.size).toBe(settings.partitions);
    expect(await isLed()).toBe(false);
  } finally {
    await cluster.start(2);
    await admin.disconnect();
  }
});
