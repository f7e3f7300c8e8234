import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Expression, Native, PatternDatabase } from './binding.ts';

const SEAL_BYTES = 32;

/** Over the file's purpose and content: a damaged file, or one of other patterns or another build, does not bear it. */
function sealOf(key: string, bytes: Uint8Array): Buffer {
  return createHash('sha256').update(`tourniquet/pattern-database/v1\n${key}\n`).update(bytes).digest();
}

function read(native: Native, file: string, key: string): PatternDatabase | undefined {
  try {
    const content = readFileSync(file);
    const bytes = content.subarray(SEAL_BYTES);
    return sealOf(key, bytes).equals(content.subarray(0, SEAL_BYTES)) ? native.deserialize(bytes) : undefined;
  } catch {
    // Missing, unreadable or of another Hyperscan: it is compiled anew.
    return undefined;
  }
}

/** The file is whole or absent also after a crash, and readable by its owner only. */
function write(directory: string, file: string, content: Buffer): void {
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    try {
      writeFileSync(temporary, content, { mode: 0o600, flag: 'wx' });
      renameSync(temporary, file);
    } finally {
      rmSync(temporary, { force: true });
    }
  } catch {
    // Without the file the next start only takes longer.
  }
}

/** The compiled expressions, from `directory` when an earlier start left them there. Throws what `compile` throws. */
export function cachedDatabase(native: Native, directory: string, packVersion: string, expressions: readonly Expression[]): PatternDatabase {
  const key = createHash('sha256').update(JSON.stringify([packVersion, native.build, expressions])).digest('hex');
  const file = join(directory, `patterns-${key.slice(0, 32)}.hsdb`);
  const kept = read(native, file, key);
  if (kept !== undefined) return kept;
  const database = native.compile(expressions);
  const bytes = native.serialize(database);
  write(directory, file, Buffer.concat([sealOf(key, bytes), bytes]));
  return database;
}
