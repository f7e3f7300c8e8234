import { closeSync, existsSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ControlStream } from '../../contracts/event-log.ts';
import type { Home } from '../home.ts';
import { parseChain, parseTombstone, tombstoneLine } from './tombstone.ts';
import type { Tombstone } from './tombstone.ts';

export function erasuresFile(home: Home): string {
  return path.join(home.export, 'erasures.ndjson');
}

/** Of a home without the file: none. Throws where its chain does not hold. */
export function readErasures(file: string): readonly Tombstone[] {
  return existsSync(file) ? parseChain(readFileSync(file, 'utf8')).tombstones : [];
}

const PREFIX = 'erasure/';
const READ_AT_ONCE = 1_000;

/** What the registry stream holds. */
export async function registeredErasures(registry: ControlStream): Promise<readonly Tombstone[]> {
  const found: Tombstone[] = [];
  for (let from = (await registry.bounds()).first; ; ) {
    const entries = await registry.read(from, READ_AT_ONCE);
    if (entries.length === 0) return found;
    for (const { key, value } of entries) {
      const tombstone = key.startsWith(PREFIX) ? parseTombstone(value) : undefined;
      if (tombstone !== undefined) found.push(tombstone);
    }
    from = (entries.at(-1)?.offset ?? from) + 1;
  }
}

/** Durable in both places when it resolves. Processes that do so at once wait for each other. */
export async function layTombstone(home: Home, registry: ControlStream, tombstone: Tombstone): Promise<void> {
  await registry.claim(`${PREFIX}${tombstone.id}/${tombstone.state}`, tombstoneLine(tombstone, ''));
  mkdirSync(home.export, { recursive: true, mode: 0o750 });
  using lock = new DatabaseSync(`${erasuresFile(home)}.lock`, { timeout: 30_000 });
  // The kernel lets go of the lock when the process ends, however it ends.
  lock.exec('BEGIN EXCLUSIVE');
  const fd = openSync(erasuresFile(home), 'a', 0o600);
  try {
    const { last, bytes } = parseChain(readFileSync(erasuresFile(home), 'utf8'));
    ftruncateSync(fd, bytes);
    writeSync(fd, `${tombstoneLine(tombstone, last)}\n`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
