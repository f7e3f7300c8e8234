import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { StorageError } from '../errors.ts';

/**
 * The data directory, held by this process: `engine/` (the database), `spool/` (bodies being stored; emptied at
 * start, since nothing in it was acknowledged).
 */
export class DataDirectory {
  readonly engine: string;
  readonly spool: string;
  readonly #lock: Server;

  private constructor(root: string, lock: Server) {
    this.engine = join(root, 'engine');
    this.spool = join(root, 'spool');
    this.#lock = lock;
  }

  static async hold(directory: string): Promise<DataDirectory> {
    let root: string;
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      root = realpathSync(directory);
      rmSync(join(root, 'spool'), { recursive: true, force: true });
    } catch (cause) {
      throw new StorageError('directoryUnusable', '', { cause });
    }
    const lock = await lockOf(root);
    mkdirSync(join(root, 'spool'), { recursive: true, mode: 0o700 });
    return new DataDirectory(root, lock);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise((resolve) => this.#lock.close(resolve));
  }
}

/**
 * A listening socket that the kernel frees with the process, however it ends: in Linux's abstract namespace, else a
 * file below the directory that a dead owner leaves behind and the next one replaces.
 */
async function lockOf(root: string): Promise<Server> {
  const name = `tourniquet-storage-${createHash('sha256').update(root).digest('hex').slice(0, 32)}`;
  const lock = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    lock.once('error', (cause) => reject(new StorageError('directoryInUse', '', { cause })));
    lock.listen(process.platform === 'linux' ? `\0${name}` : join(root, 'lock.sock'), resolve);
  });
  lock.unref();
  return lock;
}
