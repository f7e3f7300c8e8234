import { statSync } from 'node:fs';
import { UsageError } from '../usage-error.ts';

/** Throws UsageError when there is no such file, or it is a folder. */
export function requireFile(file: string): void {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) throw new UsageError(`there is no file ${file}`);
  if (stats.isDirectory()) throw new UsageError(`${file} is a folder: name a file`);
}
