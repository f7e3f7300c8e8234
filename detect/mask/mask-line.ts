import { formatMask } from '../../contracts/masked-span.ts';
import { LEVELS } from '../../contracts/pack.ts';
import type { Span } from '../validators/span.ts';
import { startOf } from '../views/view.ts';
import type { DecodedToken, Detection } from './exact-match.ts';
import type { SiteTokens } from './site-tokens.ts';

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
  if (a.escaped !== b.escaped) return a.escaped;
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

/** A token with masks in it. */
export interface MaskedToken {
  /** What it was. */
  readonly kind: DecodedToken['token']['kind'];
  /** As it stands in the line now, quotes included. */
  readonly text: string;
  /** Those that were put in, in order, brackets included. */
  readonly masks: readonly string[];
  readonly newEdge: boolean;
}

/** What stands before or behind a mask could now be found, or read, otherwise than inside of a longer word, number or encoding. */
const EDGE_BEFORE = /(?:[\w.%+\\/;*-]|[^\0-\x7f])$/;
const EDGE_BEHIND = /^(?:[\w.%+\\/*-]|[^\0-\x7f]|&(?:#|\w{2,7};|lt|gt|amp|quot|nbsp))/i;
const MOST_EDGE_UNITS = 9;

function maskToken(raw: string, decoded: DecodedToken, detections: readonly Detection[], tokensOf: SiteTokens): MaskedToken {
  const clusters = clustersOf(detections);
  const { token, value } = decoded;
  const inside = token.kind === 'string' ? 1 : 0;
  const masks: string[] = [];
  let text = '"';
  let done = 0;
  let newEdge = false;
  for (const { span, winner } of clusters) {
    const { signature } = winner.rule;
    newEdge ||= EDGE_BEFORE.test(value.text.charAt(span.start - 1)) || EDGE_BEHIND.test(value.text.slice(span.end, span.end + MOST_EDGE_UNITS));
    const mask = formatMask(signature.class, tokensOf(signature.mask?.identifier ?? 'text', winner.text));
    masks.push(mask);
    text += raw.slice(inside + done, inside + startOf(value, span.start)) + mask;
    done = startOf(value, span.end);
  }
  return { kind: token.kind, text: `${text}${raw.slice(inside + done, raw.length - inside)}"`, masks, newEdge };
}

export interface MaskedLine {
  readonly line: string;
  readonly tokens: readonly MaskedToken[];
  /** A mask stands next to a word or number it was cut out of: the line must be looked at again. */
  readonly newEdge: boolean;
}

/**
 * Replaces what masking signatures found by masks, at its raw place; every other character stays. A number that holds
 * a mask becomes a string.
 */
export function maskLine(line: string, tokens: readonly DecodedToken[], detections: readonly Detection[], tokensOf: SiteTokens): MaskedLine {
  const masking = detections.filter((d) => d.rule.signature.mask !== undefined);
  const masked: MaskedToken[] = [];
  let out = '';
  let done = 0;
  let newEdge = false;
  if (masking.length > 0) for (const decoded of tokens) {
    const { start, end, index } = decoded.token;
    const found = masking.filter((d) => d.token === index);
    if (found.length === 0) continue;
    const token = maskToken(line.slice(start, end), decoded, found, tokensOf);
    masked.push(token);
    out += line.slice(done, start) + token.text;
    done = end;
    newEdge ||= token.newEdge;
  }
  return { line: done === 0 ? line : out + line.slice(done), tokens: masked, newEdge };
}
