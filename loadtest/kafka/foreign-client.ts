import kafkajs from 'kafkajs';
import type { Kafka } from 'kafkajs';
import { mendRequestQueue } from '../../ingest/kafka/request-queue.ts';

/** A client of someone else on the same brokers: an operator's tool, a third party's producer. Says nothing, gives up early. */
export function foreignClient(bootstrap: readonly string[]): Kafka {
  mendRequestQueue();
  return new kafkajs.Kafka({ brokers: [...bootstrap], clientId: 'third-party', logLevel: kafkajs.logLevel.NOTHING, retry: { retries: 2 } });
}
