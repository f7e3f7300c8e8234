import type { Span, Validator } from '../span.ts';
import { isCardNumber } from './issuers.ts';

/** A magnetic stripe whose account number an issuer can have given out (ISO/IEC 7813), with a month of expiry. */
export const track: Validator = (text: string, span: Span): Span | undefined => {
  const parts = /(\d{12,19})(?:[=D]|\^[^^]{2,26}\^)\d\d(\d\d)/.exec(text.slice(span.start, span.end));
  const month = Number(parts?.[2]);
  return parts !== null && isCardNumber(parts[1] ?? '') && month >= 1 && month <= 12 ? span : undefined;
};
