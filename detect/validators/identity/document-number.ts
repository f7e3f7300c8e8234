import { standsAlone } from '../national/identifier.ts';
import type { Span, Validator } from '../span.ts';
import { isLabelledOtherwise } from './unlabelled.ts';

const MOST_SIGNS = 18;

/** Signs of a paper's number: letters and digits, at least `leastDigits` of these; no date, no word. */
function documentNumber(leastSigns: number, leastDigits: number): Validator {
  return (text, span): Span | undefined => {
    const found = text.slice(span.start, span.end);
    const signs = found.replaceAll(/[ -]/g, '');
    const digits = signs.replaceAll(/[^0-9]/g, '').length;
    if (signs.length < leastSigns || signs.length > MOST_SIGNS || digits < leastDigits) return undefined;
    if (/^(?:\d{4}-\d\d-\d\d|\d\d?-\d\d?-\d{4}|(?:19|20)\d{6})$/.test(found)) return undefined;
    return standsAlone(text, span) && !isLabelledOtherwise(text, span.start) ? span : undefined;
  };
}

/** ICAO 9303 gives a passport's number up to nine signs; nearly all in use have eight or nine. */
export const passportNumber: Validator = documentNumber(8, 5);

export const licenceNumber: Validator = documentNumber(6, 4);
