import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { createBroker, KAFKAJS_VERSION, rareRequest } from './internals.ts';

const require = createRequire(import.meta.url);

test('kafkajs is the version whose insides we know', () => {
  expect(KAFKAJS_VERSION).toBe('2.2.4');
});

test('a broker has two connections with all we use of them', async () => {
  const broker = await createBroker({ clientId: 'test', brokers: [] }, { host: '127.0.0.1', port: 9 }, 1, 1_000);
  expect(broker.connectionPool.pool).toHaveLength(2);
  for (const connection of broker.connectionPool.pool) {
    for (const method of ['connect', 'isConnected', 'authenticate', 'nextCorrelationId', 'rejectRequests', 'disconnect', 'send'] as const) expect(typeof connection[method], method).toBe('function');
    expect(typeof connection.requestQueue.push).toBe('function');
    expect(connection.clientId).toBe('test');
    expect(connection.isConnected()).toBe(false);
  }
  await expect(broker.connect()).rejects.toMatchObject({ name: 'KafkaJSConnectionError' });
});

test.each([['Metadata', 3, 6], ['ListOffsets', 2, 3], ['DeleteRecords', 21, 1], ['InitProducerId', 22, 1]] as const)('%s is request %i in version %i, and its errors are left in the answer', async (name, apiKey, apiVersion) => {
  const { request, response } = rareRequest(name, { topics: [] });
  expect(request).toMatchObject({ apiKey, apiVersion, apiName: name });
  expect(await response.parse({ errorCode: 42 })).toEqual({ errorCode: 42 });
});

interface ProduceCall {
  readonly topicData: readonly { readonly partitions: readonly { readonly partition: number; readonly firstSequence: number; readonly messages: readonly { readonly value: string }[] }[] }[];
}

/** What a broker was sent: `partition:sequence:values`. */
function sentOf({ topicData }: ProduceCall): readonly string[] {
  return topicData.flatMap(({ partitions }) => partitions).map(({ partition, firstSequence, messages }) => `${partition}:${firstSequence}:${messages.map(({ value }) => value).join()}`);
}

const connectionClosed = (): Error => Object.assign(new Error('connection closed'), { name: 'KafkaJSConnectionClosedError', retriable: true });

/** The sending part of kafkajs's idempotent producer, over brokers that are made up. */
async function kafkajsSender(leaderOf: (partition: number) => string, produce: (nodeId: string, call: ProduceCall) => void, tries: number): Promise<(values: readonly string[]) => Promise<string>> {
  // Shapes of the pinned version.
  const createSendMessages = require('kafkajs/src/producer/sendMessages') as (deps: object) => (request: object) => Promise<unknown>;
  const createEosManager = require('kafkajs/src/producer/eosManager') as (deps: object) => { initProducerId(): Promise<void> };
  const brokers = new Map(['1', '2', '3'].map((nodeId) => [nodeId, {
    nodeId,
    async produce(call: ProduceCall) {
      produce(nodeId, call);
      return { topics: call.topicData.map(({ partitions }) => ({ topicName: 't', partitions: partitions.map(({ partition }) => ({ partition, errorCode: 0, baseOffset: '0' })) })) };
    },
  }]));
  const cluster = {
    retry: { retries: 0 },
    refreshMetadataIfNecessary: async () => undefined, refreshMetadata: async () => undefined, addMultipleTargetTopics: async () => undefined,
    isConnected: () => true, removeBroker: () => undefined,
    findControllerBroker: async () => ({ initProducerId: async () => ({ producerId: '1', producerEpoch: 0 }) }),
    findTopicPartitionMetadata: () => [{ partitionId: 0 }, { partitionId: 1 }],
    findLeaderForPartitions: (_topic: string, partitions: readonly string[]) => Object.groupBy(partitions.map(Number), leaderOf),
    findBroker: async ({ nodeId }: { readonly nodeId: string }) => brokers.get(nodeId),
  };
  const logger = { debug: () => undefined, error: () => undefined, namespace: () => logger };
  const eosManager = createEosManager({ logger, cluster, transactional: false });
  await eosManager.initProducerId();
  const bail = (error: Error): void => {
    throw error;
  };
  const retrier = async (work: (onFatal: typeof bail, count: number, time: number) => Promise<unknown>): Promise<unknown> => {
    for (let count = 0; ; count++) {
      try {
        return await work(bail, count, 0);
      } catch (error) {
        if (count + 1 >= tries) throw error;
      }
    }
  };
  const sendMessages = createSendMessages({ logger, cluster, eosManager, retrier, partitioner: ({ message }: { readonly message: { readonly partition: number } }) => message.partition });
  return async (values) => sendMessages({ acks: -1, timeout: 1_000, compression: 0, topicMessages: [{ topic: 't', messages: values.map((value, partition) => ({ partition, value })) }] }).then(() => 'acknowledged', () => 'refused');
}

/** One send to two partitions, led by brokers 1 and 2. Broker 2 fails; from then on `leaders` lead. */
async function sendWithKafkajs(leaders: Readonly<Record<number, string>>): Promise<{ readonly outcome: string; readonly sent: Readonly<Record<string, readonly string[]>> }> {
  let led: Readonly<Record<number, string>> = { 0: '1', 1: '2' };
  const sent: Record<string, string[]> = { 1: [], 2: [], 3: [] };
  const send = await kafkajsSender((partition) => led[partition] ?? '', (nodeId, call) => {
    if (nodeId === '2') {
      led = leaders;
      throw connectionClosed();
    }
    sent[nodeId]?.push(...sentOf(call));
  }, 2);
  return { outcome: await send(['a', 'b']), sent };
}

test('the producer of kafkajs gives a new record the sequence of one whose answer was lost, which a broker takes for a repeat', async () => {
  const sent: string[] = [];
  const send = await kafkajsSender(() => '1', (_nodeId, call) => {
    sent.push(...sentOf(call));
    // Written, but the answer is lost.
    if (sent.length === 1) throw connectionClosed();
  }, 1);
  expect([await send(['first']), await send(['second'])]).toEqual(['refused', 'acknowledged']);
  expect(sent).toEqual(['0:0:first', '0:0:second']);
});

test('the producer of kafkajs acknowledges a record it never sent when the leader moves to a broker that answered already', async () => {
  expect(await sendWithKafkajs({ 0: '1', 1: '1' })).toEqual({ outcome: 'acknowledged', sent: { 1: ['0:0:a'], 2: [], 3: [] } });
});

test('the producer of kafkajs writes a record twice when its leader moves before another partition is sent again', async () => {
  expect(await sendWithKafkajs({ 0: '3', 1: '3' })).toEqual({ outcome: 'acknowledged', sent: { 1: ['0:0:a'], 2: [], 3: ['0:1:a', '1:0:b'] } });
});
