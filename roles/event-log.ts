import path from 'node:path';
import type { EventLog } from '../contracts/event-log.ts';
import { ownAll } from '../contracts/ownership.ts';
import type { PartitionOwnership } from '../contracts/ownership.ts';
import { workerGroup } from '../ingest/kafka/config.ts';
import type { KafkaSettings } from '../ingest/kafka/config.ts';
import { createKafka, kafkaConfigOf } from '../ingest/kafka/connection.ts';
import type { KafkaClientEvent } from '../ingest/kafka/connection.ts';
import { topicNames } from '../ingest/kafka/expected-topics.ts';
import { openKafkaLog } from '../ingest/kafka/kafka-log.ts';
import { openOwnership } from '../ingest/kafka/ownership.ts';
import { ensureTopics } from '../ingest/kafka/topics.ts';
import { openEmbeddedLog } from '../ingest/log/embedded-log.ts';
import type { Config } from './config/config.ts';
import { readSecret } from './config/read.ts';
import type { Home } from './home.ts';
import { quietLog } from './quiet-log.ts';
import type { RoleContext } from './role-process.ts';

/** What the configuration says of Kafka, with the password itself. */
export function kafkaSettings({ log: { kafka } }: Config): KafkaSettings {
  return { ...kafka, sasl: { ...kafka.sasl, password: readSecret(kafka.sasl.password) ?? '' } };
}

export type LogLine = RoleContext['log'];

/** Kafka's client tries again by itself; what it says is told only where a role has a log of its own. */
export function reportKafka(log: LogLine): (event: KafkaClientEvent) => void {
  const quiet = quietLog(log);
  return ({ level, message, broker }) => quiet('kafka', { level, message, ...(broker === undefined ? {} : { broker }) });
}

/** The event log the configuration names. */
export async function openEventLog(config: Config, home: Home, log: LogLine = () => undefined): Promise<EventLog> {
  if (config.log.kind === 'kafka') {
    const settings = kafkaSettings(config);
    const report = reportKafka(log);
    await ensureTopics(createKafka(settings, report), settings);
    return openKafkaLog({ kafka: kafkaConfigOf(settings, report), topicPrefix: settings.topic_prefix, partitions: settings.partitions });
  }
  const { directory, partitions, max_bytes } = config.log;
  return openEmbeddedLog({ directory: directory === '' ? path.join(home.data, 'log') : directory, partitions, maxBytes: max_bytes });
}

/** Which partitions of the topic this process works on: all of an embedded log, on Kafka its share of the group's. */
export async function openPartitions(config: Config, partitions: number, topic: 'blocks' | 'observations', log: LogLine): Promise<PartitionOwnership> {
  if (config.log.kind !== 'kafka') return ownAll(partitions);
  const settings = kafkaSettings(config);
  // What it has to say comes through its own events.
  return openOwnership(createKafka(settings), {
    groupId: topic === 'blocks' ? workerGroup(settings) : `${settings.topic_prefix}.correlators`,
    topic: topicNames(settings.topic_prefix)[topic],
    partitions,
    sessionTimeoutMs: settings.session_timeout_ms,
    onEvent: (event) => {
      if (event.type === 'interrupted') log('group interrupted', { topic, message: event.error.message });
      else if (event.gained.length + event.lost.length > 0) log('partitions assigned', { topic, gained: event.gained, lost: event.lost, owned: event.owned.length });
    },
  });
}
