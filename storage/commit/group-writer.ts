import type { PrepareRecord } from '../../contracts/control.ts';
import type { TableRows } from '../../contracts/stage.ts';
import type { TableName } from '../../contracts/tables.ts';
import type { InsertFence } from '../../contracts/store.ts';
import { StoreRefusal } from '../../contracts/store.ts';
import { GROUP_TABLES } from '../../contracts/tables.ts';
import type { CommitterDeps } from './committer-deps.ts';
import type { DerivedGroup } from './derivation.ts';
import { CommitError } from './errors.ts';
import type { Retry } from './retry.ts';

/** Tables whose values shippers choose, `events` apart: tried on the store before anything of a group is stored. */
const PROBED: readonly TableName[] = ['matches', 'alerts', 'dead_letters'];

/** Power losses after which a group is still brought back. */
const MAX_ROUNDS = 16;

/** Inserts that a table lacks. */
interface Absent {
  readonly parts: readonly TableRows[];
  /** Rows of the table that are there. */
  readonly found: number;
}

export interface GroupWriter {
  /**
   * Puts a group that is not committed into the store. `fresh`: nobody can have inserted any of it. Rejects with
   * `StoreRefusal` before anything was stored: then lines may still be put aside. After: every row is there once,
   * durably, unless another worker committed the group or a later one meanwhile: then nothing was stored.
   */
  write(group: DerivedGroup, fresh: boolean, signal: AbortSignal): Promise<void>;
  /** Counts, then stores what is absent of a group in which nothing more can be put aside. */
  complete(group: DerivedGroup, committed: boolean, signal: AbortSignal): Promise<void>;
  /** Whether the store holds as many rows as these groups have together. */
  holds(groups: readonly CountedGroup[], signal: AbortSignal): Promise<boolean>;
  /** Whether the store holds any row of a group. */
  holdsAny(group: Omit<CountedGroup, 'rows'>, signal: AbortSignal): Promise<boolean>;
}

export type CountedGroup = Pick<PrepareRecord, 'first' | 'last' | 'received_from' | 'received_to'> & { readonly rows: DerivedGroup['rows'] };

