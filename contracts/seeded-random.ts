/**
 * A seeded generator (mulberry32): the same seed gives the same numbers everywhere. Called, it gives the next number in
 * [0, 1). For tests and load, not for secrets.
 */
export interface Random {
  (): number;
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
  /** A whole number in [from, to]. */
  between(from: number, to: number): number;
  chance(probability: number): boolean;
  /** Throws a RangeError when there is nothing to pick from. */
  pick<T>(values: readonly T[]): T;
  digits(count: number): string;
}

export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 0x100000000;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  const pick = <T>(values: readonly T[]): T => {
    const value = values[below(values.length)];
    if (value === undefined) throw new RangeError('nothing to pick from');
    return value;
  };
  return Object.assign(() => next(), {
    below,
    pick,
    between: (from: number, to: number) => from + below(to - from + 1),
    chance: (probability: number) => next() < probability,
    digits: (count: number) => Array.from({ length: count }, () => below(10)).join(''),
  });
}
