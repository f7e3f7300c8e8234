import type { Span, Validator } from '../span.ts';
import { labelledOtherwise } from './number-label.ts';

/** A date or a time is no account. */
const DATE = /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])/;

/** The number of an account: varied digits that nothing names otherwise. */
export const accountNumber: Validator = (text: string, span: Span): Span | undefined => {
  const digits = text.slice(span.start, span.end).replaceAll(/\D/g, '');
  return DATE.test(digits) || new Set(digits).size < 3 || labelledOtherwise(text, span.start) ? undefined : span;
};
