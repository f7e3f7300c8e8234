import kafkajs from 'kafkajs';
import type { Kafka } from 'kafkajs';
import { mendAllTopics } from '../../ingest/kafka/all-topics.ts';
import { mendRequestQueue } from '../../ingest/kafka/request-queue.ts';

/** A client of someone else on the same brokers: an operator's tool, a third party's producer. Says nothing, gives up early. */
export function foreignClient(bootstrap: readonly string[]): Kafka {
  mendRequestQueue();
  mendAllTopics();
  return new kafkajs.Kafka({ brokers: [...bootstrap], clientId: 'third-party', logLevel: kafkajs.logLevel.NOTHING, retry: { retries: 2 } });
}

/** Partitions without a leader, or with fewer replicas in sync than it takes to write: what an operator looks at first. */
export async function weakPartitions(bootstrap: readonly string[]): Promise<readonly string[]> {
  const admin = foreignClient(bootstrap).admin();
  await admin.connect();
  try {
    const { topics } = await admin.fetchTopicMetadata();
    return topics.flatMap(({ name, partitions }) => partitions.filter(({ leader, isr, replicas }) => leader < 0 || isr.length < replicas.length - 1).map(({ partitionId, leader, isr }) => `${name} ${partitionId}: leader ${leader}, in sync ${isr.join(', ')}`));
  } finally {
    await admin.disconnect();
  }
}
