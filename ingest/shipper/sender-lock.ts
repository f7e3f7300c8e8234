import type * as sqlite from 'node:sqlite';
import { ShipperError } from './errors.ts';

/** Node has no file locks; SQLite's are the kernel's, so one ends with its process however that dies. */
export class SenderLock implements Disposable {
  readonly #database: sqlite.DatabaseSync;

  constructor(path: string) {
    const { DatabaseSync } = loadSqlite();
    this.#database = new DatabaseSync(path, { timeout: 0 });
    try {
      this.#database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    } catch (cause) {
      this.#database.close();
      throw new ShipperError('TQ-SHIPPER-01', { cause });
    }
  }

  [Symbol.dispose](): void {
    if (this.#database.isOpen) this.#database.close();
  }
}

/** Loads node:sqlite without its warning of being experimental; every other warning passes. */
function loadSqlite(): typeof sqlite {
  const emitWarning = process.emitWarning;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]): void => {
    if (!String(warning).includes('SQLite')) Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
  try {
    return process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
}
