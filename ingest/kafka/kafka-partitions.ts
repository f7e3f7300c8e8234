import { setTimeout as sleep } from 'node:timers/promises';
import type { LogBounds, LogPosition, LogRecord, PartitionedLog, ReadLimits } from '../../contracts/event-log.ts';
import { partitionOf } from '../../contracts/event-log.ts';
import type { KafkaCluster } from './cluster.ts';
import type { Fetcher } from './fetcher.ts';
import { LogError } from './log-error.ts';
import { PartitionRequests } from './partition-requests.ts';
import type { RecordProducer } from './producer.ts';
import { logRecordOf, ReadAhead, within } from './read-ahead.ts';
import type { StoredRecord } from './record-batch.ts';

const MAX_KEY_BYTES = 255;
const MAX_VALUE_BYTES = 8 * 1024 * 1024;
/** One fetch of a reader that is somewhere new. */
const FETCH_BYTES = 2 * 1024 * 1024;
/** Records that are there come with one of the next answers; a reader waits so long before it fetches by itself. */
const ARRIVAL_MS = 2_000;
/** A new leader may know less of the end than the old one said. */
const LAG_MS = 50;
const LAG_PATIENCE_MS = 12_000;

interface Part {
  readonly requests: PartitionRequests;
  readonly ahead: ReadAhead;
}

/** A topic as partitions of records. */
export class KafkaPartitions implements PartitionedLog {
  readonly partitions: number;
  readonly #topic: string;
  readonly #cluster: KafkaCluster;
  readonly #producer: RecordProducer;
  readonly #fetcher: Fetcher;
  readonly #parts: readonly Part[];

  constructor(cluster: KafkaCluster, producer: RecordProducer, fetcher: Fetcher, topic: string, partitions: number) {
    this.#cluster = cluster;
    this.#producer = producer;
    this.#fetcher = fetcher;
    this.#topic = topic;
    this.partitions = partitions;
    this.#parts = Array.from({ length: partitions }, (_, p) => ({ requests: new PartitionRequests(cluster, topic, p), ahead: new ReadAhead(topic, p) }));
  }

  async append(key: string, value: Buffer): Promise<LogPosition> {
    return this.appendTo(partitionOf(key, this.partitions), key, value);
  }

  async appendTo(partition: number, key: string, value: Buffer): Promise<LogPosition> {
    const { requests } = this.#part(partition);
    const keyBytes = Buffer.from(key);
    if (keyBytes.length === 0 || keyBytes.length > MAX_KEY_BYTES || value.length > MAX_VALUE_BYTES) throw new LogError('TQ-KAFKA-13');
    const position = await this.#producer.append(this.#topic, partition, { key: keyBytes, value });
    requests.sawNext(position + 1);
    return { partition, position };
  }

  /**
   * What was fetched ahead, at once; it may end before records that are there already. With nothing fetched, all that is
   * durable at the time of the call, up to the limits: empty means that there was nothing.
   */
  async read(partition: number, from: number, limits: ReadLimits): Promise<readonly LogRecord[]> {
    const part = this.#part(partition);
    const { ahead } = part;
    if (ahead.covers(from)) {
      const taken = ahead.take(from, limits, performance.now());
      if (taken.length > 0) return taken;
      if (ahead.highWatermark > from) await this.#arrival(ahead);
      if (ahead.has(from)) return ahead.take(from, limits, performance.now());
    }
    return this.#readThere(part, from, limits);
  }

  /** Also rejects, retryably, when nobody answers the question whether anything is there. */
  async waitFor(partition: number, from: number, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    const part = this.#part(partition);
    if (part.ahead.has(from)) return true;
    if (signal?.aborted === true) return false;
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    const stop = (): void => resolve(false);
    const look = (): void => {
      this.#isThere(part, from).then((isThere) => isThere && resolve(true), (error: unknown) => (this.#cluster.closed ? stop() : reject(error)));
    };
    const timer = setTimeout(stop, Math.max(0, timeoutMs));
    signal?.addEventListener('abort', stop);
    const forget = part.ahead.onRecords(() => {
      if (part.ahead.has(from)) resolve(true);
      else if (this.#cluster.closed) stop();
      else if (!part.ahead.covers(from)) look();
    });
    try {
      if (!part.ahead.covers(from)) look();
      return await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      forget();
    }
  }

  async bounds(partition: number): Promise<LogBounds> {
    const { requests } = this.#part(partition);
    // One connection, so asked in this order: the start never passes the end.
    const [first, next] = await Promise.all([requests.earliest(), requests.latest()]);
    return { first, next: Math.max(first, next) };
  }

  async trim(partition: number, before: number): Promise<void> {
    const { requests, ahead } = this.#part(partition);
    await requests.trim(before);
    ahead.forget(before);
  }

  #part(partition: number): Part {
    if (this.#cluster.closed) throw new LogError('TQ-KAFKA-14');
    const part = this.#parts[partition];
    if (part === undefined) throw new LogError('TQ-KAFKA-15', `partition ${partition}`);
    return part;
  }

  /** Looks whether there is anything from `from` on, and has it fetched from there. */
  async #isThere({ requests, ahead }: Part, from: number): Promise<boolean> {
    const [first, next] = await Promise.all([requests.earliest(), requests.latest()]);
    const start = Math.max(first, from);
    if (!ahead.covers(start)) this.#follow(ahead, from, [], start);
    return start < next;
  }

  async #readThere({ requests, ahead }: Part, from: number, limits: ReadLimits): Promise<readonly LogRecord[]> {
    const end = await requests.latest();
    if (from >= end) return [];
    const untilMs = performance.now() + LAG_PATIENCE_MS;
    const records: StoredRecord[] = [];
    let bytes = 0;
    let next = from;
    while (next < end && records.length < limits.maxRecords && bytes < limits.maxBytes) {
      const fetched = await requests.fetch(next, FETCH_BYTES);
      for (const record of fetched.records) {
        records.push(record);
        bytes += record.value.length;
      }
      if (fetched.next === next) {
        if (performance.now() > untilMs) throw new LogError('TQ-KAFKA-11', `${requests.topic} ${requests.partition} does not go on at ${next}`);
        await sleep(LAG_MS);
      }
      next = fetched.next;
    }
    const { taken, rest } = within(records, limits);
    this.#follow(ahead, (taken.at(-1)?.offset ?? next - 1) + 1, rest, next);
    return taken.map((record) => logRecordOf(requests.partition, record));
  }

  #follow(ahead: ReadAhead, from: number, rest: readonly StoredRecord[], next: number): void {
    ahead.follow(from, rest, next, performance.now());
    this.#fetcher.follow(ahead);
  }

  async #arrival(ahead: ReadAhead): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ARRIVAL_MS);
    const forget = ahead.onRecords(resolve);
    await promise;
    clearTimeout(timer);
    forget();
  }
}
