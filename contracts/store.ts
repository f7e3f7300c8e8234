import type { TableRows } from './stage.ts';
import type { TableName } from './tables.ts';

/** What the committer asks of the store. A fake and the ClickHouse client pass one suite, `contracts/store.suite.ts`. */
export interface GroupRange {
  readonly partition: number;
  readonly first: number;
  readonly last: number;
}

/**
 * What must hold at the moment of the insert, or it resolves and nothing is stored: so a worker that stood still while
 * another went on stores nothing, however late it wakes.
 *
 * - `uncommitted`: no commit of a group that ends at or after the range's start is recorded for the partition.
 * - `rows`: the table holds exactly `found` rows of the range, received between the two times (Unix ms).
 */
export type InsertFence =
  | { readonly kind: 'uncommitted'; readonly range: GroupRange }
  | { readonly kind: 'rows'; readonly range: GroupRange; readonly receivedFromMs: number; readonly receivedToMs: number; readonly found: number };

export interface GroupStore {
  /**
   * One insert as one block into one ClickHouse partition; durable (fsynced) when it resolves. A second call with the
   * same token stores nothing more, nor does one whose fence no longer holds. Rejects with `StoreRefusal` (these rows can never be stored) or
   * `StoreUnavailable` (try again; it may or may not have happened).
   */
  insert(token: string, rows: TableRows, fence: InsertFence): Promise<void>;
  /** Rows of a table whose block stands in the range, in the months of receipt between the two times (Unix ms); of one tier only where the table has tiers and one is given. */
  count(table: TableName, range: GroupRange, receivedFromMs: number, receivedToMs: number, tier?: string): Promise<number>;
  /** Like insert into a table that keeps nothing: resolves when the rows could be stored. */
  probe(rows: TableRows): Promise<void>;
  /** Whether a block that ends with this head was stored for the chain: tells an old repeat from a fork. */
  hasBlock(site: string, stream: string, lastSeq: number, head: string): Promise<boolean>;
}

export class StoreRefusal extends Error {
  override readonly name = 'StoreRefusal';
  /** ClickHouse error code, 0 when none is known. */
  readonly code: number;
  constructor(message: string, code: number, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}
