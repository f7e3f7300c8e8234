import type { Span, Validator } from '../span.ts';

/** Text of an address's field: a letter or two digits in it, no address of a machine or a page. */
export const postalPart: Validator = (text: string, span: Span): Span | undefined => {
  const found = text.slice(span.start, span.end);
  if (!/\p{L}|\d\d/u.test(found) || found.includes('://') || /^\d{1,3}(?:\.\d{1,3}){3}$|^\u27e6/.test(found) || text === 'null') return undefined;
  return span;
};
