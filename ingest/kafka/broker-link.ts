import type { KafkaConfig } from 'kafkajs';
import { createBroker } from './internals.ts';
import type { BrokerPlace, KafkaBroker, KafkaConnection, WireProtocol } from './internals.ts';
import type { WireRequest } from './wire.ts';

/** A broker serves the requests of one connection one by one, so what waits by design has a connection of its own. */
export type Channel = 'requests' | 'long polls';

/** A broker that answers nothing for so long is taken for dead; what it does by design comes on top. */
const REQUEST_TIMEOUT_MS = 5_000;
/** After that, kafkajs did not notice: it forgets requests that are made while their connection is being closed. */
const MARGIN_MS = 1_000;
/** To connect and to log in. */
const OPENING_MS = 15_000;

export class LinkClosed extends Error {
  override readonly name = 'LinkClosed';
}

/** The connections to one broker. After the first failure it is closed for good: whoever needs one makes a new link. */
export class BrokerLink {
  readonly nodeId: number;
  readonly #broker: KafkaBroker;
  readonly #opening = new Map<KafkaConnection, Promise<void>>();
  /** How to end each call that waits for an answer. */
  readonly #waiting = new Set<(reason: Error) => void>();
  #closed = false;

  constructor(broker: KafkaBroker, nodeId: number) {
    this.#broker = broker;
    this.nodeId = nodeId;
  }

  static async create(config: KafkaConfig, place: BrokerPlace, nodeId: number): Promise<BrokerLink> {
    return new BrokerLink(await createBroker(config, place, nodeId, REQUEST_TIMEOUT_MS), nodeId);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The answer's error codes are the caller's to look at. */
  async ask(protocol: WireProtocol): Promise<unknown> {
    return this.#guard('requests', 0, async () => (await this.#connection('requests')).send(protocol));
  }

  /** The bytes of the answer. `waitsMs` is how long the broker may wait by design. */
  async exchange(channel: Channel, request: WireRequest, waitsMs: number): Promise<Buffer> {
    return this.#guard(channel, waitsMs, async () => {
      const connection = await this.#connection(channel);
      await connection.authenticate();
      if (!connection.isConnected()) throw new LinkClosed('the connection ended');
      return send(connection, request, REQUEST_TIMEOUT_MS + waitsMs);
    });
  }

  /** Requests in flight are rejected with `reason`: whether the broker served them is not known. */
  close(reason: Error): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const connection of this.#broker.connectionPool.pool) {
      connection.rejectRequests(reason);
      connection.disconnect().catch(() => undefined);
      // Only an error ends the wait for a connection that is just being made.
      connection.socket?.destroy(connection.socket.connecting ? reason : undefined);
    }
    for (const giveUp of this.#waiting) giveUp(reason);
  }

  /** Ends in time whatever kafkajs does, and at once when the link is closed. */
  async #guard<T>(channel: Channel, waitsMs: number, work: () => Promise<T>): Promise<T> {
    const { promise: givenUp, reject } = Promise.withResolvers<never>();
    const limitMs = REQUEST_TIMEOUT_MS + waitsMs + (this.#pooled(channel).isConnected() ? MARGIN_MS : OPENING_MS);
    const timer = setTimeout(() => reject(new LinkClosed(`no answer within ${limitMs} ms`)), limitMs);
    this.#waiting.add(reject);
    try {
      return await Promise.race([work(), givenUp]);
    } catch (error) {
      this.close(error instanceof Error ? error : new LinkClosed(String(error)));
      throw error;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(reject);
    }
  }

  #pooled(channel: Channel): KafkaConnection {
    const connection = this.#broker.connectionPool.pool[channel === 'requests' ? 0 : 1];
    if (connection === undefined) throw new TypeError('a pool has two connections');
    return connection;
  }

  async #connection(channel: Channel): Promise<KafkaConnection> {
    if (this.#closed) throw new LinkClosed('the link is closed');
    const connection = this.#pooled(channel);
    // kafkajs would open two sockets for two requests that come before the first is open.
    const opening = this.#opening.get(connection) ?? this.#open(channel, connection);
    this.#opening.set(connection, opening);
    await opening;
    return connection;
  }

  /** The first connection learns the broker's versions, which logging in on any rests on. */
  async #open(channel: Channel, connection: KafkaConnection): Promise<void> {
    if (channel === 'requests') {
      await this.#broker.connect();
    } else {
      await this.#connection('requests');
      await connection.connect();
    }
  }
}

/** Writes the parts as they are: what kafkajs encodes itself is copied twice. */
async function send(connection: KafkaConnection, { apiKey, apiName, apiVersion, parts }: WireRequest, timeoutMs: number): Promise<Buffer> {
  const correlationId = connection.nextCorrelationId();
  const client = Buffer.from(connection.clientId);
  const bodyBytes = parts.reduce((sum, part) => sum + part.length, 0);
  const head = Buffer.allocUnsafe(14 + client.length);
  head.writeInt32BE(10 + client.length + bodyBytes, 0);
  head.writeInt16BE(apiKey, 4);
  head.writeInt16BE(apiVersion, 6);
  head.writeInt32BE(correlationId, 8);
  head.writeInt16BE(client.length, 12);
  client.copy(head, 14);
  const { payload } = await new Promise<{ readonly payload: Buffer }>((resolve, reject) => {
    connection.requestQueue.push({
      entry: { apiKey, apiName, apiVersion, correlationId, resolve, reject },
      expectResponse: true,
      requestTimeout: timeoutMs,
      sendRequest: () => {
        const { socket } = connection;
        if (socket === undefined) throw new LinkClosed('the connection ended');
        socket.cork();
        for (const part of [head, ...parts]) socket.write(part);
        socket.uncork();
      },
    });
  });
  return payload;
}
