import type { LogRecord } from '../../contracts/event-log.ts';
import { SYSTEM_SITE } from '../../contracts/names.ts';
import type { Observation } from '../../contracts/observation.ts';
import { withinGrace } from '../commit/abort-grace.ts';
import { createBlockOpener } from '../commit/block-opener.ts';
import type { CommitterEvent } from '../commit/committer-deps.ts';
import type { OpenedBlock } from '../commit/derivation.ts';
import { createRetry } from '../commit/retry.ts';
import type { KeyedCounts, KeyedRun } from '../../contracts/keyed-stage.ts';
import type { CorrelatorDeps } from './correlator-deps.ts';
import { isAhead, seenAfter, START } from './correlator-state.ts';
import type { KeyedSnapshot, Place } from './correlator-state.ts';
import { chainOf, findingBlocks } from './finding-blocks.ts';
import { openKeyedTail } from './keyed-tail.ts';
import type { KeyedTail } from './keyed-tail.ts';
import { openMemory, sealMemory } from './sealed-memory.ts';
import { sealedRecord } from './sealed-record.ts';

export interface Correlator {
  /**
   * Recovers, then looks at the partition's observations until the signal aborts. Rejects when the partition has to
   * stop. Resolves within a second or so of the abort, also while the log hangs. Stopping at any moment loses nothing,
   * and two at once do no harm. Once.
   */
  run(signal: AbortSignal): Promise<void>;
  status(): Promise<CorrelatorStatus>;
}

/** Counts are since this process started, those of the stage since its memory began. */
export interface CorrelatorStatus extends KeyedCounts {
  readonly partition: number;
  /** Position of the next record of observations. */
  readonly next: number;
  /** Positions the log is ahead. */
  readonly lag: number;
  readonly observations: number;
  readonly findings: number;
  /** Records that told again what was told before. */
  readonly repeated: number;
  readonly damaged: number;
  /** Positions lost. */
  readonly lost: number;
}

/** What the loop carries from record to record. */
interface Progress {
  readonly tail: KeyedTail;
  readonly memory: KeyedRun;
  place: Place;
  sinceSnapshot: number;
  lookedAtMs: number;
}

const READ_LIMITS = { maxRecords: 64, maxBytes: 8 * 1024 * 1024 };
/** Entries a snapshot may keep in the control stream before it is written again at the end. */
const MOST_BEHIND = 2_000;
/** A broker that just became leader may lag: how often and how far apart a log that seems cut is asked. */
const END_CHECKS = 5;
const BETWEEN_CHECKS_MS = 1_000;

