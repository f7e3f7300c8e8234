import { CompressionTypes } from 'kafkajs';
import type { Admin, Kafka, Message, Producer } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogDisk, openMemoryLog } from '../../contracts/memory-log.ts';
import type { LogDisk } from '../../contracts/memory-log.ts';
import { testInspector } from '../gateway/test-gateway.ts';
import { createKafka } from '../kafka/connection.ts';
import { startBrokers } from '../kafka/test-broker/broker-cluster.ts';
import type { BrokerCluster } from '../kafka/test-broker/broker-cluster.ts';
import { testSettings } from '../kafka/test-settings.ts';
import { createBridge } from './bridge.ts';
import type { Bridge } from './bridge.ts';
import type { BridgeEvent } from './bridge-event.ts';
import { openKafkaSource } from './kafka-source.ts';
import { storedLines } from './stored-lines.ts';

let brokers: BrokerCluster;
let kafka: Kafka;
let admin: Admin;
let producer: Producer;

beforeAll(async () => {
  brokers = await startBrokers({ brokers: 1 });
  kafka = createKafka(testSettings(brokers));
  admin = kafka.admin();
  producer = kafka.producer({ idempotent: true });
  await Promise.all([admin.connect(), producer.connect()]);
});

afterAll(async () => {
  await Promise.all([admin.disconnect(), producer.disconnect()]);
  await brokers[Symbol.asyncDispose]();
});

interface Setup {
  readonly topic: string;
  readonly group: string;
  readonly disk: LogDisk;
  readonly events: BridgeEvent[];
}

let setups = 0;

async function setUp(partitions = 1): Promise<Setup> {
  const name = `t${++setups}`;
  await createTopic(`${name}.ingress`, partitions);
  return { topic: `${name}.ingress`, group: `${name}.bridge`, disk: createLogDisk(2), events: [] };
}

async function createTopic(topic: string, numPartitions: number): Promise<void> {
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions, replicationFactor: 1, configEntries: [{ name: 'compression.type', value: 'zstd' }] }] });
}

async function start({ topic, group, disk, events }: Setup): Promise<Bridge & AsyncDisposable> {
  const bridge = await createBridge({
    source: await openKafkaSource(kafka, { topic, groupId: group, sessionTimeoutMs: 6_000 }),
    sites: { has: (site) => site === 'shop', refresh: async () => undefined },
    log: openMemoryLog(disk), seal: (_head, body) => body, inspector: testInspector, clock: Date.now, onEvent: (event) => events.push(event),
  });
  return { status: () => bridge.status(), failed: bridge.failed, close: () => bridge.close(), [Symbol.asyncDispose]: () => bridge.close() };
}

function stored({ disk }: Setup, site: string): readonly string[] {
  return storedLines(disk, site);
}

function messages(from: number, count: number): Message[] {
  return Array.from({ length: count }, (_, i) => ({ key: 'shop', value: `{"n":${from + i}}` }));
}

function numbers(from: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `{"n":${from + i}}`);
}

const byNumber = (a: string, b: string): number => Number(a.slice(5, -1)) - Number(b.slice(5, -1));

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  await expect.poll(holds, { interval: 20 }).toBe(true);
}

async function committed({ topic, group }: Setup): Promise<readonly number[]> {
  const [found] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
  return (found?.partitions ?? []).map((p) => Number(p.offset));
}

test('records with headers, keys, compression and transactions are bridged once, over a restart', async () => {
  const setup = await setUp();
  const { topic } = setup;
  await producer.send({ topic, messages: [{ value: '{"n":0}', headers: { 'tourniquet-site': 'shop' } }, { key: 'shop', value: '{"n":1}\n{"n":2}\n' }, { key: 'nobody', value: 'x' }] });
  await producer.send({ topic, compression: CompressionTypes.GZIP, messages: messages(3, 500) });
  const transactional = kafka.producer({ transactionalId: `${topic}-producer`, idempotent: true, maxInFlightRequests: 1 });
  await transactional.connect();
  for (const end of ['abort', 'commit'] as const) {
    const transaction = await transactional.transaction();
    await transaction.send({ topic, messages: end === 'abort' ? messages(9_000, 3) : messages(503, 3) });
    await transaction[end]();
  }
  await transactional.disconnect();
  const first = await start(setup);
  await until(() => stored(setup, 'shop').length === 506);
  await producer.send({ topic, messages: messages(506, 10) });
  await until(async () => stored(setup, 'shop').length === 516 && first.status().partitions[0]?.lag === 0);
  await first.close();
  expect(setup.events.filter((e) => e.type === 'lost' || e.type === 'retry')).toEqual([]);
  await producer.send({ topic, messages: messages(516, 4) });
  await using second = await start(setup);
  await until(() => second.status().records === 4);
  expect(stored(setup, 'shop')).toEqual(numbers(0, 520));
  expect(stored(setup, '_system')).toEqual(['x']);
});

