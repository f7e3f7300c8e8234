import type { Span } from '../span.ts';

/** A validator sees each mask as a run of its bracket. */
const MASKS = /⟦+/g;
/** Masks are at most so long, and values at least one unit: so much text holds what stood there before it was masked. */
const MOST_MASKED = 8;

/** Text around a place with its masks taken out: at least what stood so near before anything was masked. What refuses a value looks here. */
export function textAround(text: string, { start, end }: Span, beforeUnits: number, behindUnits: number): readonly [before: string, behind: string] {
  const before = text.slice(Math.max(0, start - beforeUnits * MOST_MASKED), start).replace(MASKS, ' ');
  const behind = text.slice(end, end + behindUnits * MOST_MASKED).replace(MASKS, ' ');
  return [before.slice(-beforeUnits), behind.slice(0, behindUnits)];
}

/** The same up to the nearest masks: at most what stood so near. What accepts a value looks here. */
export function unmaskedAround(text: string, { start, end }: Span, beforeUnits: number, behindUnits: number): readonly [before: string, behind: string] {
  const before = text.slice(Math.max(0, start - beforeUnits), start);
  const behind = text.slice(end, end + behindUnits);
  const mask = behind.indexOf('⟦');
  return [before.slice(before.lastIndexOf('⟦') + 1), mask < 0 ? behind : behind.slice(0, mask)];
}
