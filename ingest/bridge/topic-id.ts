import type { Kafka } from 'kafkajs';
import { createClientCluster } from '../kafka/client-cluster.ts';
import { BridgeError } from './errors.ts';

/**
 * Kafka gives every topic an id that never comes back, also when the topic is deleted and made anew under its name. It
 * is the only thing that tells offsets of the two apart. kafkajs asks for Metadata in versions without it, so this
 * request is our own, sent over kafkajs's connection.
 *
 * https://kafka.apache.org/protocol#The_Messages_Metadata, version 10 (Kafka 2.8); a compact length is one more than
 * the length, as unsigned varint; tags end each header and structure:
 *
 *     request  | tags | compact array: topic id (16 zeros), compact string name, tags
 *              | allow_auto_topic_creation bool | two bools about operations | tags
 *     response | tags | throttle_time_ms i32
 *              | compact array: node id i32, compact string host, port i32, compact nullable string rack, tags
 *              | compact nullable string cluster id | controller id i32
 *              | compact array: error i16, compact string name, topic id, … (the rest is not read)
 */
const METADATA = { apiKey: 3, apiVersion: 10, apiName: 'Metadata' } as const;

export function encodeTopicRequest(topic: string): Buffer {
  const name = Buffer.from(topic);
  return Buffer.concat([Buffer.from([0, 2]), Buffer.alloc(16), varint(name.length + 1), name, Buffer.from([0, 0, 0, 0, 0])]);
}

/** Lower-case hex of the id; undefined when the broker answers that there is no such topic, or not yet. */
export function decodeTopicId(response: Buffer): string | undefined {
  const reader = openReader(response);
  reader.tags();
  reader.skip(4);
  for (let brokers = reader.length(); brokers > 0; brokers--) {
    reader.skip(4);
    reader.string();
    reader.skip(4);
    reader.string();
    reader.tags();
  }
  reader.string();
  reader.skip(4);
  if (reader.length() === 0 || reader.int16() !== 0) return undefined;
  reader.string();
  const id = reader.bytes(16).toString('hex');
  return /^0+$/.test(id) ? undefined : id;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}

function openReader(buffer: Buffer) {
  let at = 0;
  const bytes = (count: number): Buffer => {
    if (at + count > buffer.length) throw new RangeError('the answer ends early');
    return buffer.subarray(at, (at += count));
  };
  const unsigned = (): number => {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = bytes(1)[0] ?? 0;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) break;
    }
    return value;
  };
  return {
    bytes,
    skip: (count: number): void => void bytes(count),
    int16: (): number => bytes(2).readInt16BE(),
    /** Of a compact array or string: null counts as empty. */
    length: (): number => Math.max(0, unsigned() - 1),
    string: (): void => void bytes(Math.max(0, unsigned() - 1)),
    tags: (): void => {
      for (let tags = unsigned(); tags > 0; tags--) {
        unsigned();
        bytes(unsigned());
      }
    },
  };
}

export interface TopicIds extends AsyncDisposable {
  /** Rejects with TQ-BRIDGE-04 when it cannot be had now. */
  idOf(topic: string): Promise<string>;
}

/** Keeps a connection of its own. */
export function openTopicIds(kafka: Kafka): TopicIds {
  const cluster = createClientCluster(kafka);
  let connecting: Promise<void> | undefined;
  async function idOf(topic: string): Promise<string> {
    connecting ??= cluster.connect();
    await connecting;
    const { connectionPool } = await cluster.brokerPool.findConnectedBroker();
    const payload = encodeTopicRequest(topic);
    const id = await connectionPool.send({
      // The two members are what kafkajs reads of an encoder.
      request: { ...METADATA, encode: async () => ({ buf: payload, buffer: payload }) },
      response: { decode: async (raw: Buffer) => ({ id: decodeTopicId(raw) }), parse: async (decoded: { readonly id: string | undefined }) => decoded.id },
      logResponseError: false,
    });
    if (typeof id !== 'string') throw new BridgeError('TQ-BRIDGE-04', topic);
    return id;
  }
  return {
    idOf: (topic) =>
      idOf(topic).catch((error: unknown) => {
        connecting = undefined;
        throw error instanceof BridgeError ? error : new BridgeError('TQ-BRIDGE-04', topic, { cause: error });
      }),
    [Symbol.asyncDispose]: () => cluster.disconnect(),
  };
}
