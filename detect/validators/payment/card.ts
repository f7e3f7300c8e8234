import { isDigit, isWord } from '../span.ts';
import type { Span, Validator } from '../span.ts';
import { isCardNumber } from './issuers.ts';
import { labelledOtherwise } from './number-label.ts';

/** Old cards of 12 and 13 digits look like times and article numbers, of which every tenth passes Luhn: they need a word beside them. */
const LEAST_DIGITS = 14;
const LEAST_DIGITS_IN_CONTEXT = 12;

/** How cards are parted in print; other groups are lists of numbers, dates and addresses. */
const GROUPS = /^(?:4 4 4(?: [1-4])?|4 4 4 4 [1-3]|4 4 5|4 6 [45]|4 5 6|[68] \d{1,2}|4 12)$/;

/** No part of a longer number, word, decimal fraction or address. */
function standsAlone(text: string, start: number, end: number): boolean {
  const [before, behind] = [text.charCodeAt(start - 1), text.charCodeAt(end)];
  if (isWord(before) || isWord(behind)) return false;
  if ((before === 46 || before === 45 || before === 43) && isWord(text.charCodeAt(start - 2))) return false;
  return !(behind === 46 && isDigit(text.charCodeAt(end + 1)));
}

function parted(found: string): boolean {
  const groups = found.split(/[ .-]+/);
  return groups.length === 1 || (new Set(found.replaceAll(/\d/g, '')).size === 1 && GROUPS.test(groups.map(({ length }) => length).join(' ')));
}

/** A group of four right before, parted alike: of an account, a parcel, or of a card before this one. */
const GROUP_BEFORE = /(?<![A-Za-z0-9])((?:\d{4}[ .-]){0,3})([A-Z]{2}\d\d|\d{4})([ .-])$/;
const LONGEST_BEFORE_UNITS = 24;

/** Whether parted digits go on to the left: the end of an IBAN or a parcel's number is no card. */
function goesOnBefore(text: string, start: number, found: string): boolean {
  const [, groups = '', group = '', separator = ''] = GROUP_BEFORE.exec(text.slice(Math.max(0, start - LONGEST_BEFORE_UNITS), start)) ?? [];
  return group !== '' && found.includes(separator) && !isCardNumber(`${groups}${group}`.replaceAll(/\D/g, ''));
}

/** The longest prefix of the found digits that is a card (an expiry date may follow the number). */
function cardIn(text: string, span: Span, leastDigits: number): Span | undefined {
  for (let end = span.end; end - span.start >= leastDigits; end--) {
    if (!isDigit(text.charCodeAt(end - 1)) || !standsAlone(text, span.start, end)) continue;
    const found = text.slice(span.start, end);
    const digits = found.replaceAll(/\D/g, '');
    if (digits.length < leastDigits) return undefined;
    if (isCardNumber(digits) && parted(found) && !goesOnBefore(text, span.start, found)) return { start: span.start, end };
  }
  return undefined;
}

/** A card number that nothing beside it names otherwise. */
export const card: Validator = (text: string, span: Span): Span | undefined => {
  const found = cardIn(text, span, LEAST_DIGITS);
  return found === undefined || labelledOtherwise(text, found.start) ? undefined : found;
};

/** A short card number, for a signature that asks for a word like card beside it. */
export const shortCard: Validator = (text: string, span: Span): Span | undefined => {
  const found = cardIn(text, span, LEAST_DIGITS_IN_CONTEXT);
  return found === undefined || text.slice(found.start, found.end).replaceAll(/\D/g, '').length >= LEAST_DIGITS || labelledOtherwise(text, found.start) ? undefined : found;
};
