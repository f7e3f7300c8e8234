import { LogError } from './log-error.ts';
import type { KafkaErrorCode } from './errors.ts';
import { verdictOf } from './protocol-errors.ts';
import { encodeBatch, recordBytes } from './record-batch.ts';
import type { BatchRecord, ProducerIdentity } from './record-batch.ts';

/** A record beyond travels alone. */
const MAX_BATCH_BYTES = 1024 * 1024;
const MAX_SEQUENCE = 2 ** 31 - 1;
const FIRST_BACK_OFF_MS = 20;
const MOST_BACK_OFF_MS = 1_000;

export interface PendingAppend {
  readonly record: BatchRecord;
  /** When it is given up, by the clock of `nowMs`. */
  readonly deadlineMs: number;
  readonly resolve: (offset: number) => void;
  readonly reject: (error: LogError) => void;
}

/** Frozen: each try sends these very bytes, so the broker knows it by its producer and sequence. */
export interface LaneBatch {
  readonly bytes: Buffer;
  readonly appends: readonly PendingAppend[];
}

/**
 * The appends to one partition, in order, at most one batch of them on the way. It owns a producer id, so the broker
 * takes a batch that is sent again for the one it has, and this holds:
 *
 * - A batch is sent again, the same bytes with the same sequence, until its partition answers or its time is over.
 * - When it is given up, nobody knows whether it was written. No later batch may carry its sequence: the broker would
 *   take that one for a repeat and answer success for records it never wrote. So the producer id is given up too.
 *   (kafkajs rolls the sequence back instead; `internals.test.ts` shows what that loses.)
 * - The same when the broker's idea of the sequence is not ours: an earlier try may have been written and lost again.
 */
export class Lane {
  readonly topic: string;
  readonly partition: number;
  #queue: PendingAppend[] = [];
  #batch: LaneBatch | undefined;
  #identity: ProducerIdentity | undefined;
  #sequence = 0;
  #backOffMs = 0;
  #notBeforeMs = 0;

  constructor(topic: string, partition: number) {
    this.topic = topic;
    this.partition = partition;
  }

  push(append: PendingAppend): void {
    this.#queue.push(append);
  }

  get empty(): boolean {
    return this.#batch === undefined && this.#queue.length === 0;
  }

  get needsIdentity(): boolean {
    return this.#identity === undefined;
  }

  identify(identity: ProducerIdentity): void {
    this.#identity = identity;
    this.#sequence = 0;
  }

  ready(nowMs: number): boolean {
    return !this.empty && nowMs >= this.#notBeforeMs;
  }

  /** The batch that goes next: the one on the way, else one of what waits. Needs an identity and something to send. */
  batch(wallMs: number): LaneBatch | undefined {
    if (this.#batch !== undefined || this.#identity === undefined) return this.#batch;
    let bytes = 0;
    const beyond = this.#queue.findIndex(({ record }, i) => {
      bytes += recordBytes(record);
      return i > 0 && bytes > MAX_BATCH_BYTES;
    });
    const appends = this.#queue.splice(0, beyond === -1 ? this.#queue.length : beyond);
    if (appends.length === 0) return undefined;
    if (this.#sequence + appends.length > MAX_SEQUENCE) {
      this.#queue.unshift(...appends);
      this.#identity = undefined;
      return undefined;
    }
    this.#batch = { bytes: encodeBatch(appends.map(({ record }) => record), this.#identity, this.#sequence, wallMs), appends };
    return this.#batch;
  }

  /** The partition's answer to a try of `batch`. True when the metadata may be out of date. */
  answered(batch: LaneBatch, errorCode: number, baseOffset: number, nowMs: number): boolean {
    // It was given up meanwhile.
    if (batch !== this.#batch) return false;
    const verdict = verdictOf(errorCode);
    switch (verdict) {
      case 'done':
        this.#batch = undefined;
        this.#backOffMs = 0;
        this.#sequence += batch.appends.length;
        for (const [i, { resolve }] of batch.appends.entries()) resolve(baseOffset + i);
        return false;
      case 'retry':
        this.backOff(nowMs);
        return true;
      case 'producer':
        this.#giveUp('TQ-KAFKA-10', `error ${errorCode}`);
        return false;
      case 'too large':
        this.#giveUp('TQ-KAFKA-13', `the broker refused ${batch.bytes.length} bytes`);
        return false;
      case 'forbidden':
        this.#giveUp('TQ-KAFKA-07', `error ${errorCode} on ${this.topic}`);
        return false;
      case 'unusable':
        this.#giveUp('TQ-KAFKA-09', `error ${errorCode} on ${this.topic}`);
        return false;
      default:
        return verdict satisfies never;
    }
  }

  /** A try of `batch` came to no answer: it may have been written. */
  unanswered(batch: LaneBatch, nowMs: number): void {
    if (batch === this.#batch) this.backOff(nowMs);
  }

  /** After a failure: the longer, the more there were in a row. */
  backOff(nowMs: number): void {
    this.#backOffMs = Math.min(MOST_BACK_OFF_MS, Math.max(FIRST_BACK_OFF_MS, this.#backOffMs * 2));
    this.#notBeforeMs = nowMs + this.#backOffMs;
  }

  /** Gives up what is past its time, or everything. Records that were never sent are not in Kafka, but told the same. */
  expire(nowMs: number, cause: unknown): void {
    if ((this.#batch?.appends[0]?.deadlineMs ?? Infinity) <= nowMs) this.#giveUp('TQ-KAFKA-10', `${this.topic} ${this.partition}`, cause);
    const kept = this.#queue.findIndex(({ deadlineMs }) => deadlineMs > nowMs);
    const late = this.#queue.splice(0, kept === -1 ? this.#queue.length : kept);
    for (const { reject } of late) reject(new LogError('TQ-KAFKA-10', `${this.topic} ${this.partition}`, { cause }));
  }

  #giveUp(code: KafkaErrorCode, detail: string, cause?: unknown): void {
    const appends = this.#batch?.appends ?? [];
    this.#batch = undefined;
    this.#identity = undefined;
    this.#backOffMs = 0;
    for (const { reject } of appends) reject(new LogError(code, detail, { cause }));
  }
}
