import type { KafkaCluster } from './cluster.ts';
import { rareRequest } from './internals.ts';
import { Lane } from './lane.ts';
import type { LaneBatch } from './lane.ts';
import { LogError } from './log-error.ts';
import { NONE } from './protocol-errors.ts';
import { parseProduceAnswer, produceRequest } from './produce-request.ts';
import { recordBytes } from './record-batch.ts';
import type { BatchRecord, ProducerIdentity } from './record-batch.ts';

export interface ProducerLimits {
  /** How long an append is tried. */
  readonly appendTimeoutMs: number;
  /** Of records not acknowledged yet; appends beyond are refused. */
  readonly maxWaitingBytes: number;
}

/** How long a broker may wait for its followers before it answers that they did not come. */
const REPLICATION_TIMEOUT_MS = 3_000;
const MAX_REQUEST_BYTES = 16 * 1024 * 1024;
const CHECK_MS = 100;
/** A request that takes longer has the metadata looked at: its broker may not lead any more. */
const SUSPICIOUS_MS = 1_000;

interface Sent {
  readonly lane: Lane;
  readonly batch: LaneBatch;
}

/**
 * Sends the lanes' batches: all that go to one broker in one request, one request a broker at a time, since a broker
 * serves the requests of a connection one by one. What comes while one is on the way forms the next.
 */
export class RecordProducer {
  readonly #cluster: KafkaCluster;
  readonly #limits: ProducerLimits;
  readonly #lanes = new Map<string, Lane>();
  readonly #identifying = new Set<Lane>();
  /** Broker to when its request was sent. */
  readonly #busy = new Map<number, number>();
  #waitingBytes = 0;
  #waiting = 0;
  #scheduled = false;
  #timer: NodeJS.Timeout | undefined;
  #lastError: unknown;
  #idle: (() => void) | undefined;
  #closed = false;

  constructor(cluster: KafkaCluster, limits: ProducerLimits) {
    this.#cluster = cluster;
    this.#limits = limits;
  }

