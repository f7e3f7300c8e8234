import { isWithin } from '../../sigma/comparison.ts';
import type { Comparison } from '../../sigma/rule.ts';
import type { Mark } from '../entries.ts';

/**
 * What a condition says about the entries of a window. They are added in any order, except where `forward` says that
 * they come in order of time and only the oldest are taken back.
 */
export interface Measure {
  readonly forward: boolean;
  add(mark: Mark, at: number): void;
  /** Takes back what was added. */
  remove(mark: Mark): void;
  clear(): void;
  /** `from`: Unix ms at which the window begins. Never holds for an empty window. */
  holds(from: number): boolean;
  /** The number compared, for people. */
  value(from: number): number;
}

export type Comparisons = readonly { readonly comparison: Comparison; readonly value: number }[];

/** Whether all hold. */
export function compares(comparisons: Comparisons, number: number): boolean {
  for (const { comparison, value } of comparisons) if (!isWithin(number, comparison, value)) return false;
  return true;
}
