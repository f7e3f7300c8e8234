import { keptValues } from '../fields/kept-values.ts';
import type { KeptValue } from '../fields/kept-values.ts';
import type { LineHits, Scanner } from '../scanner.ts';
import { hitsOf } from '../scanner.ts';
import { foreignBrackets } from './brackets.ts';
import { candidateTokens, exactMatches, matchesIn } from './exact-match.ts';
import type { Detection, Rule } from './exact-match.ts';
import { jsonTokens } from './json-tokens.ts';
import { maskLine } from './mask-line.ts';
import type { MaskedLine, Recoverable } from './mask-line.ts';
import type { SiteTokens } from './site-tokens.ts';

/** A line whose hits were looked at exactly. */
export interface CleanedLine {
  /** As it may be stored. */
  readonly line: string;
  readonly detections: readonly Detection[];
  /** Masks put in, and values replaced as a whole. */
  readonly spans: number;
  readonly recoverable: readonly Recoverable[];
  /** How it was masked; `newEdge` when it was looked at more than once. */
  readonly masked: MaskedLine;
}

/** A mask can give what stands beside it a new edge (`\b`), so a masked line is looked at again, at most so often. */
const MOST_ROUNDS = 4;

/** What is to be looked for in a line. */
type Hit = Pick<LineHits, 'rules' | 'decoded' | 'kept'>;

/** Who wrote a line. */
export type Author = 'sender' | 'ourselves';

const NO_VALUES: readonly KeptValue[] = [];

/**
 * Detections of the hit rules and the line with all replaced that must not be stored. `line` is valid JSON. Masks that
 * stand in a line of our own stay; those of a sender are made to look like masks only.
 */
export function cleanLine(scanner: Scanner, received: string, { rules: hit, decoded, kept: isKept }: Hit, site: SiteTokens, author: Author = 'sender'): CleanedLine {
  const line = isKept && author === 'sender' ? foreignBrackets(received) : received;
  const kept = isKept && scanner.policies !== undefined ? keptValues(line, scanner.policies) : NO_VALUES;
  const rules = hit.filter((rule) => rule.mayStandIn?.(line) !== false);
  const tokens = candidateTokens(line, rules, decoded);
  const { found: detections, refused } = matchesIn(tokens, rules, decoded);
  const first = maskLine(line, tokens, detections, kept, site);
  if (first.line === line) return { line, detections, spans: 0, recoverable: first.recoverable, masked: first };
  const result = { masked: first, detections: [...moved(detections, kept)], recoverable: [...first.recoverable], spans: spansOf(first), rounds: 1 };
  lookAgain(scanner, result, [...refused].filter((rule) => rule.signature.mask !== undefined), site);
  const { masked, spans, recoverable, rounds } = result;
  return { line: masked.line, detections: renamed(result.detections, kept, masked.line), spans, recoverable, masked: { ...masked, kept: first.kept, newEdge: rounds > 1 } };
}

interface Result {
  masked: MaskedLine;
  detections: Detection[];
  recoverable: Recoverable[];
  spans: number;
  rounds: number;
}

/** Masks what the masks before let appear: what was `refused` may now have other surroundings, a word nearer to it than it was. */
function lookAgain(scanner: Scanner, result: Result, refused: readonly Rule[], site: SiteTokens): void {
  for (; result.rounds < MOST_ROUNDS && (result.masked.newEdge || (refused.length > 0 && result.masked.tokens.length > 0)); result.rounds++) {
    const { line, newEdge } = result.masked;
    const { rules, decoded } = newEdge ? stillHit(scanner, line) : { rules: refused, decoded: true };
    if (rules.length === 0) break;
    const tokens = candidateTokens(line, rules, decoded);
    const more = exactMatches(tokens, rules, decoded);
    if (more.length === 0) break;
    result.masked = maskLine(line, tokens, more, NO_VALUES, site);
    result.detections.push(...more);
    result.recoverable.push(...result.masked.recoverable);
    result.spans += spansOf(result.masked);
  }
}

/** Masking rules that Hyperscan still finds in a line. */
function stillHit(scanner: Scanner, line: string): Pick<LineHits, 'rules' | 'decoded'> {
  const { rules, decoded } = hitsOf(scanner, line);
  return { rules: rules.filter((rule) => rule.signature.mask !== undefined), decoded };
}

function spansOf({ tokens, kept }: MaskedLine): number {
  return tokens.reduce((sum, token) => sum + token.masks.length, kept);
}

/** Detections by the tokens of the masked line: a value that was replaced as a whole is one. */
function moved(detections: readonly Detection[], kept: readonly KeptValue[]): readonly Detection[] {
  if (kept.length === 0) return detections;
  let next = 0;
  let shift = 0;
  return detections.map((detection) => {
    for (let value = kept[next]; value !== undefined && value.firstToken + value.tokens <= detection.token; value = kept[++next]) shift += 1 - value.tokens;
    const value = kept[next];
    const within = value !== undefined && value.firstToken <= detection.token;
    return { ...detection, token: (within ? value.firstToken : detection.token) + shift };
  });
}

/** Field names as the masked line has them: a key can hold personal data, and what is below a replaced value is in that. Masking keeps the number of tokens. */
function renamed(detections: readonly Detection[], kept: readonly KeptValue[], line: string): readonly Detection[] {
  if (kept.length === 0 && !detections.some((d) => d.rule.signature.mask !== undefined && d.field.endsWith('(key)'))) return detections;
  const tokens = jsonTokens(line);
  return detections.map((d) => ({ ...d, field: tokens[d.token]?.field ?? '' }));
}
