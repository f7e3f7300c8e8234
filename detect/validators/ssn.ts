import { isDigit, isWord } from './span.ts';
import type { Span, Validator } from './span.ts';

/** Printed on cards and in advertisements: nobody's. */
const NOBODYS = new Set(['078051120', '219099999', '457555462', '123456789', '111111111', '333333333', '555555555', '777777777', '888888888']);

/** A US social security number the SSA can have issued: no area 000, 666 or 9xx, no group 00, no serial 0000. */
export const ssn: Validator = (text: string, span: Span): Span | undefined => {
  const before = text.charCodeAt(span.start - 1);
  const after = text.charCodeAt(span.end);
  if (isWord(before) || isWord(after) || before === 45 || before === 37 || after === 45 || ((after === 46 || after === 44) && isDigit(text.charCodeAt(span.end + 1)))) return undefined;
  if ((before === 46 || before === 44) && isDigit(text.charCodeAt(span.start - 2))) return undefined;
  const found = text.slice(span.start, span.end);
  const digits = found.replaceAll(/[^0-9]/g, '');
  // All separators must be the same.
  if (new Set(found.replaceAll(/[0-9]/g, '')).size > 1 || NOBODYS.has(digits)) return undefined;
  const area = digits.slice(0, 3);
  if (area === '000' || area === '666' || area.startsWith('9')) return undefined;
  return digits.slice(3, 5) === '00' || digits.slice(5) === '0000' ? undefined : span;
};
