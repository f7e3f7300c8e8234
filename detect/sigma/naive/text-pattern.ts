import { ANY, ONE } from '../rule.ts';
import type { TextPart } from '../rule.ts';

/** Parts between two `*`: literals and `?`. */
type Segment = readonly Exclude<TextPart, typeof ANY>[];

/**
 * Whether the whole text is the parts in order; `*` stands for any units, `?` for one. Each segment between two `*` is
 * taken where it first fits: a later place could only leave less for the rest. No work is done twice for one place.
 */
export function matchesPattern(parts: readonly TextPart[], text: string): boolean {
  const [first = [], ...more] = segmentsOf(parts);
  if (more.length === 0) return lengthOf(first) === text.length && fits(first, text, 0);
  const last = more.at(-1) ?? [];
  const end = text.length - lengthOf(last);
  if (!fits(first, text, 0)) return false;
  let at = lengthOf(first);
  for (const segment of more.slice(0, -1)) {
    const found = find(segment, text, at, end);
    if (found < 0) return false;
    at = found + lengthOf(segment);
  }
  return at <= end && fits(last, text, end);
}

function segmentsOf(parts: readonly TextPart[]): readonly Segment[] {
  const segments: Exclude<TextPart, typeof ANY>[][] = [[]];
  for (const part of parts) {
    if (part === ANY) segments.push([]);
    else segments.at(-1)?.push(part);
  }
  return segments;
}

function lengthOf(segment: Segment): number {
  return segment.reduce((length, part) => length + (part === ONE ? 1 : part.length), 0);
}

function fits(segment: Segment, text: string, from: number): boolean {
  let at = from;
  for (const part of segment) {
    if (part !== ONE && !text.startsWith(part, at)) return false;
    at += part === ONE ? 1 : part.length;
  }
  return at <= text.length;
}

/** Where the segment first fits from `from` on without going beyond `end`; -1: nowhere. */
function find(segment: Segment, text: string, from: number, end: number): number {
  const [only, ...others] = segment;
  if (typeof only === 'string' && others.length === 0) {
    const found = text.indexOf(only, from);
    return found + only.length > end ? -1 : found;
  }
  for (let at = from; at + lengthOf(segment) <= end; at++) if (fits(segment, text, at)) return at;
  return -1;
}
