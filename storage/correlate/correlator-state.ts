import type { RecordHead } from '../../contracts/log-record.ts';
import { CorrelateError } from './errors.ts';
import { chainOf } from './finding-blocks.ts';
import type { FindingChain } from './finding-blocks.ts';
import type { SealedMemory } from './sealed-memory.ts';

/** Where a partition of the second stage stands, beside what its stage remembers. A value, never changed in place. */
export interface Place {
  /** Position of the next record of observations. */
  readonly next: number;
  /** The last range told by each partition of blocks. */
  readonly seen: Readonly<Record<string, SeenRange>>;
  readonly chain: FindingChain;
}

interface SeenRange {
  readonly first: number;
  readonly last: number;
  readonly part: number;
}

export const START: Place = { next: 0, seen: {}, chain: chainOf(1) };

/**
 * A `keyed/<partition>` entry of the control stream. All findings of what lies before `next` are in the event log.
 *
 * Entries are ordered by epoch, then `next`: an epoch ends when equal findings can no longer be vouched for. One that is
 * behind another, wherever it stands, comes from a worker left behind.
 */
export interface KeyedSnapshot extends Place {
  readonly type: 'keyed';
  readonly partition: number;
  /** Of the stage that remembers. */
  readonly version: string;
  readonly memory: SealedMemory;
}

export function isAhead(a: Place, b: Place): boolean {
  return a.chain.epoch > b.chain.epoch || (a.chain.epoch === b.chain.epoch && a.next > b.next);
}

export function parseSnapshot(text: string, where: string): KeyedSnapshot {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CorrelateError('TQ-CORRELATE-01', where, { cause });
  }
  if (typeof value !== 'object' || value === null || !('type' in value) || value.type !== 'keyed') throw new CorrelateError('TQ-CORRELATE-01', where);
  // Only correlators write these keys; the type field says which record it is.
  return value as unknown as KeyedSnapshot;
}

/** The ranges seen after a record, or undefined when what it tells was told before, or out of turn: then it comes again. */
export function seenAfter(place: Place, observed: NonNullable<RecordHead['observed']>): Place['seen'] | undefined {
  const { partition, first, last, part = 0 } = observed;
  const before = place.seen[partition];
  const isNew = part === 0 && (before === undefined || first > before.last);
  const isNextPart = before !== undefined && first === before.first && part === before.part + 1;
  return isNew || isNextPart ? { ...place.seen, [partition]: { first, last, part } } : undefined;
}
