import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Undefined when there is none that can be read. */
export function readCacheFile(directory: string, name: string): Buffer | undefined {
  try {
    return readFileSync(join(directory, name));
  } catch {
    return undefined;
  }
}

/** Files kept of one kind. */
const MOST_FILES = 6;

/** The file is whole or absent also after a crash, and readable by its owner only. One that cannot be written only costs time later. */
export function writeCacheFile(directory: string, name: string, content: Buffer, mostFiles = MOST_FILES): void {
  const file = join(directory, name);
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    try {
      writeFileSync(temporary, content, { mode: 0o600, flag: 'wx' });
      renameSync(temporary, file);
    } finally {
      rmSync(temporary, { force: true });
    }
    removeOld(directory, name, mostFiles);
  } catch {
    // Said above.
  }
}

/** `mostFiles` of one kind, which is the part of the name before the first dash. */
function removeOld(directory: string, name: string, mostFiles: number): void {
  const kind = name.slice(0, name.indexOf('-') + 1);
  const files = readdirSync(directory).filter((other) => other.startsWith(kind) && !other.endsWith('.tmp')).map((other) => join(directory, other));
  const byAge = files.map((file) => ({ file, ms: statSync(file).mtimeMs })).toSorted((a, b) => b.ms - a.ms);
  for (const { file } of byAge.slice(mostFiles)) rmSync(file, { force: true });
}
