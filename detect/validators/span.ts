/** Start (inclusive) and end (exclusive) in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Judges what a pattern found, with the text around it and the field it stands in. Returns the part that is really meant
 * (within the found span, or around it where the pattern looks for a part only), undefined when it is none.
 */
export type Validator = (text: string, span: Span, field: string) => Span | undefined;

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Letter, digit or underscore. */
export function isWord(code: number): boolean {
  return isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
}
