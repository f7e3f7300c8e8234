import { createHash } from 'node:crypto';
import { readCacheFile, writeCacheFile } from '../cache-file.ts';
import type { Expression, Native, PatternDatabase } from './binding.ts';

const SEAL_BYTES = 32;

/** Over the file's purpose and content: a damaged file, or one of other patterns or another build, does not bear it. */
function sealOf(key: string, bytes: Uint8Array): Buffer {
  return createHash('sha256').update(`tourniquet/pattern-database/v1\n${key}\n`).update(bytes).digest();
}

function open(native: Native, content: Buffer | undefined, key: string): PatternDatabase | undefined {
  const bytes = content?.subarray(SEAL_BYTES);
  if (content === undefined || bytes === undefined || !sealOf(key, bytes).equals(content.subarray(0, SEAL_BYTES))) return undefined;
  try {
    return native.deserialize(bytes);
  } catch {
    // Of another Hyperscan: it is compiled anew.
    return undefined;
  }
}

/** The compiled expressions, from `directory` when an earlier start left them there. Throws what `compile` throws. */
export function cachedDatabase(native: Native, directory: string, expressions: readonly Expression[]): PatternDatabase {
  const key = createHash('sha256').update(JSON.stringify([native.build, expressions])).digest('hex');
  const name = `patterns-${key.slice(0, 32)}.hsdb`;
  const kept = open(native, readCacheFile(directory, name), key);
  if (kept !== undefined) return kept;
  const database = native.compile(expressions);
  const bytes = native.serialize(database);
  writeCacheFile(directory, name, Buffer.concat([sealOf(key, bytes), bytes]));
  return database;
}
