import { firstFrom, markOf, timeOf } from './entries.ts';
import type { Entries } from './entries.ts';
import type { Measure } from './measures/measure.ts';

/**
 * A window that moves over the entries of a group. Those from `low` to `high` are in the measure, so that a step costs
 * what enters and leaves, not what stays.
 */
export interface Sweep {
  readonly measure: Measure;
  low: number;
  /** `low - 1` when nothing is in the measure. */
  high: number;
}

export function createSweep(measure: Measure): Sweep {
  return { measure, low: 0, high: -1 };
}

export function resetSweep(sweep: Sweep): Sweep {
  sweep.measure.clear();
  sweep.low = 0;
  sweep.high = -1;
  return sweep;
}

function add({ measure }: Sweep, entries: Entries, index: number): void {
  measure.add(markOf(entries, index), timeOf(entries, index));
}

function remove({ measure }: Sweep, entries: Entries, index: number): void {
  measure.remove(markOf(entries, index));
}

/** Moves to the window that ends at the time of the entry `last`, the last of that time. Returns when it begins. */
export function lookBack(sweep: Sweep, entries: Entries, last: number, timespanMs: number): number {
  const { measure } = sweep;
  const from = timeOf(entries, last) - timespanMs + 1;
  const backwards = last < sweep.high || (sweep.low > 0 && timeOf(entries, sweep.low - 1) >= from);
  if (sweep.high < sweep.low || last < sweep.low || (measure.forward && backwards)) {
    resetSweep(sweep);
    sweep.low = firstFrom(entries, from);
    sweep.high = sweep.low - 1;
  }
  while (sweep.high > last) remove(sweep, entries, sweep.high--);
  while (sweep.low > 0 && timeOf(entries, sweep.low - 1) >= from) add(sweep, entries, --sweep.low);
  while (sweep.high < last) add(sweep, entries, ++sweep.high);
  while (timeOf(entries, sweep.low) < from) remove(sweep, entries, sweep.low++);
  return from;
}

/** Moves on to the window that begins at the time of the entry `first`, the first of that time, and ends before `until`. */
export function lookAhead(sweep: Sweep, entries: Entries, first: number, until: number): void {
  if (sweep.high < first || sweep.low > first) {
    resetSweep(sweep);
    sweep.low = first;
    sweep.high = first - 1;
  }
  while (sweep.high + 1 < entries.times.length && timeOf(entries, sweep.high + 1) < until) add(sweep, entries, ++sweep.high);
  while (sweep.low < first) remove(sweep, entries, sweep.low++);
}

/** The entry with this index is new. */
export function sweepInserted(sweep: Sweep, entries: Entries, index: number): void {
  if (index > sweep.high) return;
  if (index <= sweep.low) {
    sweep.low++;
    sweep.high++;
  } else if (sweep.measure.forward) {
    resetSweep(sweep);
  } else {
    add(sweep, entries, index);
    sweep.high++;
  }
}

/** The first entries are about to go. */
export function sweepDropping(sweep: Sweep, entries: Entries, count: number): void {
  if (sweep.high < count) {
    resetSweep(sweep);
    return;
  }
  while (sweep.low < count) remove(sweep, entries, sweep.low++);
  sweep.low -= count;
  sweep.high -= count;
}
