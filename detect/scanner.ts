import type { RuleSet } from '../contracts/rule-set.ts';
import { IN_DECODED } from './native/binding.ts';
import type { Expression, Native, PatternDatabase, ProcessedBody } from './native/binding.ts';
import { cachedDatabase } from './native/database-cache.ts';
import { hyperscanExpression, hyperscanFlags } from './pack/pattern.ts';
import { rulesOf } from './mask/exact-match.ts';
import type { Rule } from './mask/exact-match.ts';

/** The one Hyperscan database of a rule set: patterns of the signatures, then the atoms of the Sigma plan. */
export interface Scanner {
  readonly native: Native;
  readonly database: PatternDatabase;
  /** By pattern index; higher indexes are atoms. */
  readonly rules: readonly Rule[];
}

/** What was hit in one line. */
export interface LineHits {
  readonly line: number;
  readonly rules: readonly Rule[];
  /** Some of the rules were found in a decoded view of a string. */
  readonly decoded: boolean;
  /** Indexes into the plan's atoms, ascending. */
  readonly atoms: readonly number[];
}

/** A database needs a pattern; no event holds a NUL byte. */
const NOWHERE: Expression = { text: '\\x00', flags: 0 };

/** Compiling takes seconds; `cacheDirectory` keeps the result for the next start. Throws what `Native.compile` throws. */
export function createScanner(signatures: RuleSet['signatures'], atoms: readonly Expression[], native: Native, cacheDirectory?: string): Scanner {
  const expressions = [...signatures.map((s) => ({ text: hyperscanExpression(s), flags: hyperscanFlags(s) })), ...atoms];
  if (expressions.length === 0) expressions.push(NOWHERE);
  const database = cacheDirectory === undefined ? native.compile(expressions) : cachedDatabase(native, cacheDirectory, expressions);
  return { native, database, rules: rulesOf({ signatures }) };
}

const NONE: readonly never[] = [];

/** Lines with hits, ascending, from what `Native.process` gave. */
export function* lineHits(scanner: Scanner, { hits, found }: Pick<ProcessedBody, 'hits' | 'found'>): Generator<LineHits> {
  const patterns = scanner.rules.length;
  for (let i = 0; i < hits.length; ) {
    const line = hits[i] ?? 0;
    let rules: Rule[] | undefined;
    let atoms: number[] | undefined;
    let decoded = false;
    for (; i < hits.length && hits[i] === line; i += 2) {
      const pattern = hits[i + 1] ?? 0;
      const rule = scanner.rules[pattern];
      if (rule !== undefined) {
        (rules ??= []).push(rule);
        decoded ||= ((found[i / 2] ?? 0) & IN_DECODED) !== 0;
      } else (atoms ??= []).push(pattern - patterns);
    }
    yield { line, rules: rules ?? NONE, decoded, atoms: atoms ?? NONE };
  }
}

const NO_OMIT = new Uint32Array();
const NO_PREFIX = Buffer.alloc(0);

/** What is hit in one line of JSON. */
export function hitsOf(scanner: Scanner, line: string): LineHits {
  const processed = scanner.native.process(scanner.database, {
    body: Buffer.from(`${line}\n`), nonces: true, envelopePrefix: NO_PREFIX, firstSeq: 0, skipLines: 0, omit: NO_OMIT, hashed: false,
  });
  return lineHits(scanner, processed).next().value ?? { line: 0, rules: NONE, decoded: false, atoms: NONE };
}
