import type { AmendRecord, CommitRecord, PrepareRecord, SnapshotRecord } from '../../contracts/control.ts';
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
  readonly prepares: ReadonlyMap<number, Kept<PrepareRecord>>;
  readonly amends: ReadonlyMap<number, AmendRecord>;
  /** By first position, in the order they were claimed. */
  readonly commits: ReadonlyMap<number, Kept<CommitRecord>>;
  readonly snapshots: readonly Kept<SnapshotRecord>[];
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
  const prepares = new Map<number, Kept<PrepareRecord>>();
  const amends = new Map<number, AmendRecord>();
  const commits = new Map<number, Kept<CommitRecord>>();
  let snapshots: readonly Kept<SnapshotRecord>[] = [];

  function take(entry: ControlEntry): void {
    const [kind, owner, first] = entry.key.split('/');
    if (owner !== String(partition)) return;
    const { offset } = entry;
    if (kind === 'prepare') prepares.set(Number(first), { offset, record: parseControl<PrepareRecord>(entry, 'prepare') });
    else if (kind === 'amend') amends.set(Number(first), parseControl<AmendRecord>(entry, 'amend'));
    else if (kind === 'commit') commits.set(Number(first), { offset, record: parseControl<CommitRecord>(entry, 'commit') });
    else if (kind === 'snapshot') snapshots = [...snapshots, { offset, record: parseControl<SnapshotRecord>(entry, 'snapshot') }];
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
