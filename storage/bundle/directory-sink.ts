import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { StorageError } from '../errors.ts';
import type { BundleSink } from './bundle-input.ts';

/** Chunks are gathered to about so many characters before they are written. */
const BUFFER_CHARS = 1 << 20;

/**
 * Writes a bundle to a directory that is not there yet or empty (else it throws). The directory appears when `write`
 * has resolved, whole and synced; before, and after a failure, there is at most one named `.<directory>.partial`.
 */
export async function writeToDirectory<Result>(directory: string, write: (sink: BundleSink) => Promise<Result>): Promise<Result> {
  const target = path.resolve(directory);
  if ((await readdir(target).catch(absent)).length > 0) throw new StorageError('bundleDirectory', path.basename(target));
  const partial = path.join(path.dirname(target), `.${path.basename(target)}.partial`);
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true, mode: 0o700 });
  const written: string[] = [];
  const result = await write(directorySink(partial, written));
  // All at a time: one after the other, the disk would be waited for as often as there are files.
  await Promise.all([partial, ...written, ...new Set(written.map((file) => path.dirname(file)))].map(sync));
  // Takes the place of an empty directory, too.
  await rename(partial, target);
  await sync(path.dirname(target));
  return result;
}

function absent(error: NodeJS.ErrnoException): readonly string[] {
  if (error.code === 'ENOENT') return [];
  throw error.code === 'ENOTDIR' ? new StorageError('bundleDirectory') : error;
}

/** `written`: paths; grows. */
function directorySink(directory: string, written: string[]): BundleSink {
  return {
    async write(name, chunks) {
      const target = path.join(directory, name);
      await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
      await using file = await open(target, 'wx', 0o600);
      let gathered = '';
      for await (const chunk of chunks) {
        gathered += chunk;
        if (gathered.length < BUFFER_CHARS) continue;
        await file.writeFile(gathered);
        gathered = '';
      }
      await file.writeFile(gathered);
      written.push(target);
    },
  };
}

async function sync(file: string): Promise<void> {
  await using opened = await open(file, 'r');
  await opened.sync();
}
