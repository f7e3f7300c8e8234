import type { EventLog } from '../../contracts/event-log.ts';
import type { LineInspector } from '../../contracts/line-inspector.ts';
import { SYSTEM_SITE } from '../../contracts/names.ts';
import type { Seal } from '../gateway/record-writer.ts';
import { appendBlock, appendBlocks } from './block-appender.ts';
import type { AppenderDeps } from './block-appender.ts';
import { bridgeBatch, streamOf } from './bridge-batch.ts';
import type { BridgeEvent } from './bridge-event.ts';
import { createBridgeCounts } from './bridge-status.ts';
import type { BridgeCounts, BridgeStatus } from './bridge-status.ts';
import { BridgeError, isRetryable } from './errors.ts';
import { sourceOf } from './ingress-record.ts';
import type { IngressRecord } from './ingress-record.ts';
import type { IngressBatch, IngressSource, PartitionPlace } from './ingress-source.ts';
import { lostBlock } from './lost-records.ts';
import { untilDone } from './patience.ts';
import { startingPoint } from './starting-point.ts';
import type { StartingPoint } from './starting-point.ts';

/** The register of sites, as far as it matters here. */
export interface KnownSites {
  has(site: string): boolean;
  /** Resolves once every record that was durable at the time of the call is known. */
  refresh(): Promise<void>;
}

export interface BridgeDeps {
  readonly source: IngressSource;
  readonly log: Pick<EventLog, 'append'>;
  /** Seals a compressed body with the head's bytes as additional data. */
  readonly seal: Seal;
  readonly sites: KnownSites;
  readonly inspector: LineInspector;
  /** Unix milliseconds. */
  readonly clock: () => number;
  /** Told what an operator must see; never holds input. */
  readonly onEvent: (event: BridgeEvent) => void;
}

export interface Bridge {
  status(): BridgeStatus;
  /** Rejects when the bridge cannot go on; never resolves. */
  readonly failed: Promise<never>;
  /** Gives up what is under way; it comes again, to whoever bridges next, and is stored once. */
  close(): Promise<void>;
}

/**
 * Bridges the partitions this member of the group is given. The order of effects is what exactly-once rests on: lines
 * are durable in the log before the group's position moves over them, and each carries its offset, so that what comes
 * again after a crash at any point is dropped by the worker.
 */
export async function createBridge(deps: BridgeDeps): Promise<Bridge> {
  const bridge = new RunningBridge(deps);
  await deps.source.run({ assigned: (partitions) => bridge.assigned(partitions), batch: (batch) => bridge.batch(batch) });
  return bridge;
}

/** The source sends as many of these as its session needs. */
const HEARTBEAT_MS = 500;

/** A partition that was begun: batches of this topic go on from `next`. */
interface Begun {
  readonly topicId: string;
  next: number;
}

class RunningBridge implements Bridge {
  readonly failed: Promise<never>;
  readonly #fail: (error: unknown) => void;
  readonly #deps: BridgeDeps;
  readonly #counts: BridgeCounts = createBridgeCounts();
  readonly #closing = new AbortController();
  /** Aborted by the next assignment. */
  #assignment = new AbortController();
  readonly #begun = new Map<number, Begun>();

  constructor(deps: BridgeDeps) {
    this.#deps = deps;
    const { promise, reject } = Promise.withResolvers<never>();
    this.failed = Promise.race([promise, deps.source.failed]);
    this.failed.catch(() => undefined);
    this.#fail = reject;
  }

  status(): BridgeStatus {
    return this.#counts.status();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#deps.source[Symbol.asyncDispose]();
  }

  assigned(partitions: readonly number[]): void {
    this.#assignment.abort();
    this.#assignment = new AbortController();
    this.#begun.clear();
    this.#counts.assigned(partitions);
    this.#deps.onEvent({ type: 'assigned', partitions });
    for (const partition of partitions) this.#begin(partition);
  }

