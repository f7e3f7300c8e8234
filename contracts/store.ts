import type { TableRows } from './stage.ts';
import type { TableName } from './tables.ts';

/** What the committer asks of the store. A fake and the ClickHouse client pass one suite, `contracts/store.suite.ts`. */
export interface GroupRange {
  readonly partition: number;
  readonly first: number;
  readonly last: number;
}

export interface GroupStore {
  /**
   * One insert as one block into one ClickHouse partition; durable (fsynced) when it resolves. A second call with the
   * same token stores nothing more. Rejects with `StoreRefusal` (these rows can never be stored) or
   * `StoreUnavailable` (try again; it may or may not have happened).
   */
  insert(token: string, rows: TableRows): Promise<void>;
  /** Rows of a table whose block stands in the range, in the months of receipt between the two times (Unix ms). */
  count(table: TableName, range: GroupRange, receivedFromMs: number, receivedToMs: number): Promise<number>;
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
