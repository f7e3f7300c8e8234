import type { Scanner } from '../scanner.ts';
import { rulesByLine } from '../scanner.ts';
import { candidateTokens, exactMatches } from './exact-match.ts';
import { jsonTokens } from './json-tokens.ts';
import type { Detection, Rule } from './exact-match.ts';
import { maskLine } from './mask-line.ts';
import type { SiteTokens } from './site-tokens.ts';

/** A line whose hits were looked at exactly. */
export interface CleanedLine {
  readonly line: string;
  readonly detections: readonly Detection[];
  /** Masks put in. */
  readonly spans: number;
}

/** A mask next to a text can give it a new edge (`\b`), so a masked line is looked at again, at most so often. */
const MOST_ROUNDS = 4;

const NO_OMIT = new Uint32Array();
const NO_PREFIX = Buffer.alloc(0);

/** Field names as the masked line has them: a key can hold personal data. Masking keeps the number of tokens. */
function renamed(detections: readonly Detection[], line: string): readonly Detection[] {
  if (!detections.some((d) => d.rule.signature.mask !== undefined && d.field.endsWith('(key)'))) return detections;
  const tokens = jsonTokens(line);
  return detections.map((d) => ({ ...d, field: (tokens[d.token]?.field ?? '') }));
}

/** Masking rules that Hyperscan still finds in a line. */
function stillHit(scanner: Scanner, line: string): readonly Rule[] {
  const { hits } = scanner.native.process(scanner.database, {
    body: Buffer.from(`${line}\n`), nonces: true, envelopePrefix: NO_PREFIX, firstSeq: 0, skipLines: 0, omit: NO_OMIT,
  });
  return (rulesByLine(scanner, hits).get(0) ?? []).filter((rule) => rule.signature.mask !== undefined);
}

/** Detections of the hit rules and the line with all that must be masked replaced. `line` is valid JSON. */
export function cleanLine(scanner: Scanner, line: string, hit: readonly Rule[], tokensOf: SiteTokens): CleanedLine {
  let tokens = candidateTokens(line, hit);
  const detections = [...exactMatches(tokens, hit)];
  let masked = maskLine(line, tokens, detections, tokensOf);
  let spans = masked.spans;
  for (let round = 1; masked.newEdge && round < MOST_ROUNDS; round++) {
    const rules = stillHit(scanner, masked.line);
    if (rules.length === 0) break;
    tokens = candidateTokens(masked.line, rules);
    const more = exactMatches(tokens, rules);
    if (more.length === 0) break;
    detections.push(...more);
    masked = maskLine(masked.line, tokens, more, tokensOf);
    spans += masked.spans;
  }
  return { line: masked.line, detections: renamed(detections, masked.line), spans };
}
