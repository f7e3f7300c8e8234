import { entropyOf } from '../entropy.ts';
import { isPlaceholder } from './placeholder.ts';
import type { Span, Validator } from '../span.ts';

/** Names made of words stay below; what a service issues stays above. */
const LEAST_BITS = 2.9;
/** Behind a prefix (`ghp_`, `sk-proj-`, `AKIA`) the random part is at least so long. */
const TAIL_UNITS = 16;
/** So much of it tells. */
const MOST_TAIL_UNITS = 96;

/** A key as a service issues it: its end is random, and the whole no example. */
export const issued: Validator = (text: string, span: Span): Span | undefined => {
  const found = text.slice(span.start, span.end);
  const tail = found.slice(-Math.max(TAIL_UNITS, Math.ceil(found.length / 2))).slice(0, MOST_TAIL_UNITS);
  return entropyOf(tail) < LEAST_BITS || isPlaceholder(found) ? undefined : span;
};
