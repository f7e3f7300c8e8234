import type { Kafka } from 'kafkajs';
import { createClientCluster } from './client-cluster.ts';
import type { GroupBroker } from './client-cluster.ts';

/** Connections of their own to one group's coordinator. Useless once one of its calls failed by the network: open another. */
export interface GroupCoordinator {
  readonly broker: GroupBroker;
  /** In the background: kafkajs waits for answers that may never come. */
  close(): void;
}

export async function findGroupCoordinator(kafka: Kafka, groupId: string): Promise<GroupCoordinator> {
  const cluster = createClientCluster(kafka);
  const close = (): void => void cluster.disconnect().catch(() => undefined);
  try {
    await cluster.connect();
    return { broker: await cluster.findGroupCoordinator({ groupId }), close };
  } catch (error) {
    close();
    throw error;
  }
}
