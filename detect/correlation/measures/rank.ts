import { compares } from './measure.ts';
import type { Comparisons, Measure } from './measure.ts';

/**
 * A percentile of the marks. Between two numbers it is interpolated: the 50th of an even count is the mean of the two in
 * the middle.
 */
export function rankMeasure(comparisons: Comparisons, percentile: number): Measure {
  /** In order. */
  const numbers: number[] = [];

  function placeOf(number: number): number {
    let low = 0;
    let high = numbers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      // In range.
      if (numbers[middle]! < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function value(): number {
    const rank = (percentile / 100) * (numbers.length - 1);
    const below = numbers[Math.floor(rank)] ?? Number.NaN;
    const above = numbers[Math.ceil(rank)] ?? Number.NaN;
    return below === above ? below : below + (above - below) * (rank - Math.floor(rank));
  }
  return {
    forward: false,
    add(mark) {
      const number = Number(mark);
      const place = placeOf(number);
      if (place === numbers.length) numbers.push(number);
      else numbers.splice(place, 0, number);
    },
    remove: (mark) => void numbers.splice(placeOf(Number(mark)), 1),
    clear: () => void (numbers.length = 0),
    holds: () => numbers.length > 0 && compares(comparisons, value()),
    value,
  };
}
