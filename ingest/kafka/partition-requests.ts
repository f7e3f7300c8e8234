import { setTimeout as sleep } from 'node:timers/promises';
import type { BrokerLink } from './broker-link.ts';
import type { KafkaCluster } from './cluster.ts';
import { fetchRequest, parseFetchAnswer } from './fetch-request.ts';
import { rareRequest } from './internals.ts';
import { LogError } from './log-error.ts';
import { NONE, OFFSET_OUT_OF_RANGE, verdictOf } from './protocol-errors.ts';
import { BrokenBatch, decodeBatches } from './record-batch.ts';
import type { StoredRecord } from './record-batch.ts';

/** Requests are tried again for so long when brokers die or partitions move. */
const PATIENCE_MS = 12_000;
/** A new leader may be behind for a moment; an end that stays lower than one seen before is the truth. */
const CUT_PATIENCE_MS = 4_000;
const FIRST_BACK_OFF_MS = 25;
const MOST_BACK_OFF_MS = 500;
const DELETE_TIMEOUT_MS = 5_000;
const EARLIEST = -2;
const LATEST = -1;

export interface Fetched {
  readonly records: readonly StoredRecord[];
  /** Where the next fetch goes on. */
  readonly next: number;
  readonly highWatermark: number;
  readonly logStart: number;
}

class PartitionRefusal extends Error {
  override readonly name = 'PartitionRefusal';
  readonly errorCode: number;

  constructor(errorCode: number) {
    super(`Kafka answered error ${errorCode}`);
    this.errorCode = errorCode;
  }
}

/** What is asked of one partition's leader, whoever that is. Rejects with `LogError`, when patience is over. */
export class PartitionRequests {
  readonly topic: string;
  readonly partition: number;
  readonly #cluster: KafkaCluster;
  /** The highest end of the partition seen so far. */
  #seenNext = 0;

  constructor(cluster: KafkaCluster, topic: string, partition: number) {
    this.#cluster = cluster;
    this.topic = topic;
    this.partition = partition;
  }

  /** A record that is durable, or a high watermark: whoever asks for the end later gets no lower one. */
  sawNext(next: number): void {
    this.#seenNext = Math.max(this.#seenNext, next);
  }

  async earliest(): Promise<number> {
    return this.#tried(async (link) => this.#offset(link, EARLIEST));
  }

  /**
   * The end, of records on all in-sync replicas. A new leader that does not know it yet answers an error, which is tried
   * again; a lower end than seen before is asked for again too, and believed after a while: records were lost.
   */
  async latest(): Promise<number> {
    const untilMs = performance.now() + CUT_PATIENCE_MS;
    for (;;) {
      const seenNext = this.#seenNext;
      const next = await this.#tried(async (link) => this.#offset(link, LATEST));
      if (next >= seenNext) {
        this.sawNext(next);
        return next;
      }
      if (performance.now() > untilMs) {
        this.#seenNext = next;
        return next;
      }
      await this.#pause(MOST_BACK_OFF_MS);
    }
  }

  /** Records from `from` on that are there now, at least one; none at the end. From below the start: from the start on. */
  async fetch(from: number, maxBytes: number): Promise<Fetched> {
    return this.#tried(async (link) => {
      const place = { topic: this.topic, partition: this.partition, offset: from, maxBytes };
      const { errorCode, results } = parseFetchAnswer(await link.exchange('requests', fetchRequest([place], 0, maxBytes), 0));
      const [result] = results;
      if (errorCode !== NONE || result === undefined) throw new PartitionRefusal(errorCode);
      if (result.errorCode === OFFSET_OUT_OF_RANGE) return this.#fromStart(link, from);
      if (result.errorCode !== NONE) throw new PartitionRefusal(result.errorCode);
      this.sawNext(result.highWatermark);
      return { ...decodeBatches(result.records, from), highWatermark: result.highWatermark, logStart: result.logStart };
    });
  }

  /** Lets go of what is below `before`, of what is there now at most. */
  async trim(before: number): Promise<void> {
    const offset = Math.min(before, await this.latest());
    if (offset <= 0) return;
    const input = { topics: [{ topic: this.topic, partitions: [{ partition: this.partition, offset }] }], timeout: DELETE_TIMEOUT_MS };
    await this.#tried(async (link) => {
      // Laid out by kafkajs, from a broker we trust.
      const answer = await link.ask(rareRequest('DeleteRecords', input)) as { readonly topics: readonly { readonly partitions: readonly { readonly errorCode: number }[] }[] };
      const errorCode = answer.topics[0]?.partitions[0]?.errorCode ?? -1;
      if (errorCode !== NONE) throw new PartitionRefusal(errorCode);
    });
  }

  /** Beyond the end there is nothing, and nothing to go on from. */
  async #fromStart(link: BrokerLink, from: number): Promise<Fetched> {
    const [logStart, highWatermark] = await Promise.all([this.#offset(link, EARLIEST), this.#offset(link, LATEST)]);
    return { records: [], next: Math.max(from, logStart), highWatermark, logStart };
  }

  async #offset(link: BrokerLink, timestamp: number): Promise<number> {
    const input = { isolationLevel: 0, topics: [{ topic: this.topic, partitions: [{ partition: this.partition, timestamp }] }] };
    // Laid out by kafkajs, from a broker we trust.
    const { responses } = await link.ask(rareRequest('ListOffsets', input)) as { readonly responses: readonly { readonly partitions: readonly { readonly errorCode: number; readonly offset: string }[] }[] };
    const answer = responses[0]?.partitions[0];
    if (answer === undefined || answer.errorCode !== NONE) throw new PartitionRefusal(answer?.errorCode ?? -1);
    return Number(answer.offset);
  }

  async #tried<T>(ask: (link: BrokerLink) => Promise<T>): Promise<T> {
    const untilMs = performance.now() + PATIENCE_MS;
    for (let backOffMs = FIRST_BACK_OFF_MS; ; backOffMs = Math.min(MOST_BACK_OFF_MS, backOffMs * 2)) {
      if (this.#cluster.closed) throw new LogError('TQ-KAFKA-14');
      try {
        const leader = this.#cluster.leaderOf(this.topic, this.partition);
        if (leader === undefined) throw new Error(`${this.topic} ${this.partition} has no leader`);
        return await ask(await this.#cluster.link(leader));
      } catch (cause) {
        if (this.#cluster.closed) throw new LogError('TQ-KAFKA-14');
        const detail = `${this.topic} ${this.partition}`;
        const verdict = cause instanceof PartitionRefusal ? verdictOf(cause.errorCode) : 'retry';
        if (verdict === 'forbidden') throw new LogError('TQ-KAFKA-07', detail, { cause });
        if (verdict === 'unusable') throw new LogError('TQ-KAFKA-09', detail, { cause });
        if (performance.now() + backOffMs > untilMs) throw new LogError(cause instanceof BrokenBatch ? 'TQ-KAFKA-16' : 'TQ-KAFKA-11', detail, { cause });
        await this.#pause(backOffMs);
      }
    }
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms);
    await this.#cluster.refresh().catch(() => undefined);
  }
}
