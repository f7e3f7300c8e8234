import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlEntry, ControlStream, LogBounds } from '../../contracts/event-log.ts';
import type { KafkaCluster } from './cluster.ts';
import { ControlFold } from './control-fold.ts';
import { encodeEntry, encodeTrim, encodeVoid, MAX_VALUE_BYTES } from './control-record.ts';
import { LogError } from './log-error.ts';
import { PartitionRequests } from './partition-requests.ts';
import type { RecordProducer } from './producer.ts';
import type { BatchRecord } from './record-batch.ts';

const MAX_KEY_BYTES = 500;
const FETCH_BYTES = 2 * 1024 * 1024;
const LAG_MS = 20;
const LAG_PATIENCE_MS = 12_000;

/**
 * A control stream on a topic of one partition. The order of its records decides who claimed a key first, so each handle
 * comes to the same answer by itself, by folding what stands before: a claim is written, then folded up to.
 */
export class KafkaControl implements ControlStream {
  readonly #cluster: KafkaCluster;
  readonly #producer: RecordProducer;
  readonly #topic: string;
  readonly #requests: PartitionRequests;
  readonly #fold: ControlFold;
  #ready: Promise<void> | undefined;
  #isReady = false;
  #folding: Promise<unknown> = Promise.resolve();
  #trimming: Promise<void> = Promise.resolve();
  #looking: Promise<void> | undefined;
  #nextLook: Promise<void> | undefined;

  constructor(cluster: KafkaCluster, producer: RecordProducer, topic: string, maxCachedBytes: number) {
    this.#cluster = cluster;
    this.#producer = producer;
    this.#topic = topic;
    this.#requests = new PartitionRequests(cluster, topic, 0);
    this.#fold = new ControlFold(maxCachedBytes);
  }

