import { buildAutomaton } from './automaton.ts';
import { linearSearch } from './linear-search.ts';
import { parseRegex } from './parse-regex.ts';
import { backtrackingSteps, MOST_PARTS, MOST_STATES, MOST_STEPS, partsOf, trimEnds } from './regex-cost.ts';
import type { RegexNode } from './regex-node.ts';
import { RegexError } from './regex-node.ts';
import { regexSource } from './regex-source.ts';

/** A pattern ready to be searched for, anywhere in a text. */
export interface CompiledRegex {
  /** JavaScript's own, for patterns that it surely finds within `MOST_STEPS`; else our automaton. */
  readonly engine: 'backtracking' | 'linear';
  readonly test: (text: string) => boolean;
}

/**
 * `flags` out of `i`, `m`, `s`. Throws a RegexError when the pattern is wrong, not supported or too costly. Equal
 * patterns give the same object while there are not too many.
 */
export function compileRegex(pattern: string, flags: string): CompiledRegex {
  const key = `${flags}/${pattern}`;
  let regex = compiled.get(key);
  if (regex === undefined) {
    regex = compile(trimEnds(parseRegex(pattern, flags)));
    if (compiled.size >= MOST_KEPT) compiled.clear();
    compiled.set(key, regex);
  }
  return regex;
}

const compiled = new Map<string, CompiledRegex>();
const MOST_KEPT = 4096;

function compile(node: RegexNode): CompiledRegex {
  if (engineOf(node) === 'linear') return { engine: 'linear', test: linearSearch(buildAutomaton(node)) };
  const regex = new RegExp(regexSource(node));
  return { engine: 'backtracking', test: (text) => regex.test(text) };
}

/** Which engine searches for a pattern as `trimEnds` leaves it; throws a RegexError when none does within the budget. */
export function engineOf(node: RegexNode): CompiledRegex['engine'] {
  const parts = partsOf(node);
  if (parts <= MOST_PARTS && backtrackingSteps(node) <= MOST_STEPS) return 'backtracking';
  const lacking = lacksAutomaton(node);
  if (lacking === undefined && parts <= MOST_STATES) return 'linear';
  const why = lacking === undefined ? `with its counted repetitions written out it has ${parts} parts, more than ${MOST_STATES}: write smaller counts` : `of its ${lacking}: write {0,20} for * and {1,20} for +, begin it with ^, or leave the ${lacking} out`;
  throw new RegexError(`a hostile value could keep this pattern busy for more than ${MOST_STEPS} steps, and it cannot be searched for in linear time, because ${why}`, 0);
}

function lacksAutomaton(node: RegexNode): 'look-around' | 'back-reference' | undefined {
  switch (node.kind) {
    case 'look': return 'look-around';
    case 'reference': return 'back-reference';
    case 'sequence':
    case 'either': return node.of.map((one) => lacksAutomaton(one)).find((lacking) => lacking !== undefined);
    case 'repeat':
    case 'group': return lacksAutomaton(node.of);
    case 'set':
    case 'assert': return undefined;
    default: return node satisfies never;
  }
}
