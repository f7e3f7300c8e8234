import type { SignatureContext } from '../../contracts/pack.ts';
import type { Span } from '../validators/span.ts';

const BEFORE = 48;
const LONGEST_WORD_UNITS = 64;

/** The words anywhere, for JavaScript and Hyperscan alike. */
export function wordsPattern(words: readonly string[]): string {
  return `(?:${words.map((word) => word.replaceAll(' ', '[ _-]?')).join('|')})`;
}

/** Up to the quote that ends a name; texts with humps (iPhone; CPU) hold one of these signs before theirs. */
const REST_OF_NAME = '[^" /;()=&?]*"';

/**
 * Where a word may be one: no letter before and behind it, or a hump of a camel-cased name without spaces. Rarer than the
 * letters anywhere: "tel" is in every hotel, "phone" in every iPhone.
 */
export function standingWordsPattern(words: readonly string[]): string {
  const humps = words.map((word) => `(?-i:${word.charAt(0).toUpperCase()})${word.slice(1)}`);
  return `[^a-z]${wordsPattern(words)}(?:[^a-z]|(?-i:[A-Z])${REST_OF_NAME})|[a-z0-9]${wordsPattern(humps)}${REST_OF_NAME}`;
}

export const CONTEXT_WORD = /^[a-z0-9]+(?: [a-z0-9]+)*$/;

/** Says whether one of a signature's context words stands near a value. */
export interface ContextTest {
  /** For the spans of one text, asked in the order of their starts: whether a word stands before or behind one. */
  in(text: string): (span: Span) => boolean;
  /** In the last two names of a dotted path. */
  inField(field: string): boolean;
  /** In a label that belongs to the value. */
  inLabel(label: string): boolean;
}

/** Field names that senders make up are not all remembered. */
const MOST_REMEMBERED = 4096;

/** `billingDOB` and `billing_dob` are the words billing and dob. */
function spaced(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').replaceAll(/[^A-Za-z0-9]+/g, ' ');
}

export function contextTest({ words, before = BEFORE, after = 0 }: SignatureContext): ContextTest {
  // Digits end a word, too: "MRN00123456".
  const whole = new RegExp(`(?<![a-z])${wordsPattern(words)}(?![a-z])`, 'gi');
  const known = new Map<string, boolean>();
  const inLabel = (label: string): boolean => {
    whole.lastIndex = 0;
    return whole.test(spaced(label));
  };
  return {
    in: (text) => wordsNear(whole, text, before, after),
    inField(field) {
      let named = known.get(field);
      if (named === undefined) {
        named = field.split('.').slice(-2).some(inLabel);
        if (known.size < MOST_REMEMBERED) known.set(field, named);
      }
      return named;
    },
    inLabel,
  };
}

/** The text is gone through once, however many spans there are: hostile ones hold thousands. */
function wordsNear(whole: RegExp, text: string, before: number, after: number): (span: Span) => boolean {
  const words: Span[] = [];
  let from = 0;
  const findUpTo = (end: number): void => {
    while (from < text.length && (words.at(-1)?.start ?? -1) <= end) {
      whole.lastIndex = from;
      const match = whole.exec(text);
      from = match === null ? text.length : whole.lastIndex;
      if (match !== null) words.push({ start: match.index, end: whole.lastIndex });
    }
  };
  return ({ start, end }) => {
    findUpTo(end + after);
    for (let i = words.length - 1; i >= 0; i--) {
      const word = words[i];
      if (word === undefined || word.start < start - before) break;
      if (word.end <= start || (word.start >= end && word.end <= end + after)) return true;
    }
    return false;
  };
}

export function contextWordProblem(words: readonly string[]): string | undefined {
  const wrong = words.find((word) => !CONTEXT_WORD.test(word) || word.length > LONGEST_WORD_UNITS);
  return wrong === undefined ? undefined : `${JSON.stringify(wrong)} must be lower-case letters, digits and single spaces, at most ${LONGEST_WORD_UNITS} together`;
}