  /** Finds out where the partition goes on, in the background, and lets its batches come. */
  #begin(partition: number): void {
    const signal = AbortSignal.any([this.#assignment.signal, this.#closing.signal]);
    this.#start(partition, signal).catch((error: unknown) => {
      if (!signal.aborted) this.#fail(error);
    });
  }

  async #start(partition: number, signal: AbortSignal): Promise<void> {
    const { place, point } = await this.#patiently('find_position', partition, signal, async () => {
      const found = placeOf(await this.#deps.source.places(), partition);
      const start = startingPoint(found);
      if (start === undefined) throw new BridgeError('TQ-BRIDGE-03', `partition ${partition}`);
      return { place: found, point: start };
    });
    if (point.lost !== undefined) await this.#reportLost(partition, place.topicId, point.lost, signal);
    signal.throwIfAborted();
    this.#deps.onEvent({ type: 'started', partition, offset: point.from, reason: point.reason });
    this.#counts.at(partition, point.from, place.next);
    this.#begun.set(partition, { topicId: place.topicId, next: point.from });
    this.#deps.source.resume(partition, point.from);
  }

  async batch(batch: IngressBatch): Promise<void> {
    const { partition, records, end } = batch;
    const begun = this.#begun.get(partition);
    if (begun === undefined || this.#closing.signal.aborted) return;
    const membership = new AbortController();
    const signal = AbortSignal.any([membership.signal, this.#assignment.signal, this.#closing.signal]);
    const timer = setInterval(() => {
      batch.heartbeat().catch((error: unknown) => membership.abort(error));
    }, HEARTBEAT_MS);
    try {
      if (!(await this.#bridge(batch, begun, signal))) return;
    } catch (error) {
      if (membership.signal.aborted) throw membership.signal.reason;
      if (signal.aborted) return;
      this.#deps.source.pause(partition);
      this.#fail(error);
      return;
    } finally {
      clearInterval(timer);
      // What is still under way for other sites is given up too.
      membership.abort();
    }
    this.#counts.bridged(records);
    // A failure is the source's: the same records come again, or the next commit covers them.
    await batch.commit(begun.topicId);
    begun.next = end;
    this.#counts.at(partition, end, batch.next);
  }

  /** Resolves true once all lines are durable, false when the records are of a topic that is gone. */
  async #bridge({ partition, records, end }: IngressBatch, begun: Begun, signal: AbortSignal): Promise<boolean> {
    const { source, sites, inspector, onEvent } = this.#deps;
    // Asked for after the records came, so they are of this topic or of one before it: ids never come back.
    const topicId = await this.#patiently('ask_topic_id', partition, signal, () => source.topicId());
    if (topicId !== begun.topicId) {
      onEvent({ type: 'recreated', partition, bridgedBelow: begun.next });
      source.pause(partition);
      this.#begun.delete(partition);
      this.#begin(partition);
      return false;
    }
    const first = records[0]?.offset ?? end;
    if (first > begun.next) await this.#checkHole(partition, begun, first, signal);
    await this.#learnSites(partition, records, signal);
    const blocks = bridgeBatch(records, { stream: streamOf(topicId, partition), knows: (site) => sites.has(site), inspector });
    let unknownSite = 0;
    await appendBlocks(blocks, this.#appender(partition, signal), (block, valueBytes) => {
      if (block.site === SYSTEM_SITE) unknownSite += block.lines;
      this.#counts.appended(block, valueBytes);
    });
    if (unknownSite > 0) onEvent({ type: 'unknown_site', partition, lines: unknownSite });
    signal.throwIfAborted();
    return true;
  }

  /** Holes are usual where producers use transactions; only what lies below the oldest record is lost. */
  async #checkHole(partition: number, begun: Begun, first: number, signal: AbortSignal): Promise<void> {
    const place = await this.#patiently('find_position', partition, signal, async () => placeOf(await this.#deps.source.places(), partition));
    const to = Math.min(place.first, first) - 1;
    if (place.topicId === begun.topicId && to >= begun.next) await this.#reportLost(partition, begun.topicId, { from: begun.next, to, certain: true }, signal);
  }

  async #reportLost(partition: number, topicId: string, lost: NonNullable<StartingPoint['lost']>, signal: AbortSignal): Promise<void> {
    this.#counts.lost(lost);
    this.#deps.onEvent({ type: 'lost', partition, ...lost });
    await appendBlock(lostBlock(streamOf(topicId, partition), partition, lost, this.#deps.clock()), 'system', this.#appender(partition, signal));
  }

  /** A site may have been added a moment ago; a register that cannot be read makes nobody unknown. */
  async #learnSites(partition: number, records: readonly IngressRecord[], signal: AbortSignal): Promise<void> {
    const { sites } = this.#deps;
    const missing = records.some((record) => {
      const { site } = sourceOf(record);
      return site !== undefined && !sites.has(site);
    });
    if (missing) await this.#patiently('read_sites', partition, signal, () => sites.refresh());
  }

  #appender(partition: number, signal: AbortSignal): AppenderDeps {
    const { log, seal, clock } = this.#deps;
    return { log, seal, clock, persist: (append) => this.#patiently('append', partition, signal, append) };
  }

  /** What the log itself calls hopeless ends the bridge; everything else may pass. */
  async #patiently<T>(what: 'append' | 'read_sites' | 'find_position' | 'ask_topic_id', partition: number, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const ofLog = what === 'append' || what === 'read_sites';
    try {
      return await untilDone(work, signal, (failure) => {
        this.#counts.retried();
        this.#deps.onEvent({ type: 'retry', what, partition, ...failure });
      }, (error) => !ofLog || isRetryable(error));
    } catch (error) {
      signal.throwIfAborted();
      throw new BridgeError('TQ-BRIDGE-01', what, { cause: error });
    }
  }
}

function placeOf(places: ReadonlyMap<number, PartitionPlace>, partition: number): PartitionPlace {
  const place = places.get(partition);
  if (place === undefined) throw new BridgeError('TQ-BRIDGE-04', `partition ${partition}`);
  return place;
}
