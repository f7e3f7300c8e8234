import type { Span } from '../span.ts';
import { firstWordFrom, wordsOf } from './words.ts';
import type { Word } from './words.ts';

/** Terms of one kind, in the spelling of `folded`. */
export interface Lexicon {
  readonly terms: ReadonlySet<string>;
  /** Words with such an ending are terms, unless `except` finds them. */
  readonly endings: RegExp | undefined;
  readonly except: RegExp;
  /** A word before which one more word belongs to the term ("Huntington disease"). */
  readonly heads: ReadonlySet<string>;
}

const MOST_WORDS_OF_A_TERM = 5;
const LEAST_STEM_UNITS = 7;
const LONGEST_WORD_UNITS = 40;
/** Terms of a list parted by commas; words of a term by spaces. */
export function termsOf(list: string, endings: readonly string[], except: RegExp, heads: readonly string[]): Lexicon {
  return {
    terms: new Set(list.split(',').map((term) => term.trim()).filter((term) => term !== '')),
    endings: endings.length === 0 ? undefined : new RegExp(`[a-z]{3}(?:${endings.join('|')})(?:s|es|en)?$`),
    except,
    heads: new Set(heads),
  };
}

/** Terms that are everyday words unless in capitals. */
const IN_CAPITALS = new Set(['add', 'als', 'std', 'sti', 'tb', 'cad', 'tia', 'gad', 'sle', 'aids', 'ect', 'mri', 'mtx', 'mi', 'af', 'dm', 'ra', 'chf', 'ckd', 'htn']);
/** Words that make a thing of the term before them. */
const THINGS = new Set(['shot', 'shots', 'jab', 'zodiac', 'poster', 'tickets', 'ticket', 'awareness', 'ribbon', 'necklace', 'season', 'kit', 'kits', 'book', 'books', 'foundation', 'conference', 'cream', 'patches', 'pillow', 'mask', 'drive', 'storage', 'plugin', 'theme', 'office']);

function isTerm({ terms }: Lexicon, words: readonly Word[], first: number, count: number): boolean {
  const part = words.slice(first, first + count);
  const joined = part.map((word) => word.folded).join(' ');
  if (!terms.has(joined) || part.at(-1)?.stopAt !== part[0]?.stopAt || THINGS.has(words[first + count]?.folded ?? '')) return false;
  return !IN_CAPITALS.has(joined) || (part.every((word) => word.isCapitals) && !/\d/.test(words[first - 1]?.folded ?? ''));
}

/** Words of the longest term that begins at this word; 0 when none does. */
function termLength(lexicon: Lexicon, words: readonly Word[], first: number): number {
  const { endings, except, heads } = lexicon;
  for (let count = Math.min(MOST_WORDS_OF_A_TERM, words.length - first); count > 0; count--) if (isTerm(lexicon, words, first, count)) return count;
  const word = words[first]?.folded ?? '';
  if (heads.has(words[first + 1]?.folded ?? '') && word.length > 2 && !LINKS.has(word)) return 2;
  const isStem = endings !== undefined && word.length >= LEAST_STEM_UNITS && word.length <= LONGEST_WORD_UNITS && endings.test(word) && !except.test(word);
  return isStem ? 1 : 0;
}

/** Words that are no name of anything. */
const LINKS = new Set(['the', 'this', 'that', 'and', 'any', 'for', 'with', 'from', 'our', 'your', 'some', 'all', 'her', 'his', 'who', 'was', 'has', 'are', 'not', 'without', 'power', 'system', 'payment', 'network', 'server', 'disk', 'hardware', 'engine']);
/** Words that may stand between two terms of one list. */
const MOST_WORDS_BETWEEN = 2;
/** Words with which something else begins than the next of a list. */
const NEXT_CLAUSE = new Set(['i', 'my', 'he', 'she', 'his', 'her', 'they', 'we', 'you', 'your', 'their', 'patient', 'who', 'which', 'takes', 'people', 'patients', 'ich', 'er', 'sie', 'mein', 'meine', 'ihr', 'seine', 'menschen']);

export interface Reach {
  /** UTF-16 units behind the cue that are looked at. */
  readonly units: number;
  /** Words after which the first term begins at the latest. */
  readonly words: number;
  /** Before the first term, a word after which the sentence goes on about something else. */
  readonly stops?: ReadonlySet<string>;
}

/** What `termLength` found in the words of one text, by index plus one. */
const known = new WeakMap<readonly Word[], Map<Lexicon, Int8Array>>();

function termAt(lexicon: Lexicon, words: readonly Word[], first: number): number {
  let ofText = known.get(words);
  if (ofText === undefined) known.set(words, (ofText = new Map()));
  let lengths = ofText.get(lexicon);
  if (lengths === undefined) ofText.set(lexicon, (lengths = new Int8Array(words.length)));
  const remembered = lengths[first] ?? 0;
  if (remembered > 0) return remembered - 1;
  const length = termLength(lexicon, words, first);
  lengths[first] = length + 1;
  return length;
}

/** From the first term behind a cue to the last of the same list; undefined when none stands in reach. */
export function termsBehind(lexicon: Lexicon, text: string, from: number, reach: Reach): Span | undefined {
  const words = wordsOf(text);
  const firstWord = firstWordFrom(words, from);
  let found: Span | undefined;
  let last = 0;
  for (let i = firstWord; i < words.length; i++) {
    const word = words[i];
    if (word === undefined || word.stopAt >= from || word.end > from + reach.units) break;
    if (found === undefined ? i - firstWord > reach.words || reach.stops?.has(word.folded) === true : i - last > MOST_WORDS_BETWEEN || NEXT_CLAUSE.has(word.folded)) break;
    const count = termAt(lexicon, words, i);
    const end = words[i + count - 1]?.end;
    if (count === 0 || end === undefined) continue;
    found = { start: found?.start ?? word.start, end };
    i += count - 1;
    last = i + 1;
  }
  return found;
}

/** Whether a term begins within these units of the text. */
export function holdsTerm(lexicon: Lexicon, text: string, from: number, to: number): boolean {
  const words = wordsOf(text);
  for (let i = firstWordFrom(words, Math.max(0, from)); i < words.length && (words[i]?.end ?? to) <= to; i++) if (termAt(lexicon, words, i) > 0) return true;
  return false;
}

/** From the last term before a place to that place; undefined when none stands within so many units and its sentence. */
export function termsBefore(lexicon: Lexicon, text: string, at: number, reachUnits: number): Span | undefined {
  const words = wordsOf(text);
  const next = firstWordFrom(words, at);
  const stopAt = words[next - 1]?.stopAt ?? -1;
  for (let i = next - 1; i >= 0; i--) {
    const word = words[i];
    if (word === undefined || word.start < at - reachUnits || word.start < stopAt) break;
    if (word.end <= at && termAt(lexicon, words, i) > 0) return { start: word.start, end: at };
  }
  return undefined;
}
