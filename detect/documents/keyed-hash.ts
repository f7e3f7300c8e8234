/** Keys of the shingles' hash, from the 32 bytes of the deployment's fingerprint key. */
export interface HashKey {
  readonly k0: number;
  readonly k1: number;
  /** Odd: by these the words of a window are told apart by their places. */
  readonly low: number;
  readonly high: number;
  readonly end0: number;
  readonly end1: number;
}

export function hashKeyOf(key: Uint8Array): HashKey {
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength);
  const at = (i: number): number => view.getInt32(i * 4, true);
  return { k0: at(0), k1: at(1), low: at(2) | 1, high: at(3) | 1, end0: at(4), end1: at(5) };
}

/** Rounds behind each block, and behind the last for each half of the result. */
const BLOCK_ROUNDS = 1;
const LAST_ROUNDS = 3;

/**
 * 64 bits of a word under the key: HalfSipHash-1-3 (of Aumasson and Bernstein's family, 32-bit words and a 64-bit key) over its
 * UTF-16 units, two a block, and its length. Written into `low[at]` and `high[at]`. One function without calls: it runs
 * for every word of every text.
 */
export function hashWord({ k0, k1 }: HashKey, text: string, start: number, end: number, low: Int32Array, high: Int32Array, at: number): void {
  let [v0, v1, v2, v3] = [k0, k1 ^ 0xee, k0 ^ 0x6c796765, k1 ^ 0x74656462];
  const blocks = (end - start) >>> 1;
  // The blocks, the one with the length, then the two halves of the result.
  for (let step = 0; step <= blocks + 2; step++) {
    let block = 0;
    let rounds = BLOCK_ROUNDS;
    if (step < blocks) block = text.charCodeAt(start + step * 2) | (text.charCodeAt(start + step * 2 + 1) << 16);
    else if (step === blocks) block = ((end - start) << 24) | ((end - start) % 2 === 1 ? text.charCodeAt(end - 1) : 0);
    else {
      rounds = LAST_ROUNDS;
      if (step === blocks + 1) v2 ^= 0xee;
      else {
        low[at] = v1 ^ v3;
        v1 ^= 0xdd;
      }
    }
    v3 ^= block;
    for (let i = 0; i < rounds; i++) {
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
    }
    v0 ^= block;
  }
  high[at] = v1 ^ v3;
}

/** Spreads what two sums of words tell over all bits; under the key, so that sums cannot be solved for words. */
export function finished(half: number, key: number): number {
  let h = half ^ key;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
