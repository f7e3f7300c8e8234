import { isAhead } from '../../contracts/control.ts';
import type { LogRecord } from '../../contracts/event-log.ts';
import type { Finding, KeyedCounts, KeyedRun } from '../../contracts/keyed-stage.ts';
import { SYSTEM_SITE } from '../../contracts/names.ts';
import type { Observation } from '../../contracts/observation.ts';
import { withinGrace } from '../commit/abort-grace.ts';
import { createBlockOpener } from '../commit/block-opener.ts';
import type { CommitterEvent } from '../commit/committer-deps.ts';
import type { OpenedBlock } from '../commit/derivation.ts';
import { createRetry } from '../commit/retry.ts';
import { breakLine } from './break-line.ts';
import type { Break } from './break-line.ts';
import type { CorrelatorDeps } from './correlator-deps.ts';
import { seenAfter, START } from './correlator-state.ts';
import type { Place } from './correlator-state.ts';
import { BEFORE_ALL, findingBlocks } from './finding-blocks.ts';
import { createRulesInUse } from './rules-in-use.ts';
import type { RulesInUse } from './rules-in-use.ts';
import { sealedRecord } from './sealed-record.ts';
import { openSnapshots } from './snapshots.ts';
import type { Snapshots } from './snapshots.ts';
import { appendTick } from './tick.ts';

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
  readonly snapshots: Snapshots;
  readonly memory: KeyedRun;
  readonly rules: RulesInUse;
  place: Place;
  sinceSnapshot: number;
  lookedAtMs: number;
  tickedAtMs: number;
  /** The time last told. */
  tick: number;
}

const READ_LIMITS = { maxRecords: 64, maxBytes: 8 * 1024 * 1024 };
/** Entries a snapshot may keep in the control stream before it is written again at the end. */
const MOST_BEHIND = 2_000;
/** A broker that just became leader may lag: how often and how far apart a log that seems cut is asked. */
const END_CHECKS = 5;
const BETWEEN_CHECKS_MS = 1_000;

