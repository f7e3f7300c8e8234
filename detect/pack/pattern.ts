import type { Signature } from '../../contracts/pack.ts';
import { PATTERN_FLAGS } from '../native/binding.ts';
import { costProblem } from './pattern-cost.ts';

/** Constructs that JavaScript and Hyperscan read differently, or that Hyperscan lacks. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/[^\x20-\x7e]/, 'may hold printable ASCII only'],
  [/\\[sS]/, 'may not hold \\s: engines differ; write [\\x09-\\x0d ]'],
  [/\\[pPkuBAzZG1-9]/, 'may not hold \\p, \\k, \\u, \\B, \\A, \\Z, \\G or a back-reference'],
];

/** What is wrong with a pattern, undefined when nothing is. */
export function patternProblem(pattern: string): string | undefined {
  const known = pattern.replaceAll('\\\\', '\\x5c');
  for (const [shape, problem] of REFUSED) if (shape.test(known)) return problem;
  const bare = known.replaceAll(/\\./g, 'x').replaceAll(/\[[^\]]*\]/g, 'x');
  if (/\(\?(?!:)/.test(bare)) return 'may hold no group but (…) and (?:…): Hyperscan has no look-around';
  if (/[\^$]/.test(bare)) return 'may not hold the anchors ^ and $: views and fields start and end at different places';
  try {
    // `u` makes JavaScript refuse what it would otherwise guess at.
    return new RegExp(pattern, 'u').test('') ? 'may not match the empty text' : costProblem(pattern);
  } catch {
    return 'is not a regular expression that JavaScript reads';
  }
}

/**
 * The exact form. Without `u`: then `i`, `\w` and `\b` hold to ASCII as in Hyperscan (with `u` and `i`, `k` would also
 * match the Kelvin sign).
 */
export function exactPattern(signature: Signature): RegExp {
  return new RegExp(signature.pattern, signature.caseSensitive === true ? 'g' : 'gi');
}

/** A class repeated at the very start: whether the pattern is found at all does not hang on more than one repetition. */
const LEADING_REPEAT = /^(\[[^\]]+\])\{1,\d+\}/;

/** What is not of a class, repeated at most so often: Hyperscan would count bytes where JavaScript counts UTF-16 units. */
const BOUNDED_OTHERS = /(\[\^[^\]]+\])\{(\d+),\d+\}/g;

/** What Hyperscan looks for: found in every text the pattern is found in, at a fraction of the cost. */
export function hyperscanExpression(signature: Signature): string {
  return signature.pattern.replace(LEADING_REPEAT, '$1').replaceAll(BOUNDED_OTHERS, '$1{$2,}');
}

export function hyperscanFlags(signature: Signature): number {
  return signature.caseSensitive === true ? 0 : PATTERN_FLAGS.caseless;
}

/** What Hyperscan looks for, for JavaScript. */
export function hyperscanPattern(signature: Signature): RegExp {
  return new RegExp(hyperscanExpression(signature), signature.caseSensitive === true ? 'g' : 'gi');
}
