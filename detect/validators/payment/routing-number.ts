import type { Span, Validator } from '../span.ts';

const WEIGHTS = [3, 7, 1] as const;
/** First two digits of the Federal Reserve: districts, thrifts, electronic transfers, traveller's cheques. */
const DISTRICT = /^(?:0[1-9]|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)/;

/** A US routing number: nine digits with the checksum of the American Bankers Association. */
export const routingNumber: Validator = (text: string, span: Span): Span | undefined => {
  const digits = text.slice(span.start, span.end);
  let sum = 0;
  for (let i = 0; i < digits.length; i++) sum += (digits.charCodeAt(i) - 48) * (WEIGHTS[i % 3] ?? 0);
  return digits.length === 9 && sum % 10 === 0 && DISTRICT.test(digits) ? span : undefined;
};
