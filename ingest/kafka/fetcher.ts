import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaCluster } from './cluster.ts';
import { fetchRequest, parseFetchAnswer } from './fetch-request.ts';
import type { FetchPlace, FetchResult } from './fetch-request.ts';
import { NONE, OFFSET_OUT_OF_RANGE } from './protocol-errors.ts';
import type { ReadAhead } from './read-ahead.ts';
import { decodeBatches } from './record-batch.ts';

/** A partition that begins to be followed while a broker waits for others' records is asked for so much later at most. */
const LONG_POLL_MS = 200;
/** While somebody's room is used up: it may be free again any moment. */
const SHORT_POLL_MS = 10;
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
const MAX_PARTITION_BYTES = 1024 * 1024;
const LEAST_ROOM_BYTES = 1024 * 1024;
const BACK_OFF_MS = 100;

/** Fetches ahead for whoever reads on: one long poll a broker for all partitions it leads. */
export class Fetcher {
  readonly #cluster: KafkaCluster;
  readonly #maxBufferedBytes: number;
  readonly #followed = new Set<ReadAhead>();
  /** Brokers, and `undefined` for partitions that nobody leads. */
  readonly #loops = new Map<number | undefined, Promise<void>>();
  #turn = 0;

  constructor(cluster: KafkaCluster, maxBufferedBytes: number) {
    this.#cluster = cluster;
    this.#maxBufferedBytes = maxBufferedBytes;
  }

  follow(ahead: ReadAhead): void {
    this.#followed.add(ahead);
    this.#wake();
  }

  /** The cluster must be closed before. */
  async close(): Promise<void> {
    for (const ahead of this.#followed) ahead.wake();
    await Promise.all(this.#loops.values());
  }

  /** Each broker that leads a followed partition has a loop. */
  #wake(): void {
    const nowMs = performance.now();
    for (const ahead of this.#followed) {
      if (!ahead.following(nowMs)) {
        this.#followed.delete(ahead);
        continue;
      }
      const leader = this.#cluster.leaderOf(ahead.topic, ahead.partition);
      if (!this.#loops.has(leader)) this.#loops.set(leader, Promise.resolve().then(async () => this.#loop(leader)));
    }
  }

  async #loop(leader: number | undefined): Promise<void> {
    while (!this.#cluster.closed) {
      this.#wake();
      const mine = [...this.#followed].filter(({ topic, partition }) => this.#cluster.leaderOf(topic, partition) === leader);
      if (mine.length === 0) {
        // In the same turn, so that whoever follows next starts it again.
        this.#loops.delete(leader);
        return;
      }
      try {
        if (leader === undefined) throw new Error('nobody leads');
        await this.#poll(leader, mine);
      } catch {
        await this.#cluster.refresh().catch(() => undefined);
        await sleep(BACK_OFF_MS);
      }
    }
  }

  async #poll(leader: number, mine: readonly ReadAhead[]): Promise<void> {
    const room = Math.max(LEAST_ROOM_BYTES, this.#maxBufferedBytes / this.#followed.size);
    const hungry = mine.filter(({ bytes }) => bytes < room);
    if (hungry.length === 0) {
      await sleep(SHORT_POLL_MS);
      return;
    }
    // An answer is filled in the order asked for, so everybody is the first one in turn.
    const start = this.#turn++ % hungry.length;
    const places = [...hungry.slice(start), ...hungry.slice(0, start)].map(({ topic, partition, next }): FetchPlace => ({ topic, partition, offset: next, maxBytes: MAX_PARTITION_BYTES }));
    const waitMs = hungry.length < mine.length ? SHORT_POLL_MS : LONG_POLL_MS;
    const link = await this.#cluster.link(leader);
    const { errorCode, results } = parseFetchAnswer(await link.exchange('long polls', fetchRequest(places, waitMs, MAX_ANSWER_BYTES), waitMs));
    if (errorCode !== NONE) throw new Error(`Kafka answered error ${errorCode}`);
    const byName = new Map(results.map((result) => [`${result.topic}/${result.partition}`, result]));
    const asked = new Map(places.map((place) => [`${place.topic}/${place.partition}`, place.offset]));
    let failed = false;
    for (const ahead of hungry) {
      const name = `${ahead.topic}/${ahead.partition}`;
      const result = byName.get(name);
      if (result?.errorCode === NONE) this.#deliver(ahead, asked.get(name) ?? 0, result);
      else if (result?.errorCode === OFFSET_OUT_OF_RANGE) ahead.stop();
      else failed = true;
    }
    if (failed) throw new Error('a partition was refused');
  }

  #deliver(ahead: ReadAhead, offset: number, { records, highWatermark, logStart }: FetchResult): void {
    ahead.deliver(offset, { ...decodeBatches(records, offset), highWatermark, logStart });
  }
}
