import { isDigit, isWord } from '../span.ts';
import type { Span, Validator } from '../span.ts';

const SEPARATORS = /[ .:_/()-]/g;
const DASH = 45;
const DOT = 46;
const SLASH = 47;
const COLON = 58;
const COMMA = 44;
const AT = 64;
const PERCENT = 37;
const SPACE = 32;

/** Joins parts of one number, name, path or address. */
function joins(code: number): boolean {
  return code === DASH || code === DOT || code === COMMA || code === SLASH || code === COLON;
}

/** A group of digits stands beside a number written in groups: it is one of the same, longer number. */
function isAmongGroups(text: string, { start, end }: Span): boolean {
  if (!/[ -]/.test(text.slice(start, end))) return false;
  const before = text.charCodeAt(start - 1);
  const after = text.charCodeAt(end);
  const precedes = (before === SPACE || before === DASH) && isDigit(text.charCodeAt(start - 2));
  return precedes || ((after === SPACE || after === DASH) && isDigit(text.charCodeAt(end + 1)));
}

/** No part of a longer number, word, decimal fraction, dashed key, percent escape or address. */
export function standsAlone(text: string, span: Span): boolean {
  const { start, end } = span;
  const before = text.charCodeAt(start - 1);
  const after = text.charCodeAt(end);
  if (isWord(before) || isWord(after) || after === AT || before === PERCENT || isAmongGroups(text, span)) return false;
  if (joins(before) && isDigit(text.charCodeAt(start - 2))) return false;
  // A part of a UUID, of a path that ends in a number.
  if ((before === DASH || before === SLASH) && isWord(text.charCodeAt(start - 2))) return false;
  return !(joins(after) && (isDigit(text.charCodeAt(end + 1)) || (after === DASH && isWord(text.charCodeAt(end + 1)))));
}

/** The number without what only parts it for the eye, in capitals. */
function compact(text: string): string {
  return text.replaceAll(SEPARATORS, '').toUpperCase();
}

/**
 * Accepts a span that stands alone and whose compact form passes the check. `before` characters stand before what the
 * pattern found (it begins with what is rare), single spaces left out of the count.
 */
export function identifier(check: (compact: string) => boolean, before = 0): Validator {
  return (text, found) => {
    let start = found.start;
    for (let left = before; left > 0; left--) {
      start--;
      if (text.charCodeAt(start) === SPACE && text.charCodeAt(start - 1) !== SPACE) start--;
    }
    const span = { start, end: found.end };
    return start >= 0 && standsAlone(text, span) && check(compact(text.slice(start, found.end))) ? span : undefined;
  };
}
