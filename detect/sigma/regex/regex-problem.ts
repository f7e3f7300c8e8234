import { engineOf } from './compile-regex.ts';
import { parseRegex } from './parse-regex.ts';
import { trimEnds } from './regex-cost.ts';
import { RegexError } from './regex-node.ts';

/** What is wrong with a pattern, not supported or too costly, and what to write instead; undefined when nothing is. `flags` out of `i`, `m`, `s`. */
export function regexProblem(pattern: string, flags: string): string | undefined {
  try {
    engineOf(trimEnds(parseRegex(pattern, flags)));
    return undefined;
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    return error.at === 0 ? error.message : `${error.message} (at character ${error.at + 1} of the pattern)`;
  }
}
