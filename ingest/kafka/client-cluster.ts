import type { Kafka } from 'kafkajs';

export interface JoinedGroup {
  readonly generationId: number;
  readonly leaderId: string;
  readonly memberId: string;
  /** Of the leader: all of them. */
  readonly members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[];
}

interface Membership {
  readonly groupId: string;
  readonly memberId: string;
}

/** The broker that keeps a group. Each call may throw any error of kafkajs. */
export interface GroupBroker {
  joinGroup(request: Membership & {
    readonly sessionTimeout: number;
    readonly rebalanceTimeout: number;
    readonly groupProtocols: readonly { readonly name: string; readonly metadata: Buffer }[];
  }): Promise<JoinedGroup>;
  syncGroup(request: Membership & { readonly generationId: number; readonly groupAssignment: readonly { readonly memberId: string; readonly memberAssignment: Buffer }[] }): Promise<{ readonly memberAssignment: Buffer }>;
  heartbeat(request: Membership & { readonly groupGenerationId: number }): Promise<unknown>;
  leaveGroup(request: Membership): Promise<unknown>;
  offsetCommit(request: Membership & {
    readonly groupGenerationId: number;
    readonly topics: readonly { readonly topic: string; readonly partitions: readonly { readonly partition: number; readonly offset: string }[] }[];
  }): Promise<unknown>;
}

/** What kafkajs 2.2.4 makes its own consumer and producer of, as far as it is used here. */
export interface ClientCluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  findGroupCoordinator(options: { readonly groupId: string }): Promise<GroupBroker>;
  readonly brokerPool: { findConnectedBroker(): Promise<{ readonly connectionPool: { send(protocol: object): Promise<unknown> } }> };
}

/** Not connected yet. By the private symbol of the client: the public consumer fetches records, and its admin has no such requests. */
export function createClientCluster(kafka: Kafka): ClientCluster {
  const symbol = Object.getOwnPropertySymbols(kafka).find(({ description }) => description === 'private:Kafka:createCluster');
  const create: unknown = symbol === undefined ? undefined : Reflect.get(kafka, symbol);
  if (typeof create !== 'function') throw new TypeError('kafkajs is not version 2.2.4');
  // Its shape was read in the pinned version's src/index.js and src/cluster/index.js; the tests of both users run all of it.
  return create({ metadataMaxAge: 300_000, allowAutoTopicCreation: false }) as ClientCluster;
}
