import type { UnitSet } from './unit-set.ts';

/**
 * A regular expression as a tree, with every flag applied: a set holds all units that may stand there, both cases where
 * case does not count. Whether a repetition is greedy is not kept: it changes where a match ends, never whether there is one.
 */
export type RegexNode =
  | { readonly kind: 'set'; readonly units: UnitSet }
  /** All in order; of none: the empty text. */
  | { readonly kind: 'sequence'; readonly of: readonly RegexNode[] }
  | { readonly kind: 'either'; readonly of: readonly RegexNode[] }
  /** `most` may be Infinity. */
  | { readonly kind: 'repeat'; readonly of: RegexNode; readonly least: number; readonly most: number }
  | { readonly kind: 'assert'; readonly what: Assertion }
  | { readonly kind: 'look'; readonly ahead: boolean; readonly negative: boolean; readonly of: RegexNode }
  /** A group that a back-reference names; all other groups are gone. */
  | { readonly kind: 'group'; readonly index: number; readonly of: RegexNode }
  | { readonly kind: 'reference'; readonly index: number };

/**
 * `start`, `end`: of the text. `end-line`: the end of the text or before a line feed that ends it (PCRE's `$`).
 * `line-start`, `line-end`: those of any line (under `m`); behind a line feed that ends the text no line starts. `word`, `not-word`: a word's edge, or none.
 */
export type Assertion = 'start' | 'end' | 'end-line' | 'line-start' | 'line-end' | 'word' | 'not-word';

export const EMPTY: RegexNode = { kind: 'sequence', of: [] };

export function sequence(of: readonly RegexNode[]): RegexNode {
  const [only] = of;
  return only !== undefined && of.length === 1 ? only : { kind: 'sequence', of };
}

/** What is wrong with a pattern, `at` UTF-16 units from its start. */
export class RegexError extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.name = 'RegexError';
    this.at = at;
  }
}
