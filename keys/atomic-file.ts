import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KeysError } from './errors.ts';

const TEMPORARY = '.tmp';

function syncDirectory(directory: string): void {
  const fd = openSync(directory, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** After a crash at any moment the file is as before or whole; a left-over temporary file is removed at the next start. */
export function writeAtomically(file: string, bytes: Uint8Array): void {
  const temporary = file + TEMPORARY;
  const fd = openSync(temporary, 'w', 0o600);
  try {
    writeSync(fd, bytes);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(temporary, file);
  syncDirectory(dirname(file));
}

export function makePrivateDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  syncDirectory(dirname(directory));
}

export function removeTemporaries(directory: string): void {
  for (const name of readdirSync(directory)) if (name.endsWith(TEMPORARY)) rmSync(join(directory, name));
}

/** Throws `TQ-KEYS-07` with the command to run when group or others have any right on the directory or what is in it. */
export function requirePrivate(directory: string): void {
  const entries = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  const open = [directory, ...entries.map((name) => join(directory, name))].find((path) => (statSync(path).mode & 0o077) !== 0);
  if (open !== undefined) throw new KeysError('TQ-KEYS-07', `chmod -R go-rwx '${directory}'`);
}
