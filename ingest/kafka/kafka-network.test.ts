import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { EventLog } from '../../contracts/event-log.ts';
import { AppendLedger, NO_FINDINGS } from './append-ledger.ts';
import { createKafka, kafkaConfigOf } from './connection.ts';
import { openCuttableNetwork } from './cuttable-network.ts';
import type { CuttableNetwork } from './cuttable-network.ts';
import { openKafkaLog } from './kafka-log.ts';
import { startBrokers } from './test-broker/broker-cluster.ts';
import type { BrokerCluster } from './test-broker/broker-cluster.ts';
import { testSettings } from './test-settings.ts';
import { ensureTopics } from './topics.ts';

let cluster: BrokerCluster;
let network: CuttableNetwork;
beforeAll(async () => {
  cluster = await startBrokers({ brokers: 1 });
  network = await openCuttableNetwork(cluster.brokers.map(({ port }) => port));
});
afterAll(async () => {
  await network[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});
beforeEach(() => network.set('open'));

/** One log behind the network, one beside it. */
async function openBoth(appendTimeoutMs: number): Promise<AsyncDisposable & { readonly behind: EventLog; readonly beside: EventLog }> {
  const settings = testSettings(cluster);
  await ensureTopics(createKafka(settings), settings);
  const open = async (more: object): Promise<EventLog> => openKafkaLog({ kafka: { ...kafkaConfigOf(settings, () => undefined), ...more }, topicPrefix: settings.topic_prefix, partitions: settings.partitions, appendTimeoutMs });
  const [behind, beside] = [await open({ socketFactory: network.socketFactory }), await open({})];
  return {
    behind,
    beside,
    async [Symbol.asyncDispose]() {
      network.set('open');
      await Promise.all([behind[Symbol.asyncDispose](), beside[Symbol.asyncDispose]()]);
    },
  };
}

test('an append whose answer is lost is refused, and the next one is not taken for it', async () => {
  await using logs = await openBoth(1_000);
  const ledger = new AppendLedger();
  await ledger.append(logs.behind, 0, 'before');
  network.set('deaf');
  await ledger.append(logs.behind, 0, 'unheard');
  expect([...ledger.refused]).toEqual(['unheard']);
  network.set('open');
  for (let i = 0; !ledger.acknowledged.has(`after ${i - 1}`) && i < 30; i++) await ledger.append(logs.behind, 0, `after ${i}`);
  expect(ledger.acknowledged.size).toBe(2);
  expect(await ledger.findings(logs.beside)).toEqual(NO_FINDINGS);
  expect((await logs.beside.read(0, 0, { maxRecords: 2, maxBytes: 100 })).map(({ value }) => value.toString())).toEqual(['before', 'unheard']);
});

test('an append whose answer is lost is stored once when the network comes back in time', async () => {
  await using logs = await openBoth(30_000);
  const ledger = new AppendLedger();
  await ledger.append(logs.behind, 0, 'before');
  network.set('deaf');
  const pending = Array.from({ length: 50 }, async (_, i) => ledger.append(logs.behind, i % 4, `unheard ${i}`));
  await sleep(500);
  network.set('refused');
  await sleep(500);
  network.set('open');
  await Promise.all(pending);
  expect(ledger.refused.size).toBe(0);
  expect(await ledger.findings(logs.beside)).toEqual(NO_FINDINGS);
});

test('connections that end again and again lose and double nothing, and readers go on', async () => {
  await using logs = await openBoth(30_000);
  const ledger = new AppendLedger();
  const read: string[] = [];
  const reading = (async () => {
    for (let from = 0; read.length < 600;) {
      await logs.behind.waitFor(1, from, 1_000);
      const records = await logs.behind.read(1, from, { maxRecords: 50, maxBytes: 1 << 20 }).catch(() => []);
      read.push(...records.map(({ value }) => value.toString()));
      from = (records.at(-1)?.position ?? from - 1) + 1;
    }
  })();
  const sent: string[] = [];
  for (let round = 0; round < 6; round++) {
    const pending = Array.from({ length: 100 }, async (_, i) => {
      sent.push(`${round}.${i}`);
      await ledger.append(logs.behind, 1, `${round}.${i}`);
    });
    await sleep(20);
    network.set('refused');
    await sleep(100);
    network.set('open');
    await Promise.all(pending);
  }
  expect(ledger.refused.size).toBe(0);
  await reading;
  expect(read).toEqual(sent);
  expect(await ledger.findings(logs.beside)).toEqual(NO_FINDINGS);
});

test('a claim whose answer is lost, tried again, has one winner on every handle', async () => {
  await using logs = await openBoth(1_500);
  await logs.behind.control.append('k', 'open');
  network.set('deaf');
  await expect(logs.behind.control.claim('prepare/0/1', 'unheard')).rejects.toMatchObject({ name: 'LogError', retryable: true });
  network.set('open');
  const late = await logs.beside.control.claim('prepare/0/1', 'late');
  expect(late.value).toBe('unheard');
  // The connection that lost the answer is given up some seconds later.
  const again = await vi.waitFor(async () => logs.behind.control.claim('prepare/0/1', 'again'), { timeout: 200_000 });
  expect(again).toEqual(late);
  expect((await logs.beside.control.read(0, 10)).map(({ value }) => value)).toEqual(['open', 'unheard']);
  expect(await logs.behind.control.read(0, 10)).toEqual(await logs.beside.control.read(0, 10));
});

test('a network that passes nothing holds up neither waiting nor closing', async () => {
  await using logs = await openBoth(1_000);
  await logs.behind.append('site', Buffer.from('a'));
  network.set('silent');
  expect(await logs.behind.waitFor(2, 0, 100)).toBe(false);
  const waiting = logs.behind.waitFor(2, 0, 3_600_000);
  const pending = logs.behind.append('site', Buffer.alloc(1_000)).catch((error: unknown) => error);
  await logs.behind[Symbol.asyncDispose]();
  expect(await waiting).toBe(false);
  expect(await pending).toMatchObject({ name: 'LogError', retryable: true });
});

test('what waits for Kafka is bounded: more is refused, retryably, until there is room', async () => {
  const settings = testSettings(cluster);
  await ensureTopics(createKafka(settings), settings);
  await using log = await openKafkaLog({ kafka: { ...kafkaConfigOf(settings, () => undefined), socketFactory: network.socketFactory }, topicPrefix: settings.topic_prefix, partitions: settings.partitions, maxWaitingBytes: 10_000 });
  await log.append('site', Buffer.from('a'));
  network.set('silent');
  const waiting = log.append('site', Buffer.alloc(9_000));
  await expect(log.append('site', Buffer.alloc(9_000))).rejects.toMatchObject({ name: 'LogError', code: 'TQ-KAFKA-12', retryable: true });
  network.set('refused');
  network.set('open');
  await waiting;
  await log.append('site', Buffer.alloc(9_000));
});
