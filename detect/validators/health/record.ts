import type { Span, Validator } from '../span.ts';

const MOST_BACK_UNITS = 400;

/** The brace that opens the object a place stands in; the place itself when none is near. */
function objectStart(text: string, at: number): number {
  let depth = 0;
  for (let i = at - 1; i >= Math.max(0, at - MOST_BACK_UNITS); i--) {
    if (text[i] === '}') depth++;
    else if (text[i] === '{') {
      if (depth === 0) return i;
      depth--;
    } else if (text[i] === '⟦') return at;
  }
  return at;
}

/** The end of the object that opens here; of the text when it is cut off. Braces in strings are rare enough to count. */
function objectEnd(text: string, start: number): number {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth <= 0) return i + 1;
  }
  return text.length;
}

/** From the object that holds what was found to that object's end; a value that is nothing else stays itself. */
export const jsonObject: Validator = (text: string, span: Span): Span | undefined => {
  const start = objectStart(text, span.start);
  return text[start] === '{' ? { start, end: objectEnd(text, start) } : span;
};

/** To the end of the line: a segment of HL7 v2. */
export const lineRest: Validator = (text, { start, end }) => {
  const rest = text.slice(end).search(/[\r\n⟦]/);
  return { start, end: rest < 0 ? text.length : end + rest };
};

/** To the tilde that ends a segment of X12. */
export const segmentRest: Validator = (text, { start, end }) => {
  const rest = text.slice(end).search(/[~\r\n⟦]/);
  return { start, end: rest < 0 ? text.length : end + rest };
};

/** To the end of the text: an XML document is all about its patient. */
export const textRest: Validator = (text, { start, end }) => {
  const rest = text.indexOf('⟦', end);
  return { start, end: rest < 0 ? text.length : rest };
};