export function createGroupWriter({ partition, store }: Pick<CommitterDeps, 'partition' | 'store'>, retry: Retry): GroupWriter {
  const count = (table: TableName, g: Omit<CountedGroup, 'rows'>, signal: AbortSignal, tier?: string): Promise<number> =>
    retry('count', () => store.count(table, { partition, first: g.first, last: g.last }, g.received_from, g.received_to, tier), signal);

  async function absent(group: DerivedGroup, signal: AbortSignal): Promise<readonly Absent[]> {
    const found = await Promise.all(GROUP_TABLES.map((table) => count(table, group.prepare, signal)));
    const lacking = GROUP_TABLES.filter((table, i) => found[i] !== (group.rows[table] ?? 0));
    const all = await Promise.all(lacking.map((table) => absentOf(group, table, signal)));
    return all.filter(({ parts }) => parts.length > 0);
  }

  /** Which of a table's inserts are not there: each is there or not as a whole, and there is one a tier. Other workers may be storing them meanwhile. */
  async function absentOf({ prepare, inserts, rows }: DerivedGroup, table: TableName, signal: AbortSignal): Promise<Absent> {
    const parts = inserts.filter((p) => p.table === table);
    const there = parts.length > 1 ? await Promise.all(parts.map(({ tier }) => count(table, prepare, signal, tier))) : [await count(table, prepare, signal)];
    const found = there.reduce((sum, n) => sum + n, 0);
    if (there.some((n, i) => n !== 0 && n !== parts[i]?.rows)) throw new CommitError('TQ-COMMIT-01', `${nameOf(prepare)}, table ${table}: ${found} of ${rows[table] ?? 0} rows`);
    return { parts: parts.filter((_, i) => there[i] === 0), found };
  }

  function insertOne({ prepare }: DerivedGroup, part: TableRows, suffix: string, fence: InsertFence, signal: AbortSignal): Promise<void> {
    return retry('insert', () => store.insert(`${partition}/${prepare.first}/${part.table}/${part.tier}${suffix}`, part, fence), signal);
  }

  /** Inserts of a group that is not committed: of no use to a worker that stands still until it is. */
  async function insert(group: DerivedGroup, parts: readonly TableRows[], signal: AbortSignal): Promise<void> {
    const { first, last } = group.prepare;
    const one = (part: TableRows): Promise<void> => insertOne(group, part, '', { kind: 'uncommitted', range: { partition, first, last } }, signal);
    let whole = parts.length === group.inserts.length;
    try {
      // The largest part of the events is its own probe: when it is refused, nothing is stored yet.
      const [largest, ...events] = parts.filter((p) => p.table === 'events').toSorted((a, b) => b.data.length - a.data.length);
      await Promise.all([...parts.filter((p) => PROBED.includes(p.table)), ...events].map((p) => retry('probe', () => store.probe(p), signal)));
      if (largest !== undefined) await one(largest);
      whole = false;
      await Promise.all(events.map(one));
      await Promise.all(parts.filter((p) => p.table !== 'events').map(one));
    } catch (error) {
      // Once a part is stored, lines can no longer be put aside: the other rows carry their leaves.
      if (error instanceof StoreRefusal && !whole) throw new CommitError('TQ-COMMIT-04', nameOf(group.prepare), { cause: error });
      throw error;
    }
  }

  /** Rows that a power loss took. They go in only while the table is as it was counted: see the recount for what did not. */
  async function putBack(group: DerivedGroup, { parts, found }: Absent, suffix: string, signal: AbortSignal): Promise<void> {
    const { first, last, received_from, received_to } = group.prepare;
    let there = found;
    for (const part of parts) {
      await insertOne(group, part, suffix, { kind: 'rows', range: { partition, first, last }, receivedFromMs: received_from, receivedToMs: received_to, found: there }, signal);
      there += part.rows;
    }
  }

  async function fill(group: DerivedGroup, committed: boolean, signal: AbortSignal): Promise<void> {
    let missing = await absent(group, signal);
    // A power loss may take rows and leave their token: only another token brings them back. All workers try the same ones.
    for (let round = 0; missing.length > 0; round++) {
      if (round === MAX_ROUNDS) throw new CommitError('TQ-COMMIT-01', nameOf(group.prepare));
      if (round === 0 && !committed) await insert(group, missing.flatMap((m) => m.parts), signal);
      else for (const one of missing) await putBack(group, one, round === 0 ? '' : `/restored-${round}`, signal);
      missing = await absent(group, signal);
    }
  }

  const nameOf = ({ first, last }: Pick<PrepareRecord, 'first' | 'last'>): string => `partition ${partition}, positions ${first} to ${last}`;

  return {
    write: (group, fresh, signal) => (fresh ? insert(group, group.inserts, signal) : fill(group, false, signal)),
    complete: (group, committed, signal) => fill(group, committed, signal).catch((cause: unknown) => {
      throw cause instanceof StoreRefusal ? new CommitError('TQ-COMMIT-04', nameOf(group.prepare), { cause }) : cause;
    }),
    async holds(groups, signal) {
      const [oldest, newest] = [groups[0], groups.at(-1)];
      if (oldest === undefined || newest === undefined) return true;
      const range = {
        first: oldest.first, last: newest.last,
        received_from: Math.min(...groups.map((g) => g.received_from)), received_to: Math.max(...groups.map((g) => g.received_to)),
      };
      const counts = await Promise.all(GROUP_TABLES.map(async (table) => (await count(table, range, signal)) === groups.reduce((sum, g) => sum + (g.rows[table] ?? 0), 0)));
      return counts.every(Boolean);
    },
    async holdsAny(group, signal) {
      const counts = await Promise.all(GROUP_TABLES.map((table) => count(table, group, signal)));
      return counts.some((n) => n > 0);
    },
  };
}
