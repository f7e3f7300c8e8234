import { hashWord } from './keyed-hash.ts';
import type { HashKey } from './keyed-hash.ts';

/** The words of a text, hashed. */
export interface WordHashes {
  readonly count: number;
  readonly low: Int32Array;
  readonly high: Int32Array;
  /** UTF-16 units. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** Lines of the text by their first word, and the end of the last: row i is `[rows[i], rows[i + 1])`. */
  readonly rows: readonly number[];
}

/** A word goes on after so many units as another word. */
const LONGEST_WORD_UNITS = 120;
const LONGEST_TAG_UNITS = 300;

/** Letters and digits; of what is beyond ASCII all but spaces, punctuation and the brackets of masks. */
function isWordUnit(unit: number): boolean {
  if (unit < 128) return (unit >= 97 && unit <= 122) || (unit >= 48 && unit <= 57) || (unit >= 65 && unit <= 90);
  if (unit < 0xc0) return unit === 0xaa || unit === 0xb5 || unit === 0xba;
  return !(unit === 0xd7 || unit === 0xf7 || (unit >= 0x2000 && unit <= 0x206f) || (unit >= 0x20a0 && unit <= 0x20cf) || (unit >= 0x2190 && unit <= 0x2bff) || (unit >= 0x3000 && unit <= 0x303f) || (unit >= 0xff01 && unit <= 0xff0f) || unit === 0xfeff);
}

/** Without case; as long as the text, so that places hold. */
function caseless(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : Array.from({ length: text.length }, (_, i) => text.charAt(i).toLowerCase().charAt(0)).join('');
}

/** The end of the tag that begins here, so that the words of a page or an HTML mail follow each other; the place itself where none does. */
function tagEnd(text: string, at: number): number {
  if (text.charCodeAt(at) !== 60 || !/[a-z/!]/.test(text.charAt(at + 1))) return at;
  const most = Math.min(text.length, at + LONGEST_TAG_UNITS);
  for (let i = at + 1; i < most; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 62) return i;
    if (unit === 60) return at;
  }
  return at;
}

/** Runs of letters and digits without case, in order; punctuation, spaces and line breaks only part them. */
export function hashWords(source: string, key: HashKey): WordHashes {
  const text = caseless(source);
  const most = (text.length >>> 1) + 1;
  const [low, high, starts, ends] = [new Int32Array(most), new Int32Array(most), new Uint32Array(most), new Uint32Array(most)];
  const rows = [0];
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    i = tagEnd(text, i);
    const unit = text.charCodeAt(i);
    if (unit === 10 && rows.at(-1) !== count) rows.push(count);
    if (!isWordUnit(unit)) continue;
    const start = i;
    for (i++; i < text.length && i - start < LONGEST_WORD_UNITS && isWordUnit(text.charCodeAt(i)); ) i++;
    hashWord(key, text, start, i, low, high, count);
    starts[count] = start;
    ends[count] = i;
    count++;
    i--;
  }
  if (rows.at(-1) !== count) rows.push(count);
  return { count, low, high, starts, ends, rows };
}
