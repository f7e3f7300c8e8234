import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KeysError } from './errors.ts';

export const KEY_BYTES = 32;

/** A key of the directory. Throws `TQ-KEYS-08` when it is missing or has another length. */
export function readKey(directory: string, name: string): Buffer {
  const file = join(directory, name);
  const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  if (bytes.length !== KEY_BYTES) throw new KeysError('TQ-KEYS-08', name);
  return bytes;
}
