import type { EventLog, LogBounds } from '../../contracts/event-log.ts';
import type { Clock } from '../commit/clock.ts';

/** Up to when the second stage can have seen everything. */
export interface ReceiptHorizon {
  /**
   * Unix ms: the observations of all that was received before stand in the log of observations. 0 while nothing can be
   * said. Rejects with the log's error.
   */
  read(): Promise<number>;
}

export interface ReceiptHorizonDeps {
  readonly log: EventLog;
  readonly clock: Clock;
  /** A partition that lags and of which nothing was stored for so long holds the horizon back no longer. */
  readonly stallMs: number;
}

/** A block is stamped when its request is read, and appended a little later. */
const IN_FLIGHT_MS = 5_000;
/** What was true a moment ago is true still: the correlators of a process share a look. */
const SHARED_MS = 1_000;
const READ_ENTRIES = 512;

/** How far a partition of blocks was stored. */
interface Stored {
  /** All positions below. */
  readonly next: number;
  /** Receipt time of the last block stored; 0 when the stream does not tell. */
  readonly receivedToMs: number;
}

/** The record's small fields stand first; what makes it large need not be parsed. */
const COMMIT = /^\{"type":"commit","partition":(\d+),"first":\d+,"last":(\d+),.*?"received_to":(\d+)/;
const SNAPSHOT = /^\{"type":"snapshot","partition":(\d+),"next":(\d+)/;
const HEAD_CHARS = 1_024;

/**
 * Observations are told before their group is committed. So a partition whose blocks are all committed has told all that
 * stood in it when we looked; one that lags has told what was received up to its last commit, since blocks stand in the
 * order of their receipt (but for the clocks of gateways: what they differ by comes late). The least over all partitions
 * is the horizon: after an outage time goes on as the backlog is worked off, and nothing closes too early.
 */
export function createReceiptHorizon({ log, clock, stallMs }: ReceiptHorizonDeps): ReceiptHorizon {
  const stored = new Map<number, Stored>();
  /** When a partition was last seen without a backlog, or going on. */
  const movedAtMs = new Map<number, number>();
  let cursor = 0;
  let shared: { readonly atMs: number; readonly horizon: Promise<number> } | undefined;

  function take(partition: number, next: number, receivedToMs: number): void {
    const before = stored.get(partition);
    if (before !== undefined && next <= before.next) return;
    stored.set(partition, { next, receivedToMs });
    movedAtMs.set(partition, clock.elapsedMs());
  }

  async function readControl(): Promise<void> {
    for (;;) {
      const entries = await log.control.read(cursor, READ_ENTRIES);
      for (const { key, value } of entries) {
        const head = key.startsWith('commit/') || key.startsWith('snapshot/') ? value.slice(0, HEAD_CHARS) : '';
        const [, of, last, to] = COMMIT.exec(head) ?? [];
        const [, owner, next] = SNAPSHOT.exec(head) ?? [];
        if (last !== undefined) take(Number(of), Number(last) + 1, Number(to));
        else if (next !== undefined) take(Number(owner), Number(next), 0);
      }
      cursor = Math.max(cursor, (entries.at(-1)?.offset ?? -1) + 1);
      if (entries.length < READ_ENTRIES) return;
    }
  }

  /** What a partition leaves of the time; undefined when it stalls. */
  function reachOf(partition: number, { first, next }: LogBounds, nowMs: number): number | undefined {
    const done = stored.get(partition);
    const lags = Math.max(done?.next ?? 0, first) < next;
    if (!lags || !movedAtMs.has(partition)) movedAtMs.set(partition, clock.elapsedMs());
    if (!lags) return nowMs;
    // Set above at the latest.
    const stalls = clock.elapsedMs() - (movedAtMs.get(partition) ?? 0) > stallMs;
    return stalls ? undefined : Math.min(nowMs, done?.receivedToMs ?? 0);
  }

  async function look(): Promise<number> {
    // In this order: what stands in the log at the time, and was committed then, was told.
    const nowMs = clock.nowMs() - IN_FLIGHT_MS;
    const bounds = await Promise.all(Array.from({ length: log.partitions }, (_, p) => log.bounds(p)));
    await readControl();
    const reaches = bounds.map((b, p) => reachOf(p, b, nowMs)).filter((reach) => reach !== undefined);
    return reaches.length === 0 ? 0 : Math.min(...reaches);
  }

  return {
    async read() {
      const atMs = clock.elapsedMs();
      if (shared === undefined || atMs - shared.atMs >= SHARED_MS) shared = { atMs, horizon: look() };
      const mine = shared;
      return mine.horizon.catch((error: unknown) => {
        if (shared === mine) shared = undefined;
        throw error;
      });
    },
  };
}
