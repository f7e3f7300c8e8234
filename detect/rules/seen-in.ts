import { candidateTokens, exactMatches } from '../mask/exact-match.ts';
import type { Rule } from '../mask/exact-match.ts';
import type { Seen } from '../scan-fields.ts';

/** What signatures find in one line of JSON: each once, where it was found first. */
export function seenIn(json: string, rules: readonly Rule[]): readonly Seen[] {
  const found = exactMatches(candidateTokens(json, rules), rules);
  const first = new Map(found.toReversed().map((detection) => [detection.rule, detection]));
  return [...first].map(([{ signature }, { field, view }]) => ({ rule: signature.id, class: signature.class, level: signature.level, field, view }));
}
