import { harmless } from '../../../detect/sigma/language/print-problems.ts';

/** Columns a terminal has at least. */
const WIDTH = 80;
const GAP = '  ';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Cut so that a row fits the terminal; at most one column. */
  readonly cut?: true;
}

/** Rows as lines with aligned columns. Control characters of cells are made harmless. */
export function printTable(columns: readonly Column[], rows: readonly (readonly string[])[], width: number = process.stdout.columns ?? WIDTH): string {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => row.map(harmless))];
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => lengthOf(row[i]))));
  const cut = columns.findIndex((column) => column.cut === true);
  if (cut >= 0) {
    const others = widths.reduce((sum, each, i) => sum + (i === cut ? 0 : each), GAP.length * (columns.length - 1));
    widths[cut] = Math.min(widths[cut] ?? 0, Math.max(lengthOf(columns[cut]?.title), width - others));
  }
  return cells.map((row) => `${columns.map(({ align }, i) => padded(row[i] ?? '', widths[i] ?? 0, align)).join(GAP).trimEnd()}\n`).join('');
}

function lengthOf(text: string | undefined): number {
  return [...(text ?? '')].length;
}

function padded(text: string, width: number, align: Column['align']): string {
  const units = [...text];
  const whole = units.length <= width ? text : `${units.slice(0, Math.max(0, width - 1)).join('')}…`;
  const space = ' '.repeat(Math.max(0, width - lengthOf(whole)));
  return align === 'right' ? space + whole : whole + space;
}
