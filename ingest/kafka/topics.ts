import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Admin, type ITopicMetadata, type Kafka } from 'kafkajs';
import { kafkaErrorOf } from './client-error.ts';
import type { KafkaSettings } from './config.ts';
import { KafkaError } from './errors.ts';
import { type ExpectedTopic, expectedTopics } from './expected-topics.ts';

const SETTLING_LIMIT_MS = 20_000;

type TopicSettings = Pick<KafkaSettings, 'brokers' | 'topic_prefix' | 'partitions' | 'replication_factor' | 'min_insync_replicas' | 'retention_hours' | 'create_topics' | 'ingress'>;

/** A topic as it stands in Kafka. */
export interface FoundTopic {
  readonly name: string;
  readonly partitions: number;
  /** The smallest of its partitions. */
  readonly replicationFactor: number;
  readonly config: Readonly<Record<string, string>>;
}

/**
 * Creates the topics that are missing and checks all of them. Any number of processes may do so at once. Throws
 * `KafkaError` with every misfit at once and the command that mends each; a topic that does not fit is never changed.
 */
export async function ensureTopics(kafka: Kafka, settings: TopicSettings): Promise<void> {
  const expected = expectedTopics(settings);
  const admin = kafka.admin();
  try {
    await admin.connect();
    const found = await createAndDescribe(admin, expected, settings);
    const misfits = expected.flatMap((topic) => misfitsOf(topic, found.get(topic.name), settings.brokers[0] ?? 'HOST:PORT'));
    if (misfits.length > 0) throw new KafkaError('TQ-KAFKA-05', `\n${misfits.join('\n')}\n`);
  } catch (error) {
    throw kafkaErrorOf(error);
  } finally {
    await admin.disconnect();
  }
}

/** Brokers learn of a new topic one after the other: until all know, some answer that it does not exist. */
async function createAndDescribe(admin: Admin, expected: readonly ExpectedTopic[], settings: TopicSettings): Promise<ReadonlyMap<string, FoundTopic>> {
  for (const deadline = Date.now() + SETTLING_LIMIT_MS; ; await sleep(100)) {
    try {
      const missing = await missingOf(admin, expected);
      if (missing.length > 0) await create(admin, missing, settings);
      return await describe(admin, expected.map((topic) => topic.name));
    } catch (error) {
      const failure = kafkaErrorOf(error);
      if (failure.code !== 'TQ-KAFKA-17' || Date.now() > deadline) throw failure;
    }
  }
}

async function missingOf(admin: Admin, expected: readonly ExpectedTopic[]): Promise<readonly ExpectedTopic[]> {
  const existing = new Set(await admin.listTopics());
  return expected.filter(({ name }) => !existing.has(name));
}

async function create(admin: Admin, missing: readonly ExpectedTopic[], settings: TopicSettings): Promise<void> {
  if (!settings.create_topics) {
    throw new KafkaError('TQ-KAFKA-05', `\n${missing.map((topic) => `${topic.name}: missing, and log.kafka.create_topics is off: ${creationCommand(topic, settings)}`).join('\n')}\n`);
  }
  const { brokers } = await admin.describeCluster();
  if (brokers.length < settings.replication_factor) throw new KafkaError('TQ-KAFKA-06', `${brokers.length} of ${settings.replication_factor}`);
  // False when another process was first; what it made is checked as if it were ours.
  await admin.createTopics({
    waitForLeaders: false,
    topics: missing.map(({ name, partitions, replicationFactor, config }) => ({
      topic: name, numPartitions: partitions, replicationFactor, configEntries: Object.entries(config).map(([key, { value }]) => ({ name: key, value: String(value) })),
    })),
  });
}

async function describe(admin: Admin, names: readonly string[]): Promise<ReadonlyMap<string, FoundTopic>> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [...names] });
  const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: names.map((name) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name })) });
  const configs = new Map(resources.map(({ resourceName, configEntries }) => [resourceName, Object.fromEntries(configEntries.map(({ configName, configValue }) => [configName, configValue]))]));
  return new Map(topics.map((topic) => [topic.name, foundTopic(topic, configs.get(topic.name) ?? {})]));
}

function foundTopic({ name, partitions }: ITopicMetadata, config: Readonly<Record<string, string>>): FoundTopic {
  return { name, partitions: partitions.length, replicationFactor: Math.min(...partitions.map(({ replicas }) => replicas.length)), config };
}

/** One line each: topic, setting, found, expected, and how to mend it. */
export function misfitsOf(expected: ExpectedTopic, found: FoundTopic | undefined, broker: string): readonly string[] {
  const { name } = expected;
  if (found === undefined) return [`${name}: cannot be described`];
  const misfits: string[] = [];
  if (found.partitions !== expected.partitions) misfits.push(`${name}: partitions are ${found.partitions}, expected ${expected.partitions}: ${partitionsMend(expected, found, broker)}`);
  if (found.replicationFactor < expected.replicationFactor) {
    misfits.push(`${name}: replication factor is ${found.replicationFactor}, expected at least ${expected.replicationFactor}: kafka-reassign-partitions.sh --bootstrap-server ${broker} --execute --reassignment-json-file FILE, where FILE names ${expected.replicationFactor} brokers for each partition`);
  }
  for (const [key, { value, rule }] of Object.entries(expected.config)) {
    const is = found.config[key];
    if (is === undefined || fits(is, value, rule)) continue;
    const wanted = rule === 'equal' ? `${value}` : rule === 'least' ? `at least ${value}` : `at most ${value}`;
    misfits.push(`${name}: ${key} is ${is}, expected ${wanted}: kafka-configs.sh --bootstrap-server ${broker} --alter --entity-type topics --entity-name ${name} --add-config ${key}=${value}`);
  }
  return misfits;
}

/** More partitions would send sites elsewhere than where their history is, so only an unused topic may be changed. */
function partitionsMend({ name, partitions, partitionsSetting }: ExpectedTopic, found: FoundTopic, broker: string): string {
  const setting = partitionsSetting === undefined ? '' : `set ${partitionsSetting} to ${found.partitions} if the topic was made so; otherwise, `;
  const command = `kafka-topics.sh --bootstrap-server ${broker}`;
  return `${setting}only while nothing was ever written to it: ${found.partitions < partitions ? `${command} --alter --topic ${name} --partitions ${partitions}` : `${command} --delete --topic ${name}`}`;
}

/** For times and sizes -1 stands for no limit: more than any number. */
function fits(is: string, value: string | number, rule: 'equal' | 'least' | 'most'): boolean {
  if (rule === 'equal') return is === String(value);
  const amount = (text: string | number): number => (Number(text) === -1 ? Infinity : Number(text));
  return rule === 'least' ? amount(is) >= amount(value) : amount(is) <= amount(value);
}

function creationCommand({ name, partitions, replicationFactor, config }: ExpectedTopic, settings: TopicSettings): string {
  const configs = Object.entries(config).map(([key, { value }]) => ` --config ${key}=${value}`).join('');
  return `kafka-topics.sh --bootstrap-server ${settings.brokers[0] ?? 'HOST:PORT'} --create --topic ${name} --partitions ${partitions} --replication-factor ${replicationFactor}${configs}`;
}