  async append(key: string, value: string): Promise<number> {
    this.#check(key, value);
    // Also of appends, which do not need it: they must not overtake claims that wait.
    if (!this.#isReady) await this.#begin();
    return this.#write(encodeEntry('append', key, value));
  }

  async claim(key: string, value: string): Promise<ControlEntry> {
    this.#check(key, value);
    if (!this.#isReady) await this.#begin();
    for (;;) {
      // Nothing else is waited for when the key is free: claims and appends are written in the order of the calls.
      if (!this.#isSettled) await this.#foldTo(this.#fold.settlesAt);
      const held = this.#fold.winner(key);
      const winner = held === undefined ? undefined : await this.#entryAt(held);
      if (winner !== undefined) return winner;
      const offset = await this.#write(encodeEntry('claim', key, value));
      await this.#foldTo(offset + 1);
      if (this.#fold.winner(key) === offset) return { offset, key, value };
    }
  }

  async read(from: number, max: number): Promise<readonly ControlEntry[]> {
    this.#requireOpen();
    if (max <= 0) return [];
    const fold = this.#fold;
    if (this.#isReady && this.#isSettled && from >= fold.cachedFrom) {
      const entries = fold.entries(from, max);
      // What comes later stands behind these.
      if (entries.length === max) return entries;
    }
    await this.#look();
    return this.#entries(Math.max(from, fold.start), max);
  }

  async bounds(): Promise<LogBounds> {
    this.#requireOpen();
    const [first, next] = await Promise.all([this.#requests.earliest(), this.#requests.latest()]);
    return { first, next: Math.max(first, next) };
  }

  /**
   * First the trim is written, at whose place in the stream all handles forget the claims below; then which claims lost to
   * one of those; then the records go. A crash in between leaves records that count for nothing, until the next trim.
   */
  async trim(before: number): Promise<void> {
    this.#requireOpen();
    const mine = this.#trimming.then(async () => this.#trim(before));
    this.#trimming = mine.catch(() => undefined);
    return mine;
  }

  async #trim(wanted: number): Promise<void> {
    await this.#look();
    const before = Math.min(wanted, this.#fold.next);
    if (before > this.#fold.start) {
      const offset = await this.#write(encodeTrim(before));
      await this.#foldTo(offset + 1);
    }
    const dead = this.#fold.dead.slice();
    if (dead.length > 0) await this.#write(encodeVoid(dead));
    await this.#requests.trim(before);
  }

  get #isSettled(): boolean {
    return this.#fold.next >= this.#fold.settlesAt;
  }

  #requireOpen(): void {
    if (this.#cluster.closed) throw new LogError('TQ-KAFKA-14');
  }

  #check(key: string, value: string): void {
    this.#requireOpen();
    const keyBytes = Buffer.byteLength(key);
    if (keyBytes === 0 || keyBytes > MAX_KEY_BYTES || Buffer.byteLength(value) > MAX_VALUE_BYTES) throw new LogError('TQ-KAFKA-13');
  }

  /** Folds the stream as far as it goes, once. */
  async #begin(): Promise<void> {
    this.#ready ??= this.#look().then(() => {
      this.#isReady = true;
    }).finally(() => (this.#ready = undefined));
    return this.#ready;
  }

  /** What we wrote ourselves needs no fetch when nobody wrote in between. */
  async #write(record: BatchRecord): Promise<number> {
    const offset = await this.#producer.append(this.#topic, 0, record);
    this.#requests.sawNext(offset + 1);
    if (this.#isReady && offset === this.#fold.next) this.#fold.apply({ offset, tag: record.tag, key: record.key, value: record.value });
    return offset;
  }

  /** Undefined when a trim took it. */
  async #entryAt(offset: number): Promise<ControlEntry | undefined> {
    const [entry] = await this.#entries(offset, 1);
    return entry?.offset === offset ? entry : undefined;
  }

  /** Everything that was durable before the call is folded. Calls share a look, but never one that began before them. */
  async #look(): Promise<void> {
    if (this.#looking === undefined) {
      this.#looking = this.#lookNow().finally(() => (this.#looking = undefined));
      return this.#looking;
    }
    this.#nextLook ??= this.#looking.catch(() => undefined).then(async () => {
      this.#nextLook = undefined;
      return this.#look();
    });
    return this.#nextLook;
  }

  /** One round trip: the end and what there is behind what we know are asked for together. */
  async #lookNow(): Promise<void> {
    const [end] = await Promise.all([this.#requests.latest(), this.#folded(async () => this.#foldOnce())]);
    await this.#foldTo(end);
  }

  async #foldTo(end: number): Promise<void> {
    if (this.#fold.next >= end && this.#isSettled) return;
    return this.#folded(async () => {
      const untilMs = performance.now() + LAG_PATIENCE_MS;
      while (this.#fold.next < end || !this.#isSettled) {
        const before = this.#fold.next;
        await this.#foldOnce();
        if (this.#fold.next > before) continue;
        if (performance.now() > untilMs) throw new LogError('TQ-KAFKA-11', `${this.#topic} does not go on at ${before}`);
        await sleep(LAG_MS);
      }
    });
  }

  async #foldOnce(): Promise<void> {
    const { records, next, logStart, highWatermark } = await this.#requests.fetch(this.#fold.next, FETCH_BYTES);
    this.#fold.begin(logStart, highWatermark);
    for (const record of records) this.#fold.apply(record);
    this.#fold.skipTo(next);
  }

  /** One at a time. */
  async #folded<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#folding.then(work);
    this.#folding = mine.catch(() => undefined);
    return mine;
  }

  /** Folded ones; those that left the cache are fetched again. */
  async #entries(from: number, max: number): Promise<readonly ControlEntry[]> {
    const entries: ControlEntry[] = [];
    let next = Math.max(from, this.#fold.start);
    while (next < this.#fold.cachedFrom && entries.length < max) {
      const end = this.#fold.cachedFrom;
      const fetched = await this.#requests.fetch(next, FETCH_BYTES);
      entries.push(...this.#fold.entriesOf(fetched.records.filter(({ offset }) => offset < end)));
      if (fetched.next === next) break;
      next = fetched.next < end ? fetched.next : end;
    }
    return entries.length < max ? [...entries, ...this.#fold.entries(next, max - entries.length)] : entries.slice(0, max);
  }
}
