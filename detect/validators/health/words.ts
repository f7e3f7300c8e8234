import type { Span } from '../span.ts';

/** A word in its place. */
export interface Word extends Span {
  /** Lower case without accents. */
  readonly folded: string;
  /** It has no small letter. */
  readonly isCapitals: boolean;
  /** The end of a sentence, or a mask, that stands nearest before it; -1 when none does. */
  readonly stopAt: number;
}

/** A validator sees each mask as a run of its bracket. A point behind a single digit numbers a list. */
const STOP_OR_WORD = /(⟦|[;!?\n\r|]|(?<!\b\d)\.(?=\s|$))|\p{N}+(?:[.,]\p{N}+)+|[\p{L}\p{N}]+(?:['’]\p{L}+)?/gu;
const PLAIN = /^[a-z0-9]+$/;

/** "Migräne" and "MIGRANE" are one. */
function folded(word: string): string {
  if (PLAIN.test(word)) return word;
  return word.normalize('NFKD').replace(/\p{M}+/gu, '').replace(/['’]/g, '').replaceAll('ß', 'ss').toLowerCase();
}

function readWords(text: string): readonly Word[] {
  const words: Word[] = [];
  let stopAt = -1;
  for (const match of text.matchAll(STOP_OR_WORD)) {
    const [found, stop] = match;
    if (stop !== undefined) stopAt = match.index;
    else words.push({ start: match.index, end: match.index + found.length, folded: folded(found), isCapitals: !/\p{Ll}/u.test(found), stopAt });
  }
  return words;
}

let lastText = '';
let lastWords: readonly Word[] = [];

/** The words of a text. Those of the text before are remembered: hostile texts hold thousands of cues. */
export function wordsOf(text: string): readonly Word[] {
  if (text !== lastText) [lastText, lastWords] = [text, readWords(text)];
  return lastWords;
}

/** Index of the first word that begins at a place or behind it. */
export function firstWordFrom(words: readonly Word[], place: number): number {
  let [low, high] = [0, words.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((words[middle]?.start ?? 0) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
