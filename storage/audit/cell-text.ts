import type { Cell } from './audit-answer.ts';

/** A cell for a person: lists with commas, booleans as words. */
export function cellText(cell: Cell): string {
  return Array.isArray(cell) ? cell.map((one: Cell) => cellText(one)).join(', ') : cell === null ? '' : String(cell);
}

/** On one line, without what moves a terminal's cursor, turns the reading direction or cannot be seen. */
export function plainText(text: string): string {
  return text.replace(/[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu, '\ufffd');
}
