import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type { KafkaConfig } from 'kafkajs';

/**
 * The parts of kafkajs below its producer and consumer that the log uses: connections with TLS, SASL and time-outs, and
 * the layout of rare requests. kafkajs declares no `exports`, its version is pinned, `internals.test.ts` holds both.
 *
 * Its producer is not used: `internals.test.ts` shows what it loses and doubles when an answer is lost or a leader moves.
 * Its consumer cannot read at a position.
 */
export interface KafkaConnection {
  readonly clientId: string;
  readonly socket?: Socket;
  connect(): Promise<unknown>;
  isConnected(): boolean;
  /** Logs in again when the session is about to end; else does nothing. */
  authenticate(): Promise<void>;
  nextCorrelationId(): number;
  rejectRequests(error: Error): void;
  disconnect(): Promise<unknown>;
  send(protocol: WireProtocol): Promise<unknown>;
  readonly requestQueue: { push(request: QueuedRequest): void };
}

interface QueuedRequest {
  readonly entry: {
    readonly apiKey: number;
    readonly apiName: string;
    readonly apiVersion: number;
    readonly correlationId: number;
    readonly resolve: (answer: { readonly payload: Buffer }) => void;
    readonly reject: (error: Error) => void;
  };
  readonly expectResponse: boolean;
  readonly requestTimeout: number;
  readonly sendRequest: () => void;
}

/** A request and how its answer is read. `parse` throws for the first error in it, so callers replace it. */
export interface WireProtocol {
  readonly request: { readonly apiKey: number; readonly apiVersion: number; readonly apiName: string };
  readonly response: { readonly decode: (payload: Buffer) => Promise<unknown>; readonly parse: (decoded: unknown) => Promise<unknown> };
}

export interface KafkaBroker {
  /** Connects the first connection and logs it in. */
  connect(): Promise<void>;
  /** Two: the second one is connected by its first use. */
  readonly connectionPool: { readonly pool: readonly KafkaConnection[] };
}

interface RequestDefinition {
  protocol(version: { readonly version: number }): (input: object) => WireProtocol;
}

interface BrokerParts {
  readonly connectionPool: unknown;
  readonly logger: unknown;
  readonly nodeId: number;
  readonly authenticationTimeout: number | undefined;
}

const require = createRequire(import.meta.url);
// Each shape is what the pinned version has; `internals.test.ts` looks at them.
const Broker = require('kafkajs/src/broker') as new (parts: BrokerParts) => KafkaBroker;
const connectionPoolBuilder = require('kafkajs/src/cluster/connectionPoolBuilder') as (options: object) => { build(place: BrokerPlace): Promise<unknown> };
const defaultSocketFactory = require('kafkajs/src/network/socketFactory') as () => unknown;
const { createLogger } = require('kafkajs/src/loggers') as { createLogger(options: { readonly level: unknown; readonly logCreator: unknown }): object };
const { requests } = require('kafkajs/src/protocol/requests') as { readonly requests: Readonly<Record<'Metadata' | 'ListOffsets' | 'DeleteRecords' | 'InitProducerId', RequestDefinition>> };

export const KAFKAJS_VERSION = (require('kafkajs/package.json') as { readonly version: string }).version;

export interface BrokerPlace {
  readonly host: string;
  readonly port: number;
}

/** A broker not connected yet, whose requests may take `requestTimeoutMs` at most. */
export async function createBroker(config: KafkaConfig, place: BrokerPlace, nodeId: number, requestTimeoutMs: number): Promise<KafkaBroker> {
  const logger = createLogger({ level: config.logLevel ?? 0, logCreator: config.logCreator ?? (() => () => undefined) });
  const builder = connectionPoolBuilder({
    ...config,
    logger,
    socketFactory: config.socketFactory ?? defaultSocketFactory(),
    connectionTimeout: config.connectionTimeout ?? 1_000,
    requestTimeout: requestTimeoutMs,
    enforceRequestTimeout: true,
  });
  return new Broker({ connectionPool: await builder.build(place), logger, nodeId, authenticationTimeout: config.authenticationTimeout });
}

/** Versions that Kafka 2.1 and later serve, 4.x included. */
const VERSIONS = { Metadata: 6, ListOffsets: 3, DeleteRecords: 1, InitProducerId: 1 } as const;

/** A rare request in the layout of kafkajs. Errors stay in the answer for the caller to look at. */
export function rareRequest(name: keyof typeof VERSIONS, input: object): WireProtocol {
  const { request, response } = requests[name].protocol({ version: VERSIONS[name] })(input);
  return { request, response: { decode: response.decode, parse: async (decoded) => decoded } };
}
