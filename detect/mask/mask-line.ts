import { formatMask } from '../../contracts/masked-span.ts';
import { LEVELS } from '../../contracts/pack.ts';
import type { Span } from '../validators/span.ts';
import type { DecodedToken, Detection } from './exact-match.ts';
import type { SiteTokens } from './site-tokens.ts';
import { originOf } from './view.ts';

/** Spans that overlap, to be replaced by one mask. */
interface Cluster {
  readonly span: Span;
  readonly winner: Detection;
}

function length(d: Detection): number {
  return d.span.end - d.span.start;
}

/** Whose class and token stand for a cluster: what was decoded, then the longest, then the gravest, then the first. */
function beats(a: Detection, b: Detection): boolean {
  if (a.percent !== b.percent) return a.percent;
  if (length(a) !== length(b)) return length(a) > length(b);
  const grave = LEVELS.indexOf(a.rule.signature.level) - LEVELS.indexOf(b.rule.signature.level);
  return grave === 0 ? a.rule.index < b.rule.index : grave > 0;
}

function clustersOf(detections: readonly Detection[]): readonly Cluster[] {
  const clusters: Cluster[] = [];
  for (const d of detections.toSorted((a, b) => a.span.start - b.span.start || b.span.end - a.span.end)) {
    const last = clusters.at(-1);
    if (last === undefined || d.span.start >= last.span.end) {
      clusters.push({ span: d.span, winner: d });
    } else {
      const span = { start: last.span.start, end: Math.max(last.span.end, d.span.end) };
      clusters[clusters.length - 1] = { span, winner: beats(d, last.winner) ? d : last.winner };
    }
  }
  return clusters;
}

interface MaskedToken {
  readonly text: string;
  readonly spans: number;
  readonly newEdge: boolean;
}

/** What stands beside a mask could now be found, or judged, otherwise than inside of a longer word or number. */
const WORD = /[\w.%+-]/;

function maskToken(raw: string, decoded: DecodedToken, detections: readonly Detection[], tokensOf: SiteTokens): MaskedToken {
  const clusters = clustersOf(detections);
  const inside = decoded.token.kind === 'string' ? 1 : 0;
  let text = '"';
  let done = 0;
  let newEdge = false;
  for (const { span, winner } of clusters) {
    const { signature } = winner.rule;
    newEdge ||= WORD.test(decoded.value.text.charAt(span.start - 1)) || WORD.test(decoded.value.text.charAt(span.end));
    text += raw.slice(inside + done, inside + originOf(decoded.value, span.start));
    text += formatMask(signature.class, tokensOf(signature.mask?.identifier ?? 'text', winner.text));
    done = originOf(decoded.value, span.end);
  }
  return { text: `${text}${raw.slice(inside + done, raw.length - inside)}"`, spans: clusters.length, newEdge };
}

export interface MaskedLine {
  readonly line: string;
  /** Masks that were put in. */
  readonly spans: number;
  /** A mask stands next to a word or number it was cut out of: the line must be looked at again. */
  readonly newEdge: boolean;
}

/**
 * Replaces what masking signatures found by masks, at its raw place; every other character stays. A number that holds
 * a mask becomes a string.
 */
export function maskLine(line: string, tokens: readonly DecodedToken[], detections: readonly Detection[], tokensOf: SiteTokens): MaskedLine {
  const byToken = Map.groupBy(detections.filter((d) => d.rule.signature.mask !== undefined), (d) => d.token);
  if (byToken.size === 0) return { line, spans: 0, newEdge: false };
  let out = '';
  let done = 0;
  let spans = 0;
  let newEdge = false;
  for (const decoded of tokens) {
    const found = byToken.get(decoded.token.index);
    if (found === undefined) continue;
    const { start, end } = decoded.token;
    const masked = maskToken(line.slice(start, end), decoded, found, tokensOf);
    out += line.slice(done, start) + masked.text;
    done = end;
    spans += masked.spans;
    newEdge ||= masked.newEdge;
  }
  return { line: out + line.slice(done), spans, newEdge };
}
