import type { Signature } from '../../contracts/pack.ts';
import { PATTERN_FLAGS } from '../native/binding.ts';
import type { Expression } from '../native/binding.ts';
import { alternativesOf } from './alternatives.ts';
import { standingWordsPattern } from './context.ts';
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

/** A plain group; what stands in a class or behind a backslash is none. */
const PLAIN_GROUP = /\((?!\?)/g;

function plainGroups(pattern: string): number {
  return pattern.replaceAll(/\\.|\[(?:\\.|[^\]])*\]/g, 'x').match(PLAIN_GROUP)?.length ?? 0;
}

/** Whether a group of the pattern is the value. */
export function hasValueGroup({ pattern }: Signature): boolean {
  return plainGroups(pattern) > 0;
}

/**
 * The exact form. Without `u`: then `i`, `\w` and `\b` hold to ASCII as in Hyperscan (with `u` and `i`, `k` would also
 * match the Kelvin sign).
 */
export function exactPattern(signature: Signature): RegExp {
  return new RegExp(signature.pattern, `${signature.caseSensitive === true ? 'g' : 'gi'}${hasValueGroup(signature) ? 'd' : ''}`);
}

/** A class repeated at the very start: whether the pattern is found at all does not hang on more than one repetition. */
const LEADING_REPEAT = /^(\[[^\]]+\])\{1,\d+\}/;

/** What is not of a class, repeated at most so often: Hyperscan would count bytes where JavaScript counts UTF-16 units. */
const BOUNDED_OTHERS = /(\[\^[^\]]+\])\{(\d+),\d+\}/g;

/** Found in every text the pattern is found in, at a fraction of the cost. */
function cheaperPattern({ pattern }: Signature): string {
  return pattern.replace(LEADING_REPEAT, '$1').replaceAll(BOUNDED_OTHERS, '$1{$2,}');
}

/** What Hyperscan looks for: the words of a signature that needs one, which are rarer than its values. */
export function hyperscanExpression(signature: Signature): Expression {
  if (signature.trigger !== undefined) return { text: signature.trigger, flags: PATTERN_FLAGS.caseless, alternatives: alternativesOf(signature.trigger) };
  if (signature.context !== undefined) return { text: standingWordsPattern(signature.context.words), flags: PATTERN_FLAGS.caseless };
  const text = cheaperPattern(signature);
  return { text, flags: signature.caseSensitive === true ? 0 : PATTERN_FLAGS.caseless, alternatives: alternativesOf(text) };
}

/** Finds, within every match of the exact pattern, at least a part of it. */
export function probePattern(signature: Signature): RegExp {
  return new RegExp(cheaperPattern(signature), signature.caseSensitive === true ? 'g' : 'gi');
}
