/** How fields of events are kept, whatever signatures find in them. */

/**
 * - `text`: as it came, with matched spans masked; what no policy names is kept so.
 * - `summary`: length, data classes and keyed shingles (`contracts/masked-span.ts`).
 * - `nothing`: only that there was something.
 */
export const KEPT = ['text', 'summary', 'nothing'] as const;
export type Kept = (typeof KEPT)[number];

/** Of several policies that fit a field the first holds. */
export interface FieldPolicy {
  readonly keep: Kept;
  /**
   * `a.b`, with all below it; `a.*` for each field below `a`; `*.b` for each path that ends in the name `b`. Case does
   * not count, a dotted key is the path it spells.
   */
  readonly fields: readonly string[];
}