test('two bridges share the partitions; when one leaves the other takes over, and each line is stored once', async () => {
  const setup = await setUp(4);
  await using first = await start(setup);
  const second = await start(setup);
  await until(() => [first, second].every((b) => Object.keys(b.status().partitions).length === 2));
  const send = async (from: number, count: number): Promise<void> => {
    await producer.send({ topic: setup.topic, messages: messages(from, count).map((m, i) => ({ ...m, partition: i % 4 })) });
  };
  for (let n = 0; n < 400; n += 100) await send(n, 100);
  await until(() => stored(setup, 'shop').length > 200);
  const closedAtMs = performance.now();
  await second.close();
  expect(performance.now() - closedAtMs).toBeLessThan(5_000);
  for (let n = 400; n < 800; n += 100) await send(n, 100);
  await until(() => stored(setup, 'shop').length >= 800);
  expect(Object.keys(first.status().partitions)).toHaveLength(4);
  expect(stored(setup, 'shop').toSorted(byNumber)).toEqual(numbers(0, 800));
});

test('records deleted while no bridge ran are reported, and everything kept is bridged', async () => {
  const setup = await setUp();
  const { topic } = setup;
  const first = await start(setup);
  await producer.send({ topic, messages: messages(0, 10) });
  await until(async () => (await committed(setup))[0] === 10);
  await first.close();
  await producer.send({ topic, messages: messages(10, 20) });
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '25' }] });
  await using second = await start(setup);
  await until(() => stored(setup, 'shop').length === 15);
  expect(setup.events).toContainEqual({ type: 'lost', partition: 0, from: 10, to: 24, certain: true });
  expect(stored(setup, '_system')).toEqual([expect.stringContaining('"first_offset":"10","last_offset":"24"')]);
  expect(second.status().lost_records).toBe(15);
});

test('offsets that an operator resets to the start make everything come again, stored once', async () => {
  const setup = await setUp();
  const { topic, group } = setup;
  await producer.send({ topic, messages: messages(0, 50) });
  const first = await start(setup);
  await until(async () => (await committed(setup))[0] === 50);
  await first.close();
  await admin.setOffsets({ groupId: group, topic, partitions: [{ partition: 0, offset: '0' }] });
  await using second = await start(setup);
  await until(async () => (await committed(setup))[0] === 50 && second.status().records === 50);
  expect(stored(setup, 'shop')).toEqual(numbers(0, 50));
});

test.each([['while a bridge runs', true], ['while none runs', false]])('a topic made anew %s starts its offsets again, and no line of it passes for an old one', async (_when, running) => {
  const setup = await setUp();
  const { topic } = setup;
  await producer.send({ topic, messages: messages(0, 30) });
  const first = await start(setup);
  await until(async () => (await committed(setup))[0] === 30);
  if (!running) await first.close();
  await admin.deleteTopics({ topics: [topic] });
  await until(async () => createTopic(topic, 1).then(() => true, () => false));
  await until(async () => producer.send({ topic, messages: messages(100, 20) }).then(() => true, () => false));
  const second = running ? first : await start(setup);
  await until(() => stored(setup, 'shop').length >= 50);
  await second.close();
  expect(stored(setup, 'shop').toSorted(byNumber)).toEqual([...numbers(0, 30), ...numbers(100, 20)]);
});

test('a bridge outlives an outage of the broker', async () => {
  const setup = await setUp();
  const { topic } = setup;
  await using bridge = await start(setup);
  await producer.send({ topic, messages: messages(0, 10) });
  await until(() => stored(setup, 'shop').length === 10);
  await brokers.kill(0);
  await brokers.start(0);
  await until(async () => producer.send({ topic, messages: messages(10, 10) }).then(() => true, () => false));
  await until(() => new Set(stored(setup, 'shop')).size === 20);
  expect(bridge.status().lost_records).toBe(0);
});
