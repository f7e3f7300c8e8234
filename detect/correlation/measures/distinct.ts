import type { Mark } from '../entries.ts';
import { compares } from './measure.ts';
import type { Comparisons, Measure } from './measure.ts';

/** Entries of each mark. */
export interface Tally {
  readonly counts: ReadonlyMap<Mark, number>;
  /** Returns how many there were before. */
  add(mark: Mark): number;
  remove(mark: Mark): number;
  clear(): void;
}

export function createTally(): Tally {
  const counts = new Map<Mark, number>();
  return {
    counts,
    add(mark) {
      const before = counts.get(mark) ?? 0;
      counts.set(mark, before + 1);
      return before;
    },
    remove(mark) {
      const before = counts.get(mark) ?? 0;
      if (before > 1) counts.set(mark, before - 1);
      else counts.delete(mark);
      return before;
    },
    clear: () => counts.clear(),
  };
}

/** How many different marks there are. */
export function distinctMeasure(comparisons: Comparisons): Measure {
  const { counts, ...tally } = createTally();
  return {
    ...tally,
    forward: false,
    holds: () => counts.size > 0 && compares(comparisons, counts.size),
    value: () => counts.size,
  };
}
