import type { Span, Validator } from './span.ts';

/** Bits a character below which a text is words rather than a random secret. */
const LEAST_BITS = 3.5;

/** Shannon entropy in bits a character. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const c of text) counts.set(c, (counts.get(c) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** Random enough, with digits and both letter cases: not a name made of words. */
export const entropy: Validator = (text: string, span: Span): Span | undefined => {
  const found = text.slice(span.start, span.end);
  const mixed = /[0-9]/.test(found) && /[a-z]/.test(found) && /[A-Z]/.test(found);
  return mixed && entropyOf(found) >= LEAST_BITS ? span : undefined;
};