  /** The record's offset, once all in-sync replicas have it. Appends to a partition keep the order of the calls. */
  async append(topic: string, partition: number, record: BatchRecord): Promise<number> {
    if (this.#closed) throw new LogError('TQ-KAFKA-14');
    const bytes = recordBytes(record);
    if (this.#waitingBytes > 0 && this.#waitingBytes + bytes > this.#limits.maxWaitingBytes) throw new LogError('TQ-KAFKA-12');
    this.#waitingBytes += bytes;
    this.#waiting++;
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#lane(topic, partition).push({ record, deadlineMs: performance.now() + this.#limits.appendTimeoutMs, resolve, reject });
    this.#timer ??= setInterval(() => this.#check(), CHECK_MS);
    this.#schedule();
    try {
      return await promise;
    } finally {
      this.#waitingBytes -= bytes;
      this.#waiting--;
      if (this.#waiting === 0) this.#rest();
    }
  }

  /** Appends in flight are waited for; each ends within its time. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#waiting > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
    this.#rest();
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#idle?.();
  }

  #lane(topic: string, partition: number): Lane {
    const name = `${topic}/${partition}`;
    const lane = this.#lanes.get(name) ?? new Lane(topic, partition);
    this.#lanes.set(name, lane);
    return lane;
  }

  /** Once for all appends of this turn of the event loop. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#drive();
    });
  }

  #drive(): void {
    const nowMs = performance.now();
    const byLeader = new Map<number, Lane[]>();
    let lost = false;
    for (const lane of this.#lanes.values()) {
      if (!lane.ready(nowMs) || this.#identifying.has(lane)) continue;
      if (lane.needsIdentity) {
        void this.#identify(lane);
        continue;
      }
      const leader = this.#cluster.leaderOf(lane.topic, lane.partition);
      if (leader === undefined) lost = true;
      else if (!this.#busy.has(leader)) byLeader.set(leader, [...(byLeader.get(leader) ?? []), lane]);
    }
    if (lost) this.#refresh();
    for (const [leader, lanes] of byLeader) {
      const sent = this.#freeze(lanes);
      if (sent.length > 0) void this.#send(leader, sent);
    }
  }

  #freeze(lanes: readonly Lane[]): readonly Sent[] {
    const sent: Sent[] = [];
    const wallMs = Date.now();
    let bytes = 0;
    for (const lane of lanes) {
      if (bytes >= MAX_REQUEST_BYTES) break;
      const batch = lane.batch(wallMs);
      if (batch === undefined) continue;
      bytes += batch.bytes.length;
      sent.push({ lane, batch });
    }
    // What did not fit must not wait behind the same lanes for ever.
    if (sent.length < lanes.length) for (const { lane } of sent) this.#toTheEnd(lane);
    return sent;
  }

  #toTheEnd(lane: Lane): void {
    const name = `${lane.topic}/${lane.partition}`;
    this.#lanes.delete(name);
    this.#lanes.set(name, lane);
  }

  async #send(nodeId: number, sent: readonly Sent[]): Promise<void> {
    this.#busy.set(nodeId, performance.now());
    try {
      const link = await this.#cluster.link(nodeId);
      const request = produceRequest(sent.map(({ lane: { topic, partition }, batch: { bytes } }) => ({ topic, partition, bytes })), REPLICATION_TIMEOUT_MS);
      this.#settle(sent, await link.exchange('requests', request, REPLICATION_TIMEOUT_MS));
    } catch (error) {
      this.#lastError = error;
      for (const { lane, batch } of sent) lane.unanswered(batch, performance.now());
      this.#refresh();
    } finally {
      this.#busy.delete(nodeId);
      this.#schedule();
    }
  }

  #settle(sent: readonly Sent[], payload: Buffer): void {
    const results = new Map(parseProduceAnswer(payload).map((result) => [`${result.topic}/${result.partition}`, result]));
    let stale = false;
    for (const { lane, batch } of sent) {
      const result = results.get(`${lane.topic}/${lane.partition}`);
      if (result === undefined) {
        lane.unanswered(batch, performance.now());
        continue;
      }
      if (result.errorCode !== NONE) this.#lastError = new Error(`Kafka answered error ${result.errorCode} for ${lane.topic} ${lane.partition}`);
      if (lane.answered(batch, result.errorCode, result.baseOffset, performance.now())) stale = true;
    }
    if (stale) this.#refresh();
  }

  /** Any broker gives ids away. */
  async #identify(lane: Lane): Promise<void> {
    this.#identifying.add(lane);
    try {
      const leader = this.#cluster.leaderOf(lane.topic, lane.partition);
      if (leader === undefined) throw new Error(`${lane.topic} ${lane.partition} has no leader`);
      lane.identify(await initProducerId(this.#cluster, leader));
      this.#schedule();
    } catch (error) {
      this.#lastError = error;
      lane.backOff(performance.now());
      this.#refresh();
    } finally {
      this.#identifying.delete(lane);
    }
  }

  /** What waits for it goes on with the next check. */
  #refresh(): void {
    this.#cluster.refresh().catch((error: unknown) => (this.#lastError = error));
  }

  #check(): void {
    const nowMs = performance.now();
    for (const lane of this.#lanes.values()) lane.expire(nowMs, this.#lastError);
    // A paused or cut-off broker answers nothing. Once others lead, their lanes' batches go there; this is no double, see `Lane`.
    if ([...this.#busy.values()].some((sentMs) => nowMs - sentMs > SUSPICIOUS_MS)) this.#refresh();
    this.#schedule();
  }
}

async function initProducerId(cluster: KafkaCluster, nodeId: number): Promise<ProducerIdentity> {
  const link = await cluster.link(nodeId);
  // Laid out by kafkajs, from a broker we trust.
  const answer = await link.ask(rareRequest('InitProducerId', { transactionTimeout: 60_000 })) as { readonly errorCode: number; readonly producerId: string; readonly producerEpoch: number };
  if (answer.errorCode !== NONE) throw new Error(`Kafka gave no producer id: error ${answer.errorCode}`);
  return { producerId: BigInt(answer.producerId), producerEpoch: answer.producerEpoch };
}
