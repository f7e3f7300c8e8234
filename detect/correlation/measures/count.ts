import { compares } from './measure.ts';
import type { Comparisons, Measure } from './measure.ts';

/** How many entries there are. */
export function countMeasure(comparisons: Comparisons): Measure {
  let count = 0;
  return {
    forward: false,
    add: () => void count++,
    remove: () => void count--,
    clear: () => void (count = 0),
    holds: () => count > 0 && compares(comparisons, count),
    value: () => count,
  };
}
