import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Home } from './home.ts';

/**
 * One instance a directory. The lock is SQLite's exclusive file lock: the kernel lets go of it when the process ends,
 * however it ends, so no stale lock can stay.
 */
export class InstanceLock implements Disposable {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Undefined when another process holds it. */
  static take(home: Home): InstanceLock | undefined {
    const database = new DatabaseSync(path.join(home.run, 'instance.lock'), { timeout: 0 });
    try {
      database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;');
      return new InstanceLock(database);
    } catch (error) {
      database.close();
      if (error instanceof Error && /locked|busy/i.test(error.message)) return undefined;
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}
