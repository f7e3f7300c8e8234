import { markOf, timeOf } from './entries.ts';
import type { Entries, Mark } from './entries.ts';
import type { CorrelationNode } from './forest.ts';

/**
 * The entries that can still decide something, by their indexes. What is left out changes nothing that will be told:
 *
 * - Of entries with one mark in one stretch the first and last suffice where only different marks count: whatever window
 *   ends between them holds no more than one that ends at an entry before, in the same stretch; and later windows see the
 *   last.
 * - Of a stretch that was told only later windows are of interest. Those see its newest entries first: as soon as these
 *   hold alone, older ones add nothing.
 */
export function compacted(node: CorrelationNode, entries: Entries, told: readonly number[]): readonly number[] {
  const { rule: { type, timespanMs }, test } = node;
  const measure = test.createMeasure();
  const marksOnly = test.mark !== 'none' && test.mark !== 'number' && type !== 'temporal_ordered';
  const kept: number[] = [];
  for (let end = entries.times.length; end > 0;) {
    const stretch = Math.floor(timeOf(entries, end - 1) / timespanMs);
    let start = end;
    while (start > 0 && Math.floor(timeOf(entries, start - 1) / timespanMs) === stretch) start--;
    const whole = Array.from({ length: end - start }, (_, i) => start + i);
    const part = marksOnly ? firstAndLast(entries, whole) : whole;
    for (const index of (told.includes(stretch) && !measure.forward ? newestThatHold(part) : part).toReversed()) kept.push(index);
    end = start;
  }
  return kept.toReversed();

  function newestThatHold(part: readonly number[]): readonly number[] {
    measure.clear();
    for (const [i, index] of [...part.entries()].toReversed()) {
      measure.add(markOf(entries, index), timeOf(entries, index));
      if (measure.holds(-Infinity)) return part.slice(i);
    }
    return part;
  }
}

function firstAndLast(entries: Entries, part: readonly number[]): readonly number[] {
  const last = new Map(part.map((index) => [markOf(entries, index), index]));
  const seen = new Set<Mark>();
  return part.filter((index) => {
    const mark = markOf(entries, index);
    const isFirst = !seen.has(mark);
    seen.add(mark);
    return isFirst || last.get(mark) === index;
  });
}
