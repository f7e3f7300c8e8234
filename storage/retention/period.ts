/** How long rows are kept, counted from the end of their month of receipt (UTC), as a whole month is dropped at once. */
export interface Period {
  readonly count: number;
  readonly unit: 'day' | 'month' | 'year';
}

/** Undefined when the text is no period. `forever` is one without end. */
export function parsePeriod(text: string): Period | 'forever' | undefined {
  if (text === 'forever') return text;
  const match = /^([1-9][0-9]{0,3}) (day|month|year)s?$/.exec(text);
  const [, count, unit] = match ?? [];
  return unit === 'day' || unit === 'month' || unit === 'year' ? { count: Number(count), unit } : undefined;
}

export function formatPeriod({ count, unit }: Period): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** A month as `toYYYYMM` gives it: when it begins, Unix ms. */
export function monthStartMs(month: number): number {
  return Date.UTC(Math.floor(month / 100), (month % 100) - 1);
}

export function monthEndMs(month: number): number {
  return Date.UTC(Math.floor(month / 100), month % 100);
}

/** When rows of a month are past their period; infinite for what is kept forever. */
export function dueAtMs(month: number, period: Period | 'forever'): number {
  if (period === 'forever') return Infinity;
  const end = new Date(monthEndMs(month));
  const { count, unit } = period;
  if (unit === 'day') end.setUTCDate(end.getUTCDate() + count);
  else if (unit === 'month') end.setUTCMonth(end.getUTCMonth() + count);
  else end.setUTCFullYear(end.getUTCFullYear() + count);
  return end.getTime();
}

/** Any month will do to tell which of two periods is longer, but February, whose days could turn it. */
const SOME_MONTH = 202601;

export function isLonger(a: Period | 'forever', b: Period | 'forever'): boolean {
  return dueAtMs(SOME_MONTH, a) > dueAtMs(SOME_MONTH, b);
}
