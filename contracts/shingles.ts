import { createHmac } from 'node:crypto';

/** Words of a shingle. */
export const SHINGLE_WORDS = 5;
/** Shingles of a sketch. */
export const SKETCH_SHINGLES = 16;
/** Letters of a shingle: four bits each, written a to p. */
export const SHINGLE_LETTERS = 16;

/** Runs of letters and digits, in lower case after NFKC. */
export function wordsOf(text: string): readonly string[] {
  return text.normalize('NFKC').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** The key of a site's shingles, 32 bytes: what it hashes says nothing of its tokens. `siteKey`: of the tokens. */
export function shingleKeyOf(siteKey: Uint8Array): Buffer {
  return createHmac('sha256', siteKey).update('tourniquet/shingles/v1').digest();
}

/**
 * The sketch of a text: of each five words in a row, joined by spaces, the first 64 bits of HMAC-SHA-256 under the site's
 * shingle key in letters; of the distinct ones the sixteen that sort first. Two texts of a site share about as much of
 * their sketches as of their wording, while neither can be read, or guessed at without the key. Fewer than five words have
 * none: so short a text could be tried out by who has the key.
 */
export function sketchOf(shingleKey: Uint8Array, text: string): readonly string[] {
  const words = wordsOf(text);
  const shingles = new Set<string>();
  for (let i = 0; i + SHINGLE_WORDS <= words.length; i++) {
    const mac = createHmac('sha256', shingleKey).update(words.slice(i, i + SHINGLE_WORDS).join(' ')).digest();
    let letters = '';
    for (let k = 0; k < SHINGLE_LETTERS / 2; k++) letters += String.fromCharCode(97 + ((mac[k] ?? 0) >> 4), 97 + ((mac[k] ?? 0) & 15));
    shingles.add(letters);
  }
  return [...shingles].toSorted().slice(0, SKETCH_SHINGLES);
}
