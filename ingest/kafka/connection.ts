import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import kafkajs, { type Kafka, type KafkaConfig, type LogEntry, type SASLOptions } from 'kafkajs';
import { mendAllTopics } from './all-topics.ts';
import type { KafkaSettings } from './config.ts';
import { KafkaError } from './errors.ts';
import { mendRequestQueue } from './request-queue.ts';

// CommonJS: Node finds no named exports in it.
const { CompressionCodecs, CompressionTypes, logLevel } = kafkajs;

const CONNECTION_TIMEOUT_MS = 3_000;
const LOGIN_TIMEOUT_MS = 10_000;
/** A broker that answers nothing for so long is given up; requests that wait by design add their own time. */
const REQUEST_TIMEOUT_MS = 10_000;
/** 0.1, 0.2 … 2 s: together about 10 s, longer than Kafka takes to elect a leader. */
const RETRY = { initialRetryTime: 100, multiplier: 2, maxRetryTime: 2_000, retries: 8 };
/** A record batch is at most some MiB compressed; beyond this it is an attack on our memory. */
const MAX_DECOMPRESSED_BYTES = 256 * 1024 * 1024;

/** What the client library has to say: it tries again by itself, whatever the level. Holds no secrets, no records. */
export interface KafkaClientEvent {
  readonly type: 'kafka_client';
  readonly level: 'error' | 'warning';
  readonly message: string;
  readonly broker?: string;
}

/** `sasl.password` holds the secret itself. Connects nowhere yet. Throws `KafkaError` with every problem of the settings. */
export function createKafka(settings: KafkaSettings, onEvent: (event: KafkaClientEvent) => void = () => undefined): Kafka {
  return new kafkajs.Kafka(kafkaConfigOf(settings, onEvent));
}

/** For all that speaks to Kafka through kafkajs, whatever part of it. */
export function kafkaConfigOf(settings: KafkaSettings, onEvent: (event: KafkaClientEvent) => void): KafkaConfig {
  registerZstd();
  mendRequestQueue();
  mendAllTopics();
  const problems: string[] = [];
  if (settings.brokers.length === 0) problems.push('brokers: name one at least');
  for (const broker of settings.brokers) if (!/^(?:\[[0-9a-fA-F:]+\]|[^:\s]+):\d{1,5}$/.test(broker)) problems.push(`brokers: "${broker}" is not HOST:PORT`);
  if (settings.min_insync_replicas > settings.replication_factor) problems.push('min_insync_replicas: above replication_factor, nothing could ever be written');
  const ssl = tlsOf(settings.tls, problems);
  const sasl = saslOf(settings.sasl, problems);
  if (sasl?.mechanism === 'plain' && !settings.tls.enabled) problems.push('sasl.mechanism: plain would send the password in the clear: set tls.enabled, or take scram-sha-512');
  if (problems.length > 0) throw new KafkaError('TQ-KAFKA-04', problems.join('; '));
  return {
    brokers: [...settings.brokers],
    clientId: settings.client_id,
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl }),
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    authenticationTimeout: LOGIN_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    retry: RETRY,
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => onEvent(eventOf(entry)),
  };
}

function tlsOf(tls: KafkaSettings['tls'], problems: string[]): ConnectionOptions | undefined {
  if (!tls.enabled) {
    for (const key of ['ca_file', 'certificate_file', 'key_file', 'server_name'] as const) if (tls[key] !== '') problems.push(`tls.${key}: has no effect unless tls.enabled is true`);
    return undefined;
  }
  if ((tls.certificate_file === '') !== (tls.key_file === '')) problems.push('tls: certificate_file and key_file go together');
  const fileOf = (key: 'ca_file' | 'certificate_file' | 'key_file'): string | undefined => {
    if (tls[key] === '') return undefined;
    try {
      return readFileSync(tls[key], 'utf8');
    } catch (error) {
      problems.push(`tls.${key}: cannot be read: ${error instanceof Error ? error.message : ''}`);
      return undefined;
    }
  };
  const [ca, cert, key] = [fileOf('ca_file'), fileOf('certificate_file'), fileOf('key_file')];
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(tls.server_name === '' ? {} : { servername: tls.server_name }),
  };
}

function saslOf({ mechanism, username, password }: KafkaSettings['sasl'], problems: string[]): SASLOptions | undefined {
  if (mechanism === '') {
    if (username !== '' || password !== '') problems.push('sasl.mechanism: name one, or leave username and password out');
    return undefined;
  }
  if (username === '') problems.push('sasl.username: missing');
  if (password === '') problems.push('sasl.password: missing');
  if (mechanism === 'plain' || mechanism === 'scram-sha-256' || mechanism === 'scram-sha-512') return saslOptions(mechanism, username, password);
  problems.push(`sasl.mechanism: "${mechanism}" is none of plain, scram-sha-256, scram-sha-512`);
  return undefined;
}

/** Spelled out, since kafkajs types each mechanism as an option of its own. */
function saslOptions(mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512', username: string, password: string): SASLOptions {
  switch (mechanism) {
    case 'plain': return { mechanism, username, password };
    case 'scram-sha-256': return { mechanism, username, password };
    case 'scram-sha-512': return { mechanism, username, password };
    default: return mechanism satisfies never;
  }
}

function eventOf({ level, log }: LogEntry): KafkaClientEvent {
  const broker: unknown = log['broker'];
  const detail: unknown = log['error'];
  return {
    type: 'kafka_client',
    level: level === logLevel.ERROR ? 'error' : 'warning',
    message: typeof detail === 'string' ? `${log.message}: ${detail}` : log.message,
    ...(typeof broker === 'string' ? { broker } : {}),
  };
}

/** kafkajs brings gzip only. Our topics recompress to zstd, so that whatever a producer uses can be read. */
function registerZstd(): void {
  const compress = promisify(zlib.zstdCompress);
  const decompress = promisify(zlib.zstdDecompress);
  CompressionCodecs[CompressionTypes.ZSTD] = () => ({
    compress: async ({ buffer }: { readonly buffer: Buffer }) => compress(buffer, { params: { [zlib.constants.ZSTD_c_compressionLevel]: 1 } }),
    decompress: async (buffer: Buffer) => decompress(buffer, { maxOutputLength: MAX_DECOMPRESSED_BYTES }),
  });
}
