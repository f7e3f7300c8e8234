import type { Pack } from '../contracts/pack.ts';
import type { Native, PatternDatabase } from './native/binding.ts';
import { cachedDatabase } from './native/database-cache.ts';
import { hyperscanExpression, hyperscanFlags } from './pack/pattern.ts';
import { rulesOf } from './mask/exact-match.ts';
import type { Rule } from './mask/exact-match.ts';

/** A pack made ready: the Hyperscan prefilter and, under the same indexes, the exact rules. */
export interface Scanner {
  readonly pack: Pack;
  readonly native: Native;
  readonly database: PatternDatabase;
  readonly rules: readonly Rule[];
}

/** Compiling takes about half a second; `cacheDirectory` keeps the result for the next start. Throws what `Native.compile` throws. */
export function createScanner(pack: Pack, native: Native, cacheDirectory?: string): Scanner {
  const expressions = pack.signatures.map((s) => ({ text: hyperscanExpression(s), flags: hyperscanFlags(s) }));
  const database = cacheDirectory === undefined ? native.compile(expressions) : cachedDatabase(native, cacheDirectory, pack.version, expressions);
  return { pack, native, database, rules: rulesOf(pack) };
}

/** Rules by line from the (line, pattern) pairs of `Native.process`. */
export function rulesByLine(scanner: Scanner, hits: Uint32Array): ReadonlyMap<number, readonly Rule[]> {
  const byLine = new Map<number, Rule[]>();
  for (let i = 0; i < hits.length; i += 2) {
    const line = hits[i] ?? 0;
    const rule = scanner.rules[hits[i + 1] ?? 0];
    if (rule === undefined) continue;
    const rules = byLine.get(line);
    if (rules === undefined) byLine.set(line, [rule]);
    else rules.push(rule);
  }
  return byLine;
}
