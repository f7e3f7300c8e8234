import type { KeyedRecord } from '../../contracts/control.ts';
import type { RecordHead } from '../../contracts/log-record.ts';
import { CorrelateError } from './errors.ts';

/** Where a partition of the second stage stands, beside what its stage remembers. A value, never changed in place. */
export interface Place extends Pick<KeyedRecord, 'epoch' | 'next'> {
  /** The last range told by each partition of blocks. */
  readonly seen: Readonly<Record<string, SeenRange>>;
  /** Of the rule sets that were told, the one that came into use last. Absent before the first. */
  readonly rules?: string;
}

interface SeenRange {
  readonly first: number;
  readonly last: number;
  readonly part: number;
}

export const START: Place = { next: 0, seen: {}, epoch: 1 };

/**
 * A `keyed/<partition>` entry of the control stream. All findings of what lies before `next` are in the event log.
 *
 * One whose pieces were trimmed while it was written counts for nothing: the best before it does, until it is written again.
 */
export interface KeyedSnapshot extends KeyedRecord, Place {
  readonly partition: number;
  /** Of the stage that remembers. */
  readonly version: string;
}

export function parseSnapshot(text: string, where: string): KeyedSnapshot {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CorrelateError('TQ-CORRELATE-01', where, { cause });
  }
  if (typeof value !== 'object' || value === null || !('type' in value) || value.type !== 'keyed') throw new CorrelateError('TQ-CORRELATE-01', where);
  if ('chain' in value) return snapshotOfChain(value as unknown as ChainSnapshot); // Only correlators write these keys.
  // Only correlators write these keys; the type field says which record it is.
  return value as unknown as KeyedSnapshot;
}

/** As it was before findings had places: memory and all in one entry, of a stage that is gone. */
interface ChainSnapshot extends Pick<KeyedSnapshot, 'partition' | 'next' | 'seen' | 'version'> {
  readonly chain: { readonly epoch: number };
}

function snapshotOfChain({ partition, next, seen, version, chain }: ChainSnapshot): KeyedSnapshot {
  return { type: 'keyed', partition, next, seen, version, epoch: chain.epoch, memory: [] };
}

/** The ranges seen after a record, or undefined when what it tells was told before, or out of turn: then it comes again. */
export function seenAfter(place: Place, observed: NonNullable<RecordHead['observed']>): Place['seen'] | undefined {
  const { partition, first, last, part = 0 } = observed;
  const before = place.seen[partition];
  const isNew = part === 0 && (before === undefined || first > before.last);
  const isNextPart = before !== undefined && first === before.first && part === before.part + 1;
  return isNew || isNextPart ? { ...place.seen, [partition]: { first, last, part } } : undefined;
}
