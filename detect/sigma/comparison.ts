import type { Comparison } from './rule.ts';

/** No number passes no comparison. */
export function isWithin(number: number | undefined, comparison: Comparison, value: number): boolean {
  if (number === undefined) return false;
  switch (comparison) {
    case 'eq': return number === value;
    case 'neq': return number !== value;
    case 'lt': return number < value;
    case 'lte': return number <= value;
    case 'gt': return number > value;
    case 'gte': return number >= value;
    default: return comparison satisfies never;
  }
}
