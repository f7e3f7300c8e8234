import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../usage-error.ts';

/** Throws UsageError when there is no such file, or it is a folder. */
export function requireFile(file: string): void {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) throw new UsageError(`there is no file ${file}`);
  if (stats.isDirectory()) throw new UsageError(`${file} is a folder: name a file`);
}

/** Throws UsageError when a file cannot be made there, for want of its folder. */
export function requireFolderOf(file: string): void {
  const folder = path.dirname(path.resolve(file));
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw new UsageError(`there is no folder ${folder}`);
}

/** Throws UsageError unless the folder is not there yet, or empty. */
export function requireFreshFolder(directory: string): void {
  const stats = statSync(directory, { throwIfNoEntry: false });
  if (stats !== undefined && (!stats.isDirectory() || readdirSync(directory).length > 0)) throw new UsageError(`${directory} is there already: name a folder that does not exist yet, or is empty`);
}
