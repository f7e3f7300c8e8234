import type { RootDatabase } from 'lmdb';
import { LogError } from './errors.ts';

interface Operation {
  readonly bytes: number;
  readonly run: () => void;
  readonly settle: (error?: LogError) => void;
}

/** What one transaction takes at most: bounds the time its callback holds the event loop and other processes' writers. */
const GROUP_BYTES = 4 * 1024 * 1024;
const GROUP_OPERATIONS = 2_048;
/** How long an operation waits for its transaction to begin. */
const STUCK_AFTER_MS = 15_000;

/**
 * Runs operations in LMDB write transactions, many to a commit. An operation is settled after its transaction was
 * committed, and a commit is durable: the environment is opened with `overlappingSync: false`, so lmdb-js begins plain
 * LMDB transactions (writer.cpp `WriteWorker::Write`), `mdb_txn_commit` calls fdatasync for the data pages, then writes
 * the meta page through an O_DSYNC descriptor (mdb.c `mdb_env_sync0`, `mdb_env_write_meta`), and only then is the
 * promise settled; a trace of system calls shows just that before each acknowledgement. With lmdb-js's default,
 * `overlappingSync`, other processes see a commit before it is synced.
 *
 * Waiting for another process's transaction and for the disk happens on a pool thread; only the operations run here.
 */
export class GroupCommit {
  readonly #root: Pick<RootDatabase, 'transaction'>;
  readonly #stuckAfterMs: number;
  readonly #begin: () => void;
  readonly #end: () => void;
  #queue: Operation[] = [];
  #running: Promise<void> | undefined;
  #closed = false;

  /** `begin` and `end` run inside each transaction, before and after its operations. */
  constructor(root: Pick<RootDatabase, 'transaction'>, begin: () => void, end: () => void, stuckAfterMs = STUCK_AFTER_MS) {
    this.#root = root;
    this.#stuckAfterMs = stuckAfterMs;
    this.#begin = begin;
    this.#end = end;
  }

  /** `run` must either throw a `LogError` before it writes anything, or write. */
  submit<T>(bytes: number, run: () => T): Promise<T> {
    if (this.#closed) return Promise.reject(new LogError('TQ-LOG-06'));
    return new Promise<T>((resolve, reject) => {
      let result: T;
      this.#queue.push({
        bytes,
        run: () => {
          result = run();
        },
        settle: (error) => (error === undefined ? resolve(result) : reject(error)),
      });
      this.#running ??= this.#drain();
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Throws `TQ-LOG-06` once closed: LMDB must not be asked then. */
  requireOpen(): void {
    if (this.#closed) throw new LogError('TQ-LOG-06');
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #drain(): Promise<void> {
    // Let the caller's turn finish, so that what it appends in a loop shares the first commit.
    await Promise.resolve();
    while (this.#queue.length > 0) await this.#commitGroup();
    this.#running = undefined;
  }

  async #commitGroup(): Promise<void> {
    const written: Operation[] = [];
    let failure: LogError | undefined;
    // lmdb-js never settles a transaction that LMDB refuses to begin (after a failed write of a meta page), and another
    // process may be stopped while it holds the lock. Nobody waits for that without an end.
    const watch = setInterval(() => this.#refuseQueue(new LogError('TQ-LOG-02', 'no transaction began in time')), this.#stuckAfterMs);
    try {
      await this.#root.transaction(() => this.#fill(written));
    } catch (error) {
      failure = new LogError('TQ-LOG-02', '', { cause: await commitCause(error) });
      // It never began, and would fail again at once.
      if (written.length === 0) this.#refuseQueue(failure);
    } finally {
      clearInterval(watch);
    }
    for (const operation of written) operation.settle(failure);
  }

  #refuseQueue(error: LogError): void {
    for (const operation of this.#queue.splice(0)) operation.settle(error);
  }

  /** Takes what is queued when the transaction begins, not what was queued when it was asked for. */
  #fill(written: Operation[]): void {
    let bytes = 0;
    let taken = 0;
    this.#begin();
    for (const operation of this.#queue) {
      if (taken > 0 && (bytes + operation.bytes > GROUP_BYTES || taken >= GROUP_OPERATIONS)) break;
      bytes += operation.bytes;
      taken++;
    }
    const group = this.#queue.splice(0, taken);
    written.push(...group);
    for (const operation of group) runUnlessRefused(operation);
    this.#end();
  }
}

/** A refused operation wrote nothing; settling it here makes settling it with its group do nothing. */
function runUnlessRefused(operation: Operation): void {
  try {
    operation.run();
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    operation.settle(error);
  }
}

/** lmdb-js hangs the reason of a failed commit, as a promise that rejects, on the error it rejects with. */
async function commitCause(error: unknown): Promise<unknown> {
  if (error instanceof Error && 'commitError' in error && error.commitError instanceof Promise) {
    return error.commitError.then(
      () => error,
      (cause: unknown) => cause,
    );
  }
  return error;
}
