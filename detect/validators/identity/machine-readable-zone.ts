import { documentCheck } from '../national/germany.ts';
import type { Span, Validator } from '../span.ts';

function checks(text: string, digit: string): boolean {
  return String(documentCheck(text)) === digit || (digit === '<' && /^<*$/.test(text));
}

/** Second line of a passport or visa (ICAO 9303-4, 9303-7): number, birth and expiry, each with its check digit. */
function isPassportLine(line: string): boolean {
  return checks(line.slice(0, 9), line.charAt(9)) && checks(line.slice(13, 19), line.charAt(19)) && checks(line.slice(21, 27), line.charAt(27));
}

/** Second line of a card (ICAO 9303-5): birth and expiry; its number stands in the first. */
function isCardLine(line: string): boolean {
  return checks(line.slice(0, 6), line.charAt(6)) && checks(line.slice(8, 14), line.charAt(14));
}

/** First line of a card: kind, state, number and its check digit. */
function isCardNumberLine(line: string): boolean {
  return /^[ACI][A-Z<]{4}/.test(line) && checks(line.slice(5, 14), line.charAt(14));
}

/** Takes a line of the zone that begins so far before what the pattern found, if all of it is there. */
function zoneLine(before: number, lengths: readonly number[], isLine: (line: string) => boolean): Validator {
  return (text, { start: found }): Span | undefined => {
    const start = found - before;
    const signs = /^[A-Z0-9<]+/.exec(text.slice(Math.max(0, start), start + 48))?.[0].length ?? 0;
    const length = lengths.find((most) => signs >= most);
    if (start < 0 || length === undefined || /[A-Za-z0-9]/.test(text.charAt(start - 1)) || /[A-Za-z0-9]/.test(text.charAt(start + length))) return undefined;
    return isLine(text.slice(start, start + length)) ? { start, end: start + length } : undefined;
  };
}

/** From the check digit of the number on; a visa of the smaller size has 36 signs. */
export const passportZone: Validator = zoneLine(9, [44, 36], isPassportLine);

/** From the birth on. */
export const cardZone: Validator = zoneLine(0, [30], isCardLine);

/** From the number on. */
export const cardNumberZone: Validator = zoneLine(5, [30], isCardNumberLine);
