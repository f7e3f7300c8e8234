import type { Span, Validator } from '../span.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A letter or digit's kind: 0 digit, 1 upper case, 2 lower case; -1 for any other. */
function kindOf(code: number): number {
  if (code >= 48 && code <= 57) return 0;
  if (code >= 65 && code <= 90) return 1;
  return code >= 97 && code <= 122 ? 2 : -1;
}

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/**
 * How often, in [0, 1], neighbouring letters and digits differ in kind: about 0.6 in random letters and digits, 0.4 when
 * these are all of one case, below 0.2 in names made of words, in file names and versions.
 */
export function changeRate(text: string): number {
  let changes = 0;
  let pairs = 0;
  let before = -1;
  for (let i = 0; i < text.length; i++) {
    const kind = kindOf(text.charCodeAt(i));
    if (kind !== -1 && before !== -1) {
      pairs++;
      if (kind !== before) changes++;
    }
    before = kind;
  }
  return pairs === 0 ? 0 : changes / pairs;
}

/** What services issue changes as often as this; names in code, which may look like a prefix with a key behind it, do not. */
const LEAST_CHANGE_RATE = 0.16;
/** Letters alone: every word of a name in camel case changes twice. */
const LEAST_CHANGE_RATE_OF_LETTERS = 0.34;

/** The second half, behind any prefix made of words, looks random. */
export const random: Validator = (text: string, span: Span): Span | undefined => {
  const found = text.slice(span.start, span.end);
  const looksRandom = /\d/.test(found) ? changeRate(found.slice(-Math.ceil(found.length / 2))) >= LEAST_CHANGE_RATE : changeRate(found) >= LEAST_CHANGE_RATE_OF_LETTERS;
  return looksRandom ? span : undefined;
};
