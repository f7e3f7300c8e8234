import type { AmendRecord, CommitRecord, PrepareRecord, ReleaseRecord, SnapshotRecord } from '../../contracts/control.ts';
import type { ControlEntry, ControlStream } from '../../contracts/event-log.ts';
import { CommitError } from './errors.ts';

const READ_ENTRIES = 512;

interface Kept<T> {
  readonly offset: number;
  readonly record: T;
}

/** One partition's records of the control stream, as far as it was read. */
export interface ControlTail {
  /** Everything below was read. */
  readonly cursor: number;
  /** By first position. Of equal keys the first one counts. */
  readonly prepares: ReadonlyMap<number, Kept<PrepareRecord>>;
  readonly amends: ReadonlyMap<number, AmendRecord>;
  readonly commits: ReadonlyMap<number, Kept<CommitRecord>>;
  /** Those that count, in the order of the stream. */
  readonly snapshots: readonly Kept<SnapshotRecord>[];
  /** Some group that starts below was committed: a state that ends before is old. */
  readonly committed: number;
  /** Everything of this partition below was let go of. */
  readonly released: number;
  /** Whether the partition has any group. */
  readonly used: boolean;
  /** Reads to the stream's present end. */
  refresh(): Promise<void>;
  /** Lets go of groups and snapshots that end before a position. */
  forget(before: number): void;
}

export function parseControl<T extends { readonly type: string }>(entry: ControlEntry, type: T['type']): T {
  let value: unknown;
  try {
    value = JSON.parse(entry.value);
  } catch (cause) {
    throw new CommitError('TQ-COMMIT-06', `control offset ${entry.offset}`, { cause });
  }
  if (typeof value !== 'object' || value === null || !('type' in value) || value.type !== type) throw new CommitError('TQ-COMMIT-06', `control offset ${entry.offset}`);
  // Only workers write these keys; the type field says which record it is.
  return value as unknown as T;
}

export function openControlTail(control: ControlStream, partition: number): ControlTail {
  let cursor = 0;
  let planned = 0;
  let committed = 0;
  let released = 0;
  const prepares = new Map<number, Kept<PrepareRecord>>();
  const amends = new Map<number, AmendRecord>();
  const commits = new Map<number, Kept<CommitRecord>>();
  let snapshots: readonly Kept<SnapshotRecord>[] = [];

  /**
   * Whoever trims at a snapshot lets go of every entry before it. So a snapshot counts only where all groups before it
   * in the stream are in it: one that a worker wrote after it had stood still, while another went on, does not.
   */
  function takeSnapshot(offset: number, record: SnapshotRecord): void {
    if (record.next >= Math.max(planned, committed)) snapshots = [...snapshots, { offset, record }];
    committed = Math.max(committed, record.next);
  }

  function take(entry: ControlEntry): void {
    const [kind, owner, start] = entry.key.split('/');
    if (owner !== String(partition)) return;
    const { offset } = entry;
    const first = Number(start);
    switch (kind) {
      case 'prepare':
        if (!prepares.has(first)) prepares.set(first, { offset, record: parseControl<PrepareRecord>(entry, kind) });
        planned = Math.max(planned, first + 1);
        break;
      case 'amend':
        // One that came after the commit was claimed by a worker left behind.
        if (!amends.has(first) && !commits.has(first)) amends.set(first, parseControl<AmendRecord>(entry, kind));
        break;
      case 'commit':
        if (!commits.has(first)) commits.set(first, { offset, record: parseControl<CommitRecord>(entry, kind) });
        committed = Math.max(committed, first + 1);
        break;
      case 'snapshot':
        takeSnapshot(offset, parseControl<SnapshotRecord>(entry, kind));
        break;
      case 'release':
        released = Math.max(released, parseControl<ReleaseRecord>(entry, kind).before);
        break;
      default:
    }
  }

  return {
    get cursor() {
      return cursor;
    },
    prepares,
    amends,
    commits,
    get snapshots() {
      return snapshots;
    },
    get committed() {
      return committed;
    },
    get released() {
      return released;
    },
    get used() {
      return planned > 0 || committed > 0;
    },
    async refresh() {
      for (;;) {
        const entries = await control.read(cursor, READ_ENTRIES);
        for (const entry of entries) take(entry);
        const last = entries.at(-1);
        if (last === undefined) return;
        cursor = last.offset + 1;
        if (entries.length < READ_ENTRIES) return;
      }
    },
    forget(before) {
      for (const [first, { record }] of prepares) if (record.last < before) prepares.delete(first);
      for (const first of amends.keys()) if (!prepares.has(first) && first < before) amends.delete(first);
      for (const [first, { record }] of commits) if (record.last < before) commits.delete(first);
      snapshots = snapshots.filter((s) => s.record.next >= before);
    },
  };
}
