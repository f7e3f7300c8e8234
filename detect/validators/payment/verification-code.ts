import type { Span, Validator } from '../span.ts';

/** Words of messages about the code: `cvv must have 3 digits`. */
const MESSAGE = /(?<![a-z])(?:must|should|has|have|needs?|requires?|exactly|least|most|between|error|code|http|line|since|in|until|version|v|status)[^\w]{1,3}$/i;
/** Between the word and the code stand signs and at most a short word. */
const NEAR = /(?:cvv2?|cvc2?|code|verification|value|number|no|nr|is|was|=|:|"|\]|\))[^\w]{0,6}$/i;
const WINDOW_UNITS = 24;

/** Three or four digits right behind the word, or the whole of a field that is named so. */
export const verificationCode: Validator = (text: string, span: Span): Span | undefined => {
  if (text.trim().length === span.end - span.start) return span;
  const before = text.slice(Math.max(0, span.start - WINDOW_UNITS), span.start);
  return !NEAR.test(before) || (MESSAGE.test(before) && !/(?:cvv2?|cvc2?|security|card) code[^\w]{1,3}$/i.test(before)) ? undefined : span;
};
