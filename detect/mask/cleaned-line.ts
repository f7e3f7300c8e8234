import type { LineHits, Scanner } from '../scanner.ts';
import { hitsOf } from '../scanner.ts';
import { candidateTokens, exactMatches } from './exact-match.ts';
import { jsonTokens } from './json-tokens.ts';
import type { Detection } from './exact-match.ts';
import { maskLine } from './mask-line.ts';
import type { MaskedLine } from './mask-line.ts';
import type { SiteTokens } from './site-tokens.ts';

/** A line whose hits were looked at exactly. */
export interface CleanedLine {
  readonly line: string;
  readonly detections: readonly Detection[];
  /** Masks put in. */
  readonly spans: number;
  /** How it was masked; `newEdge` when it was looked at more than once. */
  readonly masked: MaskedLine;
}

/** A mask next to a text can give it a new edge (`\b`), so a masked line is looked at again, at most so often. */
const MOST_ROUNDS = 4;

/** Field names as the masked line has them: a key can hold personal data. Masking keeps the number of tokens. */
function renamed(detections: readonly Detection[], line: string): readonly Detection[] {
  if (!detections.some((d) => d.rule.signature.mask !== undefined && d.field.endsWith('(key)'))) return detections;
  const tokens = jsonTokens(line);
  return detections.map((d) => ({ ...d, field: (tokens[d.token]?.field ?? '') }));
}

/** What Hyperscan found of the rules. */
type Hit = Pick<LineHits, 'rules' | 'decoded'>;

/** Masking rules that Hyperscan still finds in a line. */
function stillHit(scanner: Scanner, line: string): Hit {
  const { rules, decoded } = hitsOf(scanner, line);
  return { rules: rules.filter((rule) => rule.signature.mask !== undefined), decoded };
}

/** Detections of the hit rules and the line with all that must be masked replaced. `line` is valid JSON. */
export function cleanLine(scanner: Scanner, line: string, { rules, decoded }: Hit, tokensOf: SiteTokens): CleanedLine {
  let tokens = candidateTokens(line, rules, decoded);
  const detections = [...exactMatches(tokens, rules, decoded)];
  const first = maskLine(line, tokens, detections, tokensOf);
  let masked = first;
  let spans = spansOf(masked);
  for (let round = 1; masked.newEdge && round < MOST_ROUNDS; round++) {
    const still = stillHit(scanner, masked.line);
    if (still.rules.length === 0) break;
    tokens = candidateTokens(masked.line, still.rules, still.decoded);
    const more = exactMatches(tokens, still.rules, still.decoded);
    if (more.length === 0) break;
    detections.push(...more);
    masked = maskLine(masked.line, tokens, more, tokensOf);
    spans += spansOf(masked);
  }
  return { line: masked.line, detections: renamed(detections, masked.line), spans, masked: { ...masked, newEdge: first.newEdge } };
}

function spansOf({ tokens }: MaskedLine): number {
  return tokens.reduce((sum, token) => sum + token.masks.length, 0);
}
