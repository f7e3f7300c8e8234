import type { WrittenComparison } from './written-condition.ts';

/** Why no number can pass all comparisons, or undefined. Counts are whole and at least 1: a window holds what opened it. `most`: there can be no more. */
export function contradiction(comparisons: readonly WrittenComparison[], whole: boolean, most = Infinity): string | undefined {
  const step = whole ? 1 : 0;
  let low = whole ? 1 : -Infinity;
  let high = most;
  let lowOpen = false;
  let highOpen = false;
  for (const { comparison, value } of comparisons) {
    if (comparison === 'eq' || comparison === 'gte') [low, lowOpen] = value > low ? [value, false] : [low, lowOpen];
    if (comparison === 'gt') [low, lowOpen] = value + step >= low ? [value + step, !whole] : [low, lowOpen];
    if (comparison === 'eq' || comparison === 'lte') [high, highOpen] = value < high ? [value, false] : [high, highOpen];
    if (comparison === 'lt') [high, highOpen] = value - step <= high ? [value - step, !whole] : [high, highOpen];
  }
  const excluded = low === high && comparisons.some(({ comparison, value }) => comparison === 'neq' && value === low);
  const equals = comparisons.filter(({ comparison }) => comparison === 'eq').map(({ value }) => value);
  if (low < high || (low === high && !lowOpen && !highOpen && !excluded && equals.every((value) => value === low))) return undefined;
  if (!whole) return 'no number can fulfil this condition';
  return `no count from 1 ${most === Infinity ? 'on' : `to ${most}`} can fulfil this condition`;
}
