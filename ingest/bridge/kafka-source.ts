import type { Admin, Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { BridgeError } from './errors.ts';
import type { IngressBatch, IngressSource, PartitionPlace, SourceHandlers } from './ingress-source.ts';
import { openTopicIds } from './topic-id.ts';
import type { TopicIds } from './topic-id.ts';

export interface KafkaSourceOptions {
  /** The ingress topic; it exists. */
  readonly topic: string;
  readonly groupId: string;
  /** A member silent for so long is dead, and others take its partitions over. */
  readonly sessionTimeoutMs: number;
}

/** Of one partition in one answer, compressed; a larger record comes alone. */
const MOST_FETCH_BYTES = 1024 * 1024;
/** Records wait for so long until there are enough for large blocks. */
const LINGER_MS = 200;
const PARTITIONS_AT_ONCE = 4;
/** A member that cannot say goodbye is given up; the session timeout then says it. */
const GOODBYE_MS = 1_500;

/** The group commits nothing but what the bridge tells it to, each position with the topic's id beside it. */
export async function openKafkaSource(kafka: Kafka, { topic, groupId, sessionTimeoutMs }: KafkaSourceOptions): Promise<IngressSource> {
  const topicIds = openTopicIds(kafka);
  const admin = kafka.admin();
  const consumer = kafka.consumer({
    groupId, sessionTimeout: sessionTimeoutMs, heartbeatInterval: Math.floor(sessionTimeoutMs / 3), allowAutoTopicCreation: false,
    minBytes: MOST_FETCH_BYTES, maxBytes: 8 * MOST_FETCH_BYTES, maxBytesPerPartition: MOST_FETCH_BYTES, maxWaitTimeInMs: LINGER_MS,
  });
  const { promise: failed, reject: fail } = Promise.withResolvers<never>();
  failed.catch(() => undefined);
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) fail(new BridgeError('TQ-BRIDGE-02', topic, { cause: payload.error }));
  });
  await Promise.all([admin.connect(), consumer.connect()]);
  let reading: Promise<ReadonlyMap<number, PartitionPlace>> | undefined;
  return {
    failed,
    run: (handlers) => runConsumer(consumer, topic, handlers),
    topicId: () => topicIds.idOf(topic),
    // All partitions of an assignment ask at once.
    places: () => (reading ??= readPlaces(admin, topicIds, topic, groupId).finally(() => (reading = undefined))),
    pause: (partition) => whileRunning(() => consumer.pause([{ topic, partitions: [partition] }])),
    resume(partition, from) {
      whileRunning(() => {
        consumer.seek({ topic, partition, offset: String(from) });
        consumer.resume([{ topic, partitions: [partition] }]);
      });
    },
    async [Symbol.asyncDispose]() {
      const goodbye = Promise.allSettled([consumer.disconnect(), admin.disconnect(), topicIds[Symbol.asyncDispose]()]);
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, GOODBYE_MS);
      await Promise.race([goodbye, late]);
      clearTimeout(timer);
    },
  };
}

async function readPlaces(admin: Admin, topicIds: TopicIds, topic: string, groupId: string): Promise<ReadonlyMap<number, PartitionPlace>> {
  const topicId = await topicIds.idOf(topic);
  const [committed, bounds] = await Promise.all([admin.fetchOffsets({ groupId, topics: [topic] }), admin.fetchTopicOffsets(topic)]);
  // Positions and bounds of two topics of the same name must not be held against each other.
  if ((await topicIds.idOf(topic)) !== topicId) throw new BridgeError('TQ-BRIDGE-04', topic);
  const positions = new Map(committed.flatMap((t) => t.partitions).map((p) => [p.partition, p]));
  return new Map(bounds.map(({ partition, low, high }): [number, PartitionPlace] => {
    const { offset, metadata } = positions.get(partition) ?? { offset: '-1', metadata: null };
    const next = Number(offset);
    return [partition, { topicId, committed: next < 0 ? undefined : { next, topicId: metadata ?? '' }, first: Number(low), next: Number(high) }];
  }));
}

/** A consumer that is being started again refuses both; it assigns everything anew then. */
function whileRunning(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof Error && error.name === 'KafkaJSNonRetriableError')) throw error;
  }
}

async function runConsumer(consumer: Consumer, topic: string, handlers: SourceHandlers): Promise<void> {
  await consumer.subscribe({ topic, fromBeginning: true });
  // kafkajs calls this before it fetches anything of the new assignment.
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    const partitions = payload.memberAssignment[topic] ?? [];
    consumer.pause([{ topic, partitions }]);
    handlers.assigned(partitions);
  });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
    eachBatch: async (payload) => {
      if (!payload.isStale()) await handlers.batch(batchOf(payload));
    },
  });
}

function batchOf({ batch, heartbeat, resolveOffset, commitOffsetsIfNecessary }: EachBatchPayload): IngressBatch {
  const { topic, partition, messages, highWatermark } = batch;
  const end = Number(batch.lastOffset()) + 1;
  return {
    partition,
    records: messages.map(({ offset, key, value, headers }) => ({ offset: Number(offset), key, value, headers: headers ?? {} })),
    end,
    next: Number(highWatermark),
    heartbeat,
    async commit(topicId) {
      resolveOffset(batch.lastOffset());
      const partitions = [{ partition, offset: String(end), metadata: topicId }];
      await commitOffsetsIfNecessary({ topics: [{ topic, partitions }] });
    },
  };
}
