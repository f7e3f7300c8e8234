import type { DerivedAct } from '../acts/v1/act.ts';

/** A deed of a stored line on its way into `acts` and `accesses`. */
export interface Deed extends DerivedAct {
  readonly leaf: number;
  /** Unix ms. */
  readonly timestamp: number;
}