export function createCorrelator(deps: CorrelatorDeps): Correlator {
  const { partition, log, seal, stage, horizon, clock, config, onEvent } = deps;
  const own = { partition, open: deps.open, clock, config, onEvent: tell };
  const retry = createRetry(own);
  const open = createBlockOpener(own);
  const counted = { next: 0, observations: 0, findings: 0, repeated: 0, damaged: 0, lost: 0 };
  let stageCounts: KeyedCounts = { groups: 0, bytes: 0, waiting: 0, late: 0, evicted: 0 };

  function tell(event: CommitterEvent): void {
    if (event.type === 'damaged_record') counted.damaged += 1;
    if (event.type === 'waiting' || event.type === 'damaged_record') onEvent(event);
  }

  /** From the snapshot that is ahead of all others; what came after it is looked at again, with equal findings. */
  async function start(signal: AbortSignal): Promise<Progress> {
    const snapshots = openSnapshots({ partition, control: log.control, seal, open: (record) => open(record, signal), retry, clock });
    const best = await snapshots.best(signal);
    const snapshot = best?.kept.snapshot;
    // Another version's memory means nothing to this one.
    const remembered = best === undefined || snapshot?.version !== stage.version ? undefined : await snapshots.open(best.kept, best.sealed);
    const memory = stage.begin(remembered);
    const place: Place = snapshot === undefined ? START : placeOf(snapshot);
    const progress: Progress = { snapshots, memory, rules: createRulesInUse(stage), place, sinceSnapshot: 0, lookedAtMs: clock.elapsedMs(), tickedAtMs: clock.elapsedMs(), tick: 0 };
    if (place.rules !== undefined) await goBy(progress, place.rules, signal);
    if (snapshot !== undefined && remembered === undefined) await beginEpoch(progress, { type: 'changed', partition, version: stage.version }, place.next, signal);
    await requireEnd(progress, signal);
    counted.next = progress.place.next;
    stageCounts = memory.counts();
    onEvent({ type: 'recovered', partition, next: progress.place.next, epoch: progress.place.epoch });
    return progress;
  }

  /**
   * From here on what another worker found may differ, so findings go on in the streams of a new epoch, which says why.
   * The snapshot tells the others.
   */
  async function beginEpoch(progress: Progress, reason: Break, next: number, signal: AbortSignal): Promise<void> {
    onEvent(reason);
    const epoch = progress.place.epoch + 1;
    const nowMs = clock.nowMs();
    await append(epoch, BEFORE_ALL, [{ site: SYSTEM_SITE, line: breakLine(reason, epoch, nowMs) }], nowMs, signal);
    progress.place = { ...progress.place, next, epoch };
    await progress.snapshots.append(progress.place, stage.version, progress.memory.snapshot(), signal);
  }

  /** When the log was made anew, all of it is looked at: what was seen before is told apart by its range. */
  async function requireEnd(progress: Progress, signal: AbortSignal): Promise<void> {
    const { next } = progress.place;
    for (let checks = 1; ; checks++) {
      const bounds = await retry('bounds', () => log.observations.bounds(partition), signal);
      if (bounds.next >= next) return;
      if (checks === END_CHECKS) return beginEpoch(progress, { type: 'cut', partition, next, end: bounds.next }, bounds.first, signal);
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
    await beginEpoch(progress, { type: 'lost', partition, from: next, to: position - 1 }, position, signal);
    return false;
  }

  async function isOvertaken({ snapshots: { tail }, place }: Progress, signal: AbortSignal): Promise<boolean> {
    await retry('control', () => tail.refresh(), signal);
    if (tail.best === undefined || !isAhead(tail.best.snapshot, place)) return false;
    onEvent({ type: 'overtaken', partition, next: place.next });
    return true;
  }

  async function goBy({ rules, memory }: Progress, version: string, signal: AbortSignal): Promise<void> {
    const isNew = await retry('rules', () => rules.told(version, memory), signal);
    if (isNew) onEvent({ type: 'rules', partition, version });
  }

  /** Undefined when nobody can have written it for this version. */
  function observationsOf(record: LogRecord, { head, body }: OpenedBlock): readonly Observation[] | undefined {
    try {
      if (head.tick === undefined && typeof head.observed?.rules !== 'string') throw new Error('the record names no rule set: it was written by an earlier version');
      // Only workers write and seal these records.
      return body.toString().split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Observation);
    } catch (error) {
      tell({ type: 'damaged_record', partition, position: record.position, error });
      return undefined;
    }
  }

  /** The findings of a record that was not seen before. */
  async function look(progress: Progress, record: LogRecord, block: OpenedBlock, signal: AbortSignal): Promise<readonly Finding[]> {
    const { memory } = progress;
    const { tick, observed } = block.head;
    const observations = observationsOf(record, block);
    if (observations === undefined) return [];
    if (observed !== undefined) await goBy(progress, observed.rules, signal);
    counted.observations += observations.length;
    const found = observations.flatMap((o) => memory.observe(o));
    if (tick === undefined) return found;
    progress.tick = Math.max(progress.tick, tick);
    return [...found, ...memory.advance(tick)];
  }

  async function append(epoch: number, position: number, findings: readonly Finding[], receivedAtMs: number, signal: AbortSignal): Promise<void> {
    for (const { site, head, body } of findingBlocks(partition, epoch, position, findings, receivedAtMs)) {
      await retry('append', async () => log.append(site, await sealedRecord(seal, site, head, body)), signal);
    }
  }

  /**
   * The place moves on once the record's findings are durable. A crash before finds them again; a crash after writes
   * equal blocks, which are stored once.
   */
  async function take(progress: Progress, record: LogRecord, signal: AbortSignal): Promise<void> {
    const { place, memory, rules } = progress;
    const opened = await open(record, signal);
    const observed = opened?.head.observed;
    const seen = observed === undefined ? place.seen : seenAfter(place, observed);
    if (seen === undefined) counted.repeated += 1;
    const findings = opened === undefined || seen === undefined ? [] : await look(progress, record, opened, signal);
    await append(place.epoch, record.position, findings, opened?.head.received_at ?? 0, signal);
    const { version } = rules;
    progress.place = { ...place, next: record.position + 1, seen: seen ?? place.seen, ...(version === undefined ? {} : { rules: version }) };
    progress.sinceSnapshot += 1;
    counted.next = progress.place.next;
    counted.findings += findings.length;
    stageCounts = memory.counts();
    if (findings.length > 0) onEvent({ type: 'found', partition, position: record.position, findings: findings.length });
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
    const { snapshots, place, memory } = progress;
    const { tail } = snapshots;
    const before = tail.best?.snapshot;
    if (!isAhead(place, before ?? START) && tail.behind < MOST_BEHIND) return false;
    await snapshots.append(place, stage.version, memory.snapshot(), signal);
    progress.sinceSnapshot = 0;
    if (before?.epoch === place.epoch) await retry('trim', () => log.observations.trim(partition, before.next), signal);
    return false;
  }

  /** Tells the time while windows wait for it. Several workers may: it never goes back. */
  async function tellTime(progress: Progress, signal: AbortSignal): Promise<void> {
    if (stageCounts.waiting === 0 || clock.elapsedMs() - progress.tickedAtMs < config.tick_ms) return;
    progress.tickedAtMs = clock.elapsedMs();
    const tick = await retry('horizon', () => horizon.read(), signal);
    if (tick <= progress.tick) return;
    progress.tick = tick;
    await retry('tick', () => appendTick({ partition, log: log.observations, seal, nowMs: clock.nowMs() }, tick), signal);
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
      if (records.length < READ_LIMITS.maxRecords) await tellTime(progress, signal);
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

function placeOf({ next, seen, epoch, rules }: Place): Place {
  return { next, seen, epoch, ...(rules === undefined ? {} : { rules }) };
}
