import { afterAll, beforeAll } from 'vitest';
import type { EventLog } from '../../contracts/event-log.ts';
import { describeEventLog } from '../../contracts/event-log.suite.ts';
import { createKafka, kafkaConfigOf } from './connection.ts';
import { openKafkaLog } from './kafka-log.ts';
import { startBrokers } from './test-broker/broker-cluster.ts';
import type { BrokerCluster } from './test-broker/broker-cluster.ts';
import { testSettings } from './test-settings.ts';
import { ensureTopics } from './topics.ts';

let cluster: BrokerCluster;
beforeAll(async () => {
  cluster = await startBrokers({ brokers: 1 });
});
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
});

describeEventLog('Kafka', async () => {
  const settings = testSettings(cluster, { partitions: 4 });
  await ensureTopics(createKafka(settings), settings);
  const handles: EventLog[] = [];
  const reopen = async (): Promise<EventLog> => {
    const log = await openKafkaLog({ kafka: kafkaConfigOf(settings, () => undefined), topicPrefix: settings.topic_prefix, partitions: settings.partitions });
    handles.push(log);
    return log;
  };
  return {
    log: await reopen(),
    reopen,
    async close() {
      await Promise.all(handles.map(async (handle) => handle[Symbol.asyncDispose]()));
    },
  };
});
