import type { Mark } from '../entries.ts';
import { compares } from './measure.ts';
import type { Comparisons, Measure } from './measure.ts';

/** Fractions are counted in units, so that a sum is the same in whatever order its numbers come. */
const UNITS = 1e9;

/** The sum of the marks, or their average. Numbers count to nine decimals. */
export function sumMeasure(comparisons: Comparisons, what: 'sum' | 'average'): Measure {
  let whole = 0;
  let units = 0;
  let count = 0;

  function change(mark: Mark, by: 1 | -1): void {
    const number = Number(mark);
    const floor = Math.floor(number);
    whole += by * floor;
    if (number !== floor) units += by * Math.round((number - floor) * UNITS);
    count += by;
  }

  function value(): number {
    const carry = Math.floor(units / UNITS);
    const sum = whole + carry + (units - carry * UNITS) / UNITS;
    return what === 'sum' ? sum : sum / count;
  }
  return {
    forward: false,
    add: (mark) => change(mark, 1),
    remove: (mark) => change(mark, -1),
    clear() {
      whole = 0;
      units = 0;
      count = 0;
    },
    holds: () => count > 0 && compares(comparisons, value()),
    value,
  };
}