export function createCorrelator(deps: CorrelatorDeps): Correlator {
  const { partition, log, seal, stage, clock, config, onEvent } = deps;
  const own = { partition, open: deps.open, clock, config, onEvent: tell };
  const retry = createRetry(own);
  const open = createBlockOpener(own);
  const counted = { next: 0, observations: 0, findings: 0, repeated: 0, damaged: 0, lost: 0 };
  let stageCounts: KeyedCounts = { values: 0, late: 0, evicted: 0 };

  function tell(event: CommitterEvent): void {
    if (event.type === 'damaged_record') counted.damaged += 1;
    if (event.type === 'waiting' || event.type === 'damaged_record') onEvent(event);
  }

  /** From the snapshot that is ahead of all others; what came after it is looked at again, with equal findings. */
  async function start(signal: AbortSignal): Promise<Progress> {
    const tail = openKeyedTail(log.control, partition);
    await retry('control', () => tail.refresh(), signal);
    const snapshot = tail.best?.snapshot;
    const remembered = await memoryOf(tail, signal);
    const place: Place = snapshot === undefined ? START : { next: snapshot.next, seen: snapshot.seen, chain: remembered === undefined ? chainOf(snapshot.chain.epoch + 1) : snapshot.chain };
    if (snapshot !== undefined && remembered === undefined) onEvent({ type: 'changed', partition, version: stage.version });
    const progress = { tail, memory: stage.begin(remembered), place, sinceSnapshot: 0, lookedAtMs: clock.elapsedMs() };
    await requireEnd(progress, signal);
    counted.next = progress.place.next;
    stageCounts = progress.memory.counts();
    onEvent({ type: 'recovered', partition, next: progress.place.next, epoch: progress.place.chain.epoch });
    return progress;
  }

  /** Undefined when there is none that this stage can go on from. */
  async function memoryOf({ best }: KeyedTail, signal: AbortSignal): Promise<unknown> {
    if (best?.snapshot.version !== stage.version) return undefined;
    return openMemory(best.snapshot.memory, { partition, position: best.offset, key: `keyed/${partition}` }, (record) => open(record, signal));
  }

  /**
   * From here on what another worker found may differ, so findings go on under a new epoch: as a break in the chain, not
   * as a contradiction. The snapshot tells the others.
   */
  async function breakChain(progress: Progress, next: number, signal: AbortSignal): Promise<void> {
    progress.place = { ...progress.place, next, chain: chainOf(progress.place.chain.epoch + 1) };
    await appendSnapshot(progress, signal);
  }

  /** When the log was made anew, all of it is looked at: what was seen before is told apart by its range. */
  async function requireEnd(progress: Progress, signal: AbortSignal): Promise<void> {
    const { next } = progress.place;
    for (let checks = 1; ; checks++) {
      const bounds = await retry('bounds', () => log.observations.bounds(partition), signal);
      if (bounds.next >= next) return;
      if (checks === END_CHECKS) {
        onEvent({ type: 'cut', partition, next, end: bounds.next });
        return breakChain(progress, bounds.first, signal);
      }
      await clock.sleep(BETWEEN_CHECKS_MS, signal);
    }
  }

  /** A hole between positions is no loss, unless the log's start passed it and no worker was there before. True when one was. */
  async function passHole(progress: Progress, position: number, signal: AbortSignal): Promise<boolean> {
    const { next } = progress.place;
    const bounds = await retry('bounds', () => log.observations.bounds(partition), signal);
    if (bounds.first <= next) return false;
    if (await isOvertaken(progress, signal)) return true;
    counted.lost += position - next;
    onEvent({ type: 'lost', partition, from: next, to: position - 1 });
    await breakChain(progress, position, signal);
    return false;
  }

  async function isOvertaken({ tail, place }: Progress, signal: AbortSignal): Promise<boolean> {
    await retry('control', () => tail.refresh(), signal);
    if (tail.best === undefined || !isAhead(tail.best.snapshot, place)) return false;
    onEvent({ type: 'overtaken', partition, next: place.next });
    return true;
  }

  function observationsOf(record: LogRecord, { body }: OpenedBlock): readonly Observation[] {
    try {
      // Only workers write and seal these records.
      return body.toString().split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Observation);
    } catch (error) {
      tell({ type: 'damaged_record', partition, position: record.position, error });
      return [];
    }
  }

  /**
   * The place moves on once the record's findings are durable. A crash before finds them again; a crash after writes
   * equal blocks, which are stored once.
   */
  async function take(progress: Progress, record: LogRecord, signal: AbortSignal): Promise<void> {
    const { place, memory } = progress;
    const opened = await open(record, signal);
    const observed = opened?.head.observed;
    const seen = observed === undefined ? undefined : seenAfter(place, observed);
    if (observed !== undefined && seen === undefined) counted.repeated += 1;
    const observations = opened === undefined || seen === undefined ? [] : observationsOf(record, opened);
    const lines = observations.flatMap((o) => memory.observe(o));
    const { blocks, chain } = findingBlocks(partition, place.chain, lines, opened?.head.received_at ?? 0);
    for (const { head, body } of blocks) {
      await retry('append', async () => log.append(SYSTEM_SITE, await sealedRecord(seal, SYSTEM_SITE, head, body)), signal);
    }
    progress.place = { next: record.position + 1, seen: seen ?? place.seen, chain };
    progress.sinceSnapshot += 1;
    counted.next = progress.place.next;
    counted.observations += observations.length;
    counted.findings += lines.length;
    stageCounts = memory.counts();
    if (lines.length > 0) onEvent({ type: 'found', partition, position: record.position, findings: lines.length });
  }

  /**
   * Who trims the control stream spares the newest snapshot by offset. So one that came late, behind that of a worker
   * which went on, is covered at once by a copy of the better one.
   */
  async function appendSnapshot({ tail, place, memory }: Progress, signal: AbortSignal): Promise<void> {
    const append = (snapshot: KeyedSnapshot): Promise<number> => retry('snapshot', () => log.control.append(`keyed/${partition}`, JSON.stringify(snapshot)), signal);
    const sealed = await retry('seal', () => sealMemory(seal, memory.snapshot(), clock.nowMs()), signal);
    await append({ type: 'keyed', partition, version: stage.version, ...place, memory: sealed });
    await retry('control', () => tail.refresh(), signal);
    if (tail.isShadowed && tail.best !== undefined) await append(tail.best.snapshot);
  }

  /**
   * Now and then: looks whether another worker is ahead (true), else writes a snapshot when there is something new or
   * the one before stands in the way, and lets go of what lies behind the one before: who reads that now still finds
   * all that comes after it.
   */
  async function keepUp(progress: Progress, signal: AbortSignal): Promise<boolean> {
    if (progress.sinceSnapshot < config.snapshot_every && clock.elapsedMs() - progress.lookedAtMs < config.snapshot_ms) return false;
    if (await isOvertaken(progress, signal)) return true;
    await requireEnd(progress, signal);
    progress.lookedAtMs = clock.elapsedMs();
    const { tail, place } = progress;
    if (progress.sinceSnapshot === 0 && !tail.isShadowed && tail.behind < MOST_BEHIND) return false;
    const before = tail.best?.snapshot;
    await appendSnapshot(progress, signal);
    progress.sinceSnapshot = 0;
    if (before?.chain.epoch === place.chain.epoch) await retry('trim', () => log.observations.trim(partition, before.next), signal);
    return false;
  }

  /** Resolves when another worker is ahead. */
  async function work(progress: Progress, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const { next } = progress.place;
      const records = await retry('read', () => log.observations.read(partition, next, READ_LIMITS), signal);
      const [first] = records;
      if (first !== undefined && first.position > next && (await passHole(progress, first.position, signal))) return;
      for (const record of records) await take(progress, record, signal);
      if (await keepUp(progress, signal)) return;
      if (first === undefined) await retry('wait', () => log.observations.waitFor(partition, progress.place.next, config.idle_ms, signal), signal);
    }
  }

  async function workOn(signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) await work(await start(signal), signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  return {
    run: (signal) => withinGrace(workOn(signal), clock, signal),
    async status() {
      const bounds = await log.observations.bounds(partition);
      return { partition, ...counted, lag: Math.max(0, bounds.next - counted.next), ...stageCounts };
    },
  };
}
