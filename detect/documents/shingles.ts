import { finished } from './keyed-hash.ts';
import type { HashKey } from './keyed-hash.ts';
import { hashWords } from './word-hashes.ts';
import type { WordHashes } from './word-hashes.ts';

/** Words of a window. */
export const WINDOW_WORDS = 8;
/** Rows of a table count on their own when they have so many words: in another order they are still the same rows. */
const LEAST_ROW_WORDS = 4;
const MOST_ROW_WORDS = 40;
/** Tells a row from a window of the same words. */
const ROW = 0x5bd1e995;

/** Hashes of windows of words and of rows, each with the words it covers. */
export interface Shingles {
  readonly count: number;
  /** Those of the windows come first, in their order. */
  readonly windows: number;
  readonly low: Uint32Array;
  readonly high: Uint32Array;
  readonly words: WordHashes;
  /** By shingle, first word and the one behind its last. */
  readonly first: Uint32Array;
  readonly behind: Uint32Array;
}

/** Sums of words weighted by place: what leaves the window is taken out, what enters is added. */
function addWindows(shingles: { low: Uint32Array; high: Uint32Array; first: Uint32Array; behind: Uint32Array }, words: WordHashes, key: HashKey): number {
  let [lowWeight, highWeight] = [1, 1];
  for (let i = 0; i < WINDOW_WORDS; i++) [lowWeight, highWeight] = [Math.imul(lowWeight, key.low), Math.imul(highWeight, key.high)];
  let [low, high, windows] = [0, 0, 0];
  for (let i = 0; i < words.count; i++) {
    low = (Math.imul(low, key.low) + (words.low[i] ?? 0)) | 0;
    high = (Math.imul(high, key.high) + (words.high[i] ?? 0)) | 0;
    if (i >= WINDOW_WORDS) {
      low = (low - Math.imul(words.low[i - WINDOW_WORDS] ?? 0, lowWeight)) | 0;
      high = (high - Math.imul(words.high[i - WINDOW_WORDS] ?? 0, highWeight)) | 0;
    }
    if (i < WINDOW_WORDS - 1) continue;
    shingles.low[windows] = finished(low, key.end0);
    shingles.high[windows] = finished(high, key.end1);
    shingles.first[windows] = i - WINDOW_WORDS + 1;
    shingles.behind[windows++] = i + 1;
  }
  return windows;
}

/** All shingles of a text: each eight words in a row, and each row of four to forty words. */
export function shinglesOf(text: string, key: HashKey): Shingles {
  const words = hashWords(text, key);
  const most = words.count + words.rows.length;
  const found = { low: new Uint32Array(most), high: new Uint32Array(most), first: new Uint32Array(most), behind: new Uint32Array(most) };
  const windows = addWindows(found, words, key);
  let count = windows;
  for (let row = 0; row + 1 < words.rows.length; row++) {
    const [first = 0, behind = 0] = [words.rows[row], words.rows[row + 1]];
    if (behind - first < LEAST_ROW_WORDS || behind - first > MOST_ROW_WORDS) continue;
    let [low, high] = [ROW, ROW];
    for (let i = first; i < behind; i++) {
      low = (Math.imul(low, key.low) + (words.low[i] ?? 0)) | 0;
      high = (Math.imul(high, key.high) + (words.high[i] ?? 0)) | 0;
    }
    found.low[count] = finished(low, key.end0);
    found.high[count] = finished(high, key.end1);
    found.first[count] = first;
    found.behind[count++] = behind;
  }
  return { count, windows, words, ...found };
}

/** One number of both halves for sets; exact below 2^53, which is more than enough apart for them. */
export function shingleName(low: number, high: number): string {
  return `${high.toString(36)}.${low.toString(36)}`;
}
