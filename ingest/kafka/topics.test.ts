import kafkajs, { type Kafka } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKafka } from './connection.ts';
import { expectedTopics, topicNames } from './expected-topics.ts';
import { type BrokerCluster, startBrokers } from './test-broker/broker-cluster.ts';
import { testSettings } from './test-settings.ts';
import { ensureTopics, misfitsOf } from './topics.ts';

let cluster: BrokerCluster;
let kafka: Kafka;

beforeAll(async () => {
  cluster = await startBrokers({ brokers: 1 });
  kafka = createKafka(testSettings(cluster));
});
afterAll(async () => cluster[Symbol.asyncDispose]());

const INGRESS = { enabled: true, partitions: 2, retention_hours: 24 };

test('missing topics are created, by any number of processes at once, and fit from then on', async () => {
  const settings = testSettings(cluster, { ingress: INGRESS });
  await Promise.all(Array.from({ length: 4 }, async () => ensureTopics(createKafka(settings), settings)));
  await ensureTopics(kafka, { ...settings, create_topics: false });
  const admin = kafka.admin();
  const names = topicNames(settings.topic_prefix);
  expect(await admin.listTopics()).toEqual(expect.arrayContaining(Object.values(names)));
  const { topics } = await admin.fetchTopicMetadata({ topics: [names.blocks, names.control] });
  expect(topics.map(({ partitions }) => partitions.length).toSorted((a, b) => a - b)).toEqual([1, 4]);
  await admin.disconnect();
});

test('the ingress topic is made only where it is wanted', async () => {
  const settings = testSettings(cluster);
  await ensureTopics(kafka, settings);
  const admin = kafka.admin();
  expect(await admin.listTopics()).not.toContain(topicNames(settings.topic_prefix).ingress);
  await admin.disconnect();
});

test('topics are not created when that is switched off: the commands are named', async () => {
  const settings = testSettings(cluster, { create_topics: false });
  const { registry } = topicNames(settings.topic_prefix);
  await expect(ensureTopics(kafka, settings)).rejects.toMatchObject({ code: 'TQ-KAFKA-05', message: expect.stringContaining(`--create --topic ${registry} --partitions 1 --replication-factor 1`) });
});

test('fewer brokers than copies are wanted: nothing is created', async () => {
  const settings = testSettings(cluster, { replication_factor: 3, min_insync_replicas: 2 });
  await expect(ensureTopics(kafka, settings)).rejects.toMatchObject({ code: 'TQ-KAFKA-06', message: expect.stringContaining('(1 of 3)') });
  const admin = kafka.admin();
  expect(await admin.listTopics()).not.toContain(topicNames(settings.topic_prefix).blocks);
  await admin.disconnect();
});

test('a topic with too few or too many partitions is refused', async () => {
  const settings = testSettings(cluster);
  const { blocks } = topicNames(settings.topic_prefix);
  await ensureTopics(kafka, settings);
  await expect(ensureTopics(kafka, { ...settings, partitions: 6 })).rejects.toThrow(`${blocks}: partitions are 4, expected 6: set log.kafka.partitions to 4`);
  await expect(ensureTopics(kafka, { ...settings, partitions: 2 })).rejects.toThrow(`${blocks}: partitions are 4, expected 2: set log.kafka.partitions to 4`);
});

test('every misfit is told at once, with the command that mends it', async () => {
  const settings = testSettings(cluster, { ingress: INGRESS });
  const names = topicNames(settings.topic_prefix);
  await ensureTopics(kafka, settings);
  const admin = kafka.admin();
  const spoil = async (name: string, key: string, value: string): Promise<unknown> => admin.alterConfigs({ validateOnly: false, resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name, configEntries: [{ name: key, value }] }] });
  await spoil(names.blocks, 'retention.ms', '3600000');
  await spoil(names.control, 'cleanup.policy', 'compact');
  await spoil(names.ingress, 'compression.type', 'lz4');
  await admin.disconnect();
  const message = await ensureTopics(kafka, settings).then(() => '', String);
  const command = `kafka-configs.sh --bootstrap-server ${settings.brokers[0]} --alter --entity-type topics`;
  expect(message).toContain(`${names.blocks}: retention.ms is 3600000, expected at least 604800000: ${command} --entity-name ${names.blocks} --add-config retention.ms=604800000`);
  expect(message).toContain(`${names.control}: cleanup.policy is compact, expected delete: ${command} --entity-name ${names.control} --add-config cleanup.policy=delete`);
  expect(message).toContain(`${names.ingress}: compression.type is lz4, expected zstd`);
  expect(message).toContain(`${names.control}: max.message.bytes is 1048588, expected at least`);
});

test('more retention, more copies and larger records than asked for are fine; fewer copies are not', () => {
  const [blocks] = expectedTopics(testSettings({ bootstrap: ['a:1', 'b:1', 'c:1'], security: undefined }));
  const expected = blocks ?? expect.fail('there is no such topic');
  const config = { ...Object.fromEntries(Object.entries(expected.config).map(([key, { value }]) => [key, String(value)])), 'retention.ms': '-1', 'max.message.bytes': '99999999', 'min.insync.replicas': '3' };
  expect(misfitsOf(expected, { name: expected.name, partitions: 4, replicationFactor: 4, config }, 'a:1')).toEqual([]);
  expect(misfitsOf(expected, { name: expected.name, partitions: 4, replicationFactor: 2, config: { ...config, 'min.insync.replicas': '1' } }, 'a:1')).toEqual([
    expect.stringContaining('replication factor is 2, expected at least 3'), expect.stringContaining('min.insync.replicas is 1, expected at least 2'),
  ]);
});
