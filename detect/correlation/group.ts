import { dropEntries, insertEntry, keepEntries } from './entries.ts';
import type { Entries, Mark } from './entries.ts';
import type { CorrelationNode } from './forest.ts';
import type { Shelf } from './shelf.ts';
import { isAlone } from './shelf.ts';
import { createSweep, resetSweep, sweepDropping, sweepInserted } from './sweep.ts';
import type { Sweep } from './sweep.ts';

/** What a correlation remembers of one group of values. What each observation needs stands first: memory comes in lines. */
export interface Group extends Entries {
  /** Whether it was seen since eviction last passed it. */
  fresh: boolean;
  /** Unix time of receipt, rounded up: when it was last seen. A small whole number needs no memory of its own. */
  seenS: number;
  bytes: number;
  sweep: Sweep | undefined;
  /** Of windows that are told once they are over. */
  readonly closed: ClosedState | undefined;
  /** Of windows that are told at once. */
  readonly reached: ReachedState | undefined;
  readonly key: string;
  /** Whether nobody holds it any more. */
  gone: boolean;
}

export interface ReachedState {
  /** Stretches that were told, by number. */
  told: number[];
  /** Times that other correlations were told of. */
  passedOn: number[];
  /** Entries at which the next compaction is worth it: at least `COMPACT_FIRST`. */
  compactAt: number;
}

export interface ClosedState {
  /** Windows that begin before are told already. */
  toldUntil: number;
  /** Time of the last entry of the newest window looked at. */
  lastEnd: number;
  /** When its next window is over; Infinity: none is open. */
  dueMs: number;
}

export const COMPACT_FIRST = 64;
const GROUP_BYTES = 48;
const ENTRY_BYTES = 24;
/** Groups up to this size share a measure: one of their own would take more memory than their entries. */
const SMALL = 32;

export function createGroup(key: string, shelf: Shelf): Group {
  const { test } = shelf.node;
  return {
    times: [], leaves: [], marks: test.mark === 'none' ? undefined : [], sites: isAlone(shelf) ? undefined : [],
    fresh: false, seenS: 0, bytes: GROUP_BYTES + key.length, sweep: undefined,
    closed: test.reached ? undefined : { toldUntil: -Infinity, lastEnd: -Infinity, dueMs: Infinity },
    reached: test.reached ? { told: [], passedOn: [], compactAt: COMPACT_FIRST } : undefined,
    key, gone: false,
  };
}

/** About what entries take in a snapshot. */
function bytesOf({ marks, sites }: Entries, first: number, end: number): number {
  let bytes = (end - first) * ENTRY_BYTES;
  if (marks === undefined && sites === undefined) return bytes;
  for (let index = first; index < end; index++) {
    const mark = marks?.[index];
    bytes += (typeof mark === 'string' ? mark.length + 3 : 0) + (sites?.[index]?.length ?? 0);
  }
  return bytes;
}

/** Puts an entry behind those of its time. Returns its index. */
export function enter(group: Group, at: number, leaf: number, mark: Mark, site: string): number {
  const index = insertEntry(group, at, leaf, mark, site);
  group.bytes += bytesOf(group, index, index + 1);
  if (group.sweep !== undefined) sweepInserted(group.sweep, group, index);
  return index;
}

export function dropFirst(group: Group, count: number): void {
  if (count === 0) return;
  if (group.sweep !== undefined) sweepDropping(group.sweep, group, count);
  group.bytes -= bytesOf(group, 0, count);
  dropEntries(group, count);
}

/** Keeps the entries with these indexes, which rise. */
export function keepOnly(group: Group, kept: readonly number[]): void {
  if (kept.length === group.times.length) return;
  keepEntries(group, kept);
  group.bytes = GROUP_BYTES + group.key.length + bytesOf(group, 0, kept.length);
  group.sweep = undefined;
}

/** The group's own sweep, or one that is lent out and empty. */
export function sweepOf(group: Group, { sweep, test }: CorrelationNode): Sweep {
  if (group.sweep !== undefined) return group.sweep;
  if (group.times.length <= SMALL) return resetSweep(sweep);
  group.sweep = createSweep(test.createMeasure());
  return group.sweep;
}
