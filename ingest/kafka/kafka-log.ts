import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaConfig } from 'kafkajs';
import type { ControlStream, EventLog, LogBounds, LogPosition, LogRecord, PartitionedLog, ReadLimits } from '../../contracts/event-log.ts';
import { kafkaErrorOf } from './client-error.ts';
import { KafkaCluster } from './cluster.ts';
import { KafkaError } from './errors.ts';
import { topicNames } from './expected-topics.ts';
import { Fetcher } from './fetcher.ts';
import { KafkaControl } from './kafka-control.ts';
import { KafkaPartitions } from './kafka-partitions.ts';
import { RecordProducer } from './producer.ts';

export interface KafkaLogOptions {
  /** As `kafkaConfigOf` makes it. */
  readonly kafka: KafkaConfig;
  readonly topicPrefix: string;
  /** As the topics have, see `ensureTopics`. */
  readonly partitions: number;
  /** How long an append is tried before it is rejected. */
  readonly appendTimeoutMs?: number;
  /** Of appends not acknowledged yet; more are refused. */
  readonly maxWaitingBytes?: number;
  /** Of records fetched ahead of readers. */
  readonly maxBufferedBytes?: number;
  /** Of the newest entries of each control stream. */
  readonly maxCachedBytes?: number;
}

const MIB = 1024 * 1024;
/** Three times what electing a leader takes with Kafka's defaults. */
const APPEND_TIMEOUT_MS = 30_000;
const NEW_TOPIC_TRIES = 25;
const NEW_TOPIC_PAUSE_MS = 200;

/** The event log on topics that exist and fit. Any number of processes may have it open at once. */
export async function openKafkaLog(options: KafkaLogOptions): Promise<EventLog> {
  const names = topicNames(options.topicPrefix);
  const topics = [names.blocks, names.observations, names.control, names.registry];
  const cluster = new KafkaCluster(options.kafka, topics);
  try {
    await cluster.refresh();
    // Brokers learn of new topics one by one.
    for (let tries = 0; tries < NEW_TOPIC_TRIES && topics.some((topic) => cluster.partitionsOf(topic) === 0); tries++) {
      await sleep(NEW_TOPIC_PAUSE_MS);
      await cluster.refresh();
    }
    for (const topic of topics) {
      const expected = topic === names.blocks || topic === names.observations ? options.partitions : 1;
      if (cluster.partitionsOf(topic) !== expected) throw new KafkaError('TQ-KAFKA-05', `${topic}: partitions are ${cluster.partitionsOf(topic)}, expected ${expected}`);
    }
  } catch (error) {
    await cluster.close();
    throw kafkaErrorOf(error);
  }
  return new KafkaLog(cluster, options);
}

class KafkaLog implements EventLog {
  readonly partitions: number;
  readonly observations: PartitionedLog;
  readonly control: ControlStream;
  readonly registry: ControlStream;
  readonly #cluster: KafkaCluster;
  readonly #producer: RecordProducer;
  readonly #fetcher: Fetcher;
  readonly #blocks: PartitionedLog;
  #closing: Promise<void> | undefined;

  constructor(cluster: KafkaCluster, options: KafkaLogOptions) {
    const { blocks, observations, control, registry } = topicNames(options.topicPrefix);
    const maxCachedBytes = options.maxCachedBytes ?? 32 * MIB;
    this.#cluster = cluster;
    this.#producer = new RecordProducer(cluster, { appendTimeoutMs: options.appendTimeoutMs ?? APPEND_TIMEOUT_MS, maxWaitingBytes: options.maxWaitingBytes ?? 64 * MIB });
    this.#fetcher = new Fetcher(cluster, options.maxBufferedBytes ?? 64 * MIB);
    this.partitions = options.partitions;
    this.#blocks = new KafkaPartitions(cluster, this.#producer, this.#fetcher, blocks, options.partitions);
    this.observations = new KafkaPartitions(cluster, this.#producer, this.#fetcher, observations, options.partitions);
    this.control = new KafkaControl(cluster, this.#producer, control, maxCachedBytes);
    this.registry = new KafkaControl(cluster, this.#producer, registry, maxCachedBytes);
  }

  async append(key: string, value: Buffer): Promise<LogPosition> {
    return this.#blocks.append(key, value);
  }

  async appendTo(partition: number, key: string, value: Buffer): Promise<LogPosition> {
    return this.#blocks.appendTo(partition, key, value);
  }

  async read(partition: number, from: number, limits: ReadLimits): Promise<readonly LogRecord[]> {
    return this.#blocks.read(partition, from, limits);
  }

  async waitFor(partition: number, from: number, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    return this.#blocks.waitFor(partition, from, timeoutMs, signal);
  }

  async bounds(partition: number): Promise<LogBounds> {
    return this.#blocks.bounds(partition);
  }

  async trim(partition: number, before: number): Promise<void> {
    return this.#blocks.trim(partition, before);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Appends in flight end first; readers that wait are woken. */
  async #close(): Promise<void> {
    await this.#producer.close();
    await this.#cluster.close();
    await this.#fetcher.close();
  }
}
