import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Replaces a file: when it resolves the new bytes survive a power loss; until then the old ones do. Mode 0600. */
export async function replaceDurably(path: string, parts: readonly Uint8Array[]): Promise<void> {
  const next = `${path}.next`;
  const file = await open(next, 'w', 0o600);
  try {
    await file.writev(parts);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(next, path);
  const directory = await open(dirname(path), 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
