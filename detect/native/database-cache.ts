import { createHash } from 'node:crypto';
import { readCacheFile, writeCacheFile } from '../cache-file.ts';
import type { Expression, Native, PatternDatabase } from './binding.ts';

const SEAL_BYTES = 32;
/** Of several rule sets. */
const MOST_PARTS = 100;

/** Over the file's purpose and content: a damaged file, or one of other patterns or another build, does not bear it. */
function sealOf(key: string, bytes: Uint8Array): Buffer {
  return createHash('sha256').update(`tourniquet/pattern-part/v1\n${key}\n`).update(bytes).digest();
}

/** Expressions that are compiled together, with the file that keeps what they became. */
interface Part {
  readonly expressions: readonly Expression[];
  readonly key: string;
  readonly file: string;
}

function partsOf(native: Native, expressions: readonly Expression[], sizes: readonly number[]): readonly Part[] {
  let first = 0;
  return sizes.map((size) => {
    const own = expressions.slice(first, (first += size));
    const key = createHash('sha256').update(JSON.stringify([native.build, own])).digest('hex');
    return { expressions: own, key, file: `part-${key.slice(0, 32)}.hsdb` };
  });
}

function kept(directory: string, { file, key }: Part): Buffer | undefined {
  const content = readCacheFile(directory, file);
  const bytes = content?.subarray(SEAL_BYTES);
  return content !== undefined && bytes !== undefined && sealOf(key, bytes).equals(content.subarray(0, SEAL_BYTES)) ? bytes : undefined;
}

function joined(native: Native, parts: readonly (Buffer | undefined)[]): PatternDatabase | undefined {
  const all = parts.filter((bytes) => bytes !== undefined);
  try {
    return all.length === parts.length ? native.deserialize(all) : undefined;
  } catch {
    // Of another Hyperscan: they are compiled anew.
    return undefined;
  }
}

/**
 * The compiled expressions in parts of these sizes. Each part comes from `directory` when an earlier start, or another rule
 * set, left it there. Throws what `compile` throws; then nothing of this call is kept.
 */
export function cachedDatabase(native: Native, directory: string, expressions: readonly Expression[], sizes: readonly number[]): PatternDatabase {
  const parts = partsOf(native, expressions, sizes);
  const found = parts.map((part) => kept(directory, part));
  const whole = joined(native, found);
  if (whole !== undefined) return whole;
  const missing = found.every((bytes) => bytes !== undefined) ? parts : parts.filter((_, i) => found[i] === undefined);
  const made = native.serialize(compiled(native, missing, expressions));
  const bytesOf = new Map(missing.map((part, i) => [part, made[i]]));
  for (const [part, bytes] of bytesOf) if (bytes !== undefined) writeCacheFile(directory, part.file, Buffer.concat([sealOf(part.key, bytes), bytes]), MOST_PARTS);
  return joined(native, parts.map((part, i) => bytesOf.get(part) ?? found[i])) ?? native.compile(expressions, sizes);
}

/** An error names the expression among all. */
function compiled(native: Native, parts: readonly Part[], all: readonly Expression[]): PatternDatabase {
  const expressions = parts.flatMap((part) => part.expressions);
  try {
    return native.compile(expressions, parts.map((part) => part.expressions.length));
  } catch (error) {
    const at = error instanceof Error && 'pattern' in error ? expressions[Number(error.pattern)] : undefined;
    if (at !== undefined) Object.assign(error as Error, { pattern: all.indexOf(at) }); // `at` is defined for errors only.
    throw error;
  }
}
