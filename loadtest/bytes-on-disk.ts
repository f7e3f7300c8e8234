import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What `read` says, or nothing if what it reads is gone by now. */
function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Every file below a directory of a running instance, with its bytes. What its roles delete between the listing and
 * the reading is left out. So is `instance.lock`: reading it in the process that holds it would let go of the lock
 * (POSIX locks are a process's).
 */
export function* bytesOnDisk(directory: string): Generator<{ readonly file: string; readonly bytes: Buffer }> {
  for (const entry of unlessGone(() => readdirSync(directory, { withFileTypes: true })) ?? []) {
    const file = path.join(directory, entry.name);
    if (entry.isDirectory()) yield* bytesOnDisk(file);
    if (!entry.isFile() || entry.name === 'instance.lock') continue;
    const bytes = unlessGone(() => readFileSync(file));
    if (bytes !== undefined) yield { file, bytes };
  }
}
