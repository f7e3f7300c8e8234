import { isWord, isDigit } from './span.ts';
import type { Span, Validator } from './span.ts';

/**
 * Issuer prefixes with the lengths their cards have (ISO/IEC 7812 registrations in use), from 14 digits on: old cards
 * of 13 look like Unix times in milliseconds and order keys, of which every tenth passes Luhn.
 */
const ISSUERS: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^4/, [16, 19]],
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  [/^3[47]/, [15]],
  [/^3(?:0[0-5]|095|[689])/, [14, 16, 19]],
  [/^35(?:2[89]|[3-8])/, [16, 17, 18, 19]],
  [/^(?:6011|64[4-9]|65|62|60|5018|5020|5038|56|57|58|6304|6759|676[1-3])/, [14, 15, 16, 17, 18, 19]],
];

const LEAST_DIGITS = 14;

export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    sum += i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}

function isCard(digits: string): boolean {
  return ISSUERS.some(([prefix, lengths]) => lengths.includes(digits.length) && prefix.test(digits)) && passesLuhn(digits);
}

/** No part of a longer number, word or decimal fraction. */
function standsAlone(text: string, start: number, end: number): boolean {
  if (isWord(text.charCodeAt(start - 1)) || isWord(text.charCodeAt(end))) return false;
  return !(text.charCodeAt(start - 1) === 46 && isDigit(text.charCodeAt(start - 2)));
}

/** A card number: the longest prefix of the found digits that is one (an expiry date may follow the number). */
export const luhn: Validator = (text: string, span: Span): Span | undefined => {
  const found = text.slice(span.start, span.end);
  for (let end = span.end; end - span.start >= LEAST_DIGITS; end--) {
    if (!isDigit(text.charCodeAt(end - 1)) || !standsAlone(text, span.start, end)) continue;
    const digits = found.slice(0, end - span.start).replaceAll(/[ -]/g, '');
    if (digits.length < LEAST_DIGITS) return undefined;
    if (isCard(digits)) return { start: span.start, end };
  }
  return undefined;
};
