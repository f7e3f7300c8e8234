import type { Span, Validator } from '../span.ts';
import { isCardNumber } from './issuers.ts';

/** Units before an expiry date in which its card stands. */
const WINDOW_UNITS = 64;
const DIGITS = /\d(?:[ .-]?\d){11,18}/g;

/** What stands a few words behind a card number. */
export const besideCard: Validator = (text: string, span: Span): Span | undefined => {
  const before = text.slice(Math.max(0, span.start - WINDOW_UNITS), span.start);
  return (before.match(DIGITS) ?? []).some((digits) => isCardNumber(digits.replaceAll(/\D/g, ''))) ? span : undefined;
};
