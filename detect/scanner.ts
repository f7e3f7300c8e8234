import type { RuleSet } from '../contracts/rule-set.ts';
import { fieldPolicies } from './fields/field-policies.ts';
import type { FieldPolicies } from './fields/field-policies.ts';
import { IN_DECODED } from './native/binding.ts';
import type { Expression, Native, PatternDatabase, ProcessedBody } from './native/binding.ts';
import { cachedDatabase } from './native/database-cache.ts';
import { hyperscanExpression } from './pack/pattern.ts';
import { rulesOf } from './mask/exact-match.ts';
import type { Rule } from './mask/exact-match.ts';

/** The Hyperscan database of a rule set: patterns of the signatures, atoms of the Sigma plan, then those of the field policies. */
export interface Scanner {
  readonly native: Native;
  readonly database: PatternDatabase;
  /** By pattern index. */
  readonly rules: readonly Rule[];
  /** How many follow the rules. */
  readonly atoms: number;
  readonly policies: FieldPolicies | undefined;
}

/** What was hit in one line. */
export interface LineHits {
  readonly line: number;
  readonly rules: readonly Rule[];
  /** Some of the rules may stand in a decoded view of a string. */
  readonly decoded: boolean;
  /** Indexes into the plan's atoms, ascending. */
  readonly atoms: readonly number[];
  /** Some field may not be kept as text, or brackets of masks stand in the line. */
  readonly kept: boolean;
}

/** A database needs a pattern; no event holds a NUL byte. */
const NOWHERE: Expression = { text: '\\x00', flags: 0 };

/** Compiling takes seconds; `cacheDirectory` keeps the result for the next start. Throws what `Native.compile` throws. */
export function createScanner(signatures: RuleSet['signatures'], atoms: readonly Expression[], native: Native, cacheDirectory?: string, fields: RuleSet['fields'] = []): Scanner {
  const policies = fieldPolicies(fields);
  const expressions = [...signatures.map(hyperscanExpression), ...atoms, ...(policies?.expressions ?? [])];
  if (expressions.length === 0) expressions.push(NOWHERE);
  const parts = partsOf(signatures, expressions.length);
  const database = cacheDirectory === undefined ? native.compile(expressions, parts) : cachedDatabase(native, cacheDirectory, expressions, parts);
  return { native, database, rules: rulesOf(signatures), atoms: atoms.length, policies };
}

/** Signatures of a group more than that make a part of the database. */
const LEAST_IN_PART = 8;

/**
 * How many consecutive expressions are compiled together. Hyperscan's compiler takes far longer over many kinds of
 * patterns at once than over each kind by itself, and scans no faster for it: a part for each larger group of signatures
 * (those of an id's second word stand together), and one for what follows them.
 */
function partsOf(signatures: RuleSet['signatures'], all: number): readonly number[] {
  const parts: number[] = [];
  let open = 0;
  for (const [i, { id }] of signatures.entries()) {
    open++;
    const ends = id.split('.')[1] !== signatures[i + 1]?.id.split('.')[1];
    if (!ends || open < LEAST_IN_PART) continue;
    parts.push(open);
    open = 0;
  }
  const rest = all - parts.reduce((sum, size) => sum + size, 0);
  return rest === 0 ? parts : [...parts, rest];
}

const NONE: readonly never[] = [];

/** Of a line without hits. */
export const NO_HITS: LineHits = { line: 0, rules: NONE, decoded: false, atoms: NONE, kept: false };

/** Lines with hits, ascending, from what `Native.process` gave. */
export function* lineHits(scanner: Scanner, { hits, found }: Pick<ProcessedBody, 'hits' | 'found'>): Generator<LineHits> {
  const patterns = scanner.rules.length;
  const beyondAtoms = patterns + scanner.atoms;
  for (let i = 0; i < hits.length; ) {
    const line = hits[i] ?? 0;
    let rules: Rule[] | undefined;
    let atoms: number[] | undefined;
    let decoded = false;
    let kept = false;
    for (; i < hits.length && hits[i] === line; i += 2) {
      const pattern = hits[i + 1] ?? 0;
      const rule = scanner.rules[pattern];
      if (rule !== undefined) {
        (rules ??= []).push(rule);
        // A context word in the clear says nothing of where its value stands.
        decoded ||= rule.context !== undefined || ((found[i / 2] ?? 0) & IN_DECODED) !== 0;
      } else if (pattern < beyondAtoms) {
        (atoms ??= []).push(pattern - patterns);
      } else {
        kept = scanner.policies !== undefined;
      }
    }
    yield { line, rules: rules ?? NONE, decoded, atoms: atoms ?? NONE, kept };
  }
}

const NO_OMIT = new Uint32Array();
const NO_PREFIX = Buffer.alloc(0);

/** Judges and scans lines, each ended by a line feed, and hashes none. */
export function scanned({ native, database }: Pick<Scanner, 'native' | 'database'>, body: Buffer): ProcessedBody {
  return native.process(database, { body, nonces: false, envelopePrefix: NO_PREFIX, firstSeq: 0, skipLines: 0, omit: NO_OMIT, hashed: false });
}

/** What is hit in one line of JSON. */
export function hitsOf(scanner: Scanner, line: string): LineHits {
  return lineHits(scanner, scanned(scanner, Buffer.from(`${line}\n`))).next().value ?? NO_HITS;
}
