import { createTally } from './distinct.ts';
import { compares } from './measure.ts';
import type { Comparisons, Measure } from './measure.ts';

/** Whether some mark has a share of all entries, in percent, that passes. */
export function shareMeasure(comparisons: Comparisons): Measure {
  const tally = createTally();
  /** How many marks there are of each count. */
  const marksOf = new Map<number, number>();
  let total = 0;

  function change(count: number, by: number): void {
    if (count === 0) return;
    const marks = (marksOf.get(count) ?? 0) + by;
    if (marks === 0) marksOf.delete(count);
    else marksOf.set(count, marks);
  }

  const move = (before: number, after: number): void => {
    total += after - before;
    change(before, -1);
    change(after, 1);
  };
  /** Shares that pass, the smallest; NaN when none does. */
  const smallest = (): number => {
    let least = Number.NaN;
    for (const count of marksOf.keys()) {
      const share = (100 * count) / total;
      if (!(share >= least) && compares(comparisons, share)) least = share;
    }
    return least;
  };
  return {
    forward: false,
    add(mark) {
      const before = tally.add(mark);
      move(before, before + 1);
    },
    remove(mark) {
      const before = tally.remove(mark);
      move(before, before - 1);
    },
    clear() {
      tally.clear();
      marksOf.clear();
      total = 0;
    },
    holds: () => !Number.isNaN(smallest()),
    value: smallest,
  };
}
