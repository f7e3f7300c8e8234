import type { Cell } from './audit-answer.ts';

/** A cell for a person: lists with commas, booleans as words. */
export function cellText(cell: Cell): string {
  return Array.isArray(cell) ? cell.map((one: Cell) => cellText(one)).join(', ') : cell === null ? '' : String(cell);
}
