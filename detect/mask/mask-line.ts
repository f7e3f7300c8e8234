import { formatMask } from '../../contracts/masked-span.ts';
import type { KeptValue } from '../fields/kept-values.ts';
import type { Span } from '../validators/span.ts';
import { startOf } from '../views/view.ts';
import { clustersOf } from './clusters.ts';
import type { Cluster } from './clusters.ts';
import type { DecodedToken, Detection } from './exact-match.ts';
import { keptText } from './kept-text.ts';
import type { SiteTokens } from './site-tokens.ts';

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

/** What a mask stands for, where compliance may ask for it. */
export interface Recoverable {
  readonly token: string;
  /** As it was found, decoded. */
  readonly value: string;
}

export interface MaskedLine {
  readonly line: string;
  readonly tokens: readonly MaskedToken[];
  /** Values that were replaced as a whole. */
  readonly kept: number;
  readonly recoverable: readonly Recoverable[];
  /** A mask stands next to a word or number it was cut out of: the line must be looked at again. */
  readonly newEdge: boolean;
}

/** What stands before or behind a mask could now be found, or read, otherwise than inside of a longer word, number or encoding. */
const EDGE_BEFORE = /[\w.%+\\/;*-]|[^\0-\x7f]/;
const END_OF_RUN = /[\w+/-]{14}={1,2}$/;
const MOST_PADDED_UNITS = 16;
const EDGE_BEHIND = /^(?:[\w.%+\\/*-]|[^\0-\x7f]|&(?:#|\w{2,7};|lt|gt|amp|quot|nbsp))/i;
const MOST_EDGE_UNITS = 9;

function isEdge(text: string, { start, end }: Span): boolean {
  const before = text.charAt(start - 1);
  if (EDGE_BEFORE.test(before) || EDGE_BEHIND.test(text.slice(end, end + MOST_EDGE_UNITS))) return true;
  return before === '=' && END_OF_RUN.test(text.slice(Math.max(0, start - MOST_PADDED_UNITS), start));
}

/** A token in which something is to be masked. */
interface Found {
  readonly decoded: DecodedToken;
  readonly clusters: readonly Cluster[];
  /** The value it stands in when that is not kept as text. */
  readonly within: KeptValue | undefined;
}

/** The tokens of masking detections, in order; `detections` come in order of their tokens. */
function foundIn(tokens: readonly DecodedToken[], detections: readonly Detection[], kept: readonly KeptValue[]): readonly Found[] {
  const found: Found[] = [];
  let next = 0;
  let behind = 0;
  for (const decoded of tokens) {
    const { index } = decoded.token;
    const first = next;
    while (detections[next]?.token === index) next++;
    if (next === first) continue;
    while (behind < kept.length && lastToken(kept[behind]) < index) behind++;
    const value = kept[behind];
    const within = value !== undefined && value.firstToken <= index ? value : undefined;
    if (within?.keep !== 'nothing') found.push({ decoded, clusters: clustersOf(detections.slice(first, next)), within });
  }
  return found;
}

function lastToken(value: KeptValue | undefined): number {
  return value === undefined ? -1 : value.firstToken + value.tokens - 1;
}

function maskToken(raw: string, { decoded: { token, value }, clusters }: Found, masks: readonly string[]): MaskedToken {
  const inside = token.kind === 'string' ? 1 : 0;
  let text = '"';
  let done = 0;
  let newEdge = false;
  for (const [i, { span }] of clusters.entries()) {
    newEdge ||= isEdge(value.text, span);
    text += raw.slice(inside + done, inside + startOf(value, span.start)) + (masks[i] ?? '');
    done = startOf(value, span.end);
  }
  return { kind: token.kind, text: `${text}${raw.slice(inside + done, raw.length - inside)}"`, masks, newEdge };
}

/**
 * Replaces what masking signatures found by masks, at its raw place, and the values of `kept` as a whole; every other
 * character stays. A number that holds a mask becomes a string. `detections`: all of them, in order of their tokens.
 */
export function maskLine(line: string, tokens: readonly DecodedToken[], detections: readonly Detection[], kept: readonly KeptValue[], site: SiteTokens): MaskedLine {
  const found = foundIn(tokens, detections.filter((d) => d.rule.signature.mask !== undefined), kept);
  const winners = found.flatMap(({ clusters }) => clusters.map(({ winner }) => winner));
  const letters = winners.length === 0 ? [] : site.tokensOf(winners.map(({ rule, text }) => ({ kind: rule.signature.mask?.identifier ?? 'text', value: text })));
  const recoverable = winners.flatMap(({ rule, text }, i) => (rule.signature.mask?.recoverable === true ? [{ token: letters[i] ?? '', value: text }] : []));
  const masked: MaskedToken[] = [];
  let out = '';
  let done = 0;
  let nextKept = 0;
  const keepUpTo = (end: number): void => {
    for (let value = kept[nextKept]; value !== undefined && value.start < end; value = kept[++nextKept]) {
      out += line.slice(done, value.start) + keptText(line, value, detections, site);
      done = value.end;
    }
  };
  let nextLetters = 0;
  for (const one of found) {
    const { token } = one.decoded;
    const masks = one.clusters.map(({ winner }) => formatMask(winner.rule.signature.class, letters[nextLetters++] ?? ''));
    if (one.within !== undefined) continue;
    keepUpTo(token.start);
    const maskedToken = maskToken(line.slice(token.start, token.end), one, masks);
    masked.push(maskedToken);
    out += line.slice(done, token.start) + maskedToken.text;
    done = token.end;
  }
  keepUpTo(line.length);
  return { line: done === 0 ? line : out + line.slice(done), tokens: masked, kept: nextKept, recoverable, newEdge: masked.some(({ newEdge }) => newEdge) };
}
