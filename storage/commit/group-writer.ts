import type { PrepareRecord } from '../../contracts/control.ts';
import type { TableRows } from '../../contracts/stage.ts';
import type { TableName } from '../../contracts/tables.ts';
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

interface Absent {
  readonly part: TableRows;
  /** Rows of its table that are there. */
  readonly found: number;
}

export interface GroupWriter {
  /**
   * Puts a group into the store. `fresh`: nobody can have inserted any of it. Rejects with `StoreRefusal` before
   * anything was stored: then lines may still be put aside. After: every row is there once, durably.
   */
  write(group: DerivedGroup, fresh: boolean, signal: AbortSignal): Promise<void>;
  /** Counts, then stores what is absent of a group in which nothing more can be put aside. */
  complete(group: DerivedGroup, signal: AbortSignal): Promise<void>;
  /** Whether the store holds as many rows as these groups have together. */
  holds(groups: readonly CountedGroup[], signal: AbortSignal): Promise<boolean>;
}

export type CountedGroup = Pick<PrepareRecord, 'first' | 'last' | 'received_from' | 'received_to'> & { readonly rows: DerivedGroup['rows'] };

export function createGroupWriter({ partition, store }: Pick<CommitterDeps, 'partition' | 'store'>, retry: Retry): GroupWriter {
  const count = (table: TableName, g: Omit<CountedGroup, 'rows'>, signal: AbortSignal): Promise<number> =>
    retry('count', () => store.count(table, { partition, first: g.first, last: g.last }, g.received_from, g.received_to), signal);

  async function absent(group: DerivedGroup, signal: AbortSignal): Promise<readonly Absent[]> {
    const { prepare, inserts, rows } = group;
    const missing = await Promise.all(GROUP_TABLES.map(async (table) => {
      const expected = rows[table] ?? 0;
      const found = await count(table, prepare, signal);
      if (found === expected) return [];
      const ofTable = inserts.filter((i) => i.table === table);
      // One insert is one block: it is there or not. Several may have been cut short by a crash; tokens keep them single.
      if (found > expected || (found > 0 && ofTable.length < 2)) throw new CommitError('TQ-COMMIT-01', `${nameOf(group)}, table ${table}: ${found} of ${expected} rows`);
      return ofTable.map((part) => ({ part, found }));
    }));
    return missing.flat();
  }

  async function insert(group: DerivedGroup, parts: readonly TableRows[], suffix: string, signal: AbortSignal): Promise<void> {
    const one = (rows: TableRows): Promise<void> => retry('insert', () => store.insert(`${partition}/${group.prepare.first}/${rows.table}/${rows.tier}${suffix}`, rows), signal);
    let whole = parts.length === group.inserts.length;
    try {
      await Promise.all(parts.filter((p) => PROBED.includes(p.table)).map((p) => retry('probe', () => store.probe(p), signal)));
      await Promise.all(parts.filter((p) => p.table === 'events').map(one));
      whole = false;
      await Promise.all(parts.filter((p) => p.table !== 'events').map(one));
    } catch (error) {
      // Once a part is stored, lines can no longer be put aside: the other rows carry their leaves.
      if (error instanceof StoreRefusal && !whole) throw new CommitError('TQ-COMMIT-04', nameOf(group), { cause: error });
      throw error;
    }
  }

  async function fill(group: DerivedGroup, signal: AbortSignal): Promise<void> {
    let parts = await absent(group, signal);
    // A power loss may take rows and leave their token: only another token brings them back. All workers try the same ones.
    for (let round = 0; parts.length > 0; round++) {
      if (round === MAX_ROUNDS) throw new CommitError('TQ-COMMIT-01', nameOf(group));
      const gone = round === 0 ? parts : parts.filter((p) => p.found === 0);
      await insert(group, gone.map((p) => p.part), round === 0 ? '' : `/restored-${round}`, signal);
      parts = await absent(group, signal);
    }
  }

  const nameOf = ({ prepare }: DerivedGroup): string => `partition ${partition}, positions ${prepare.first} to ${prepare.last}`;

  return {
    write: (group, fresh, signal) => (fresh ? insert(group, group.inserts, '', signal) : fill(group, signal)),
    complete: (group, signal) => fill(group, signal).catch((cause: unknown) => {
      throw cause instanceof StoreRefusal ? new CommitError('TQ-COMMIT-04', nameOf(group), { cause }) : cause;
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
  };
}
