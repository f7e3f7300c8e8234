import type { TimePart } from '../rule.ts';

/** A date, or a date with a time, as ISO 8601 and RFC 3339 write it; what stands behind the minutes is not looked at. */
const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]([0-9]{2}):([0-9]{2})(?![0-9]))?/i;

/** A part of a date as it stands in the text, its own offset kept. undefined when the text is no date or has no such part. */
export function datePart(text: string, part: TimePart): number | undefined {
  const found = DATE.exec(text);
  if (found === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = Number.NaN, minute = Number.NaN] = found.slice(1).map(Number);
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59) return undefined;
  switch (part) {
    case 'year': return year;
    case 'month': return month;
    case 'week': return isoWeek(year, month, day);
    case 'day': return day;
    case 'hour': return Number.isNaN(hour) ? undefined : hour;
    case 'minute': return Number.isNaN(minute) ? undefined : minute;
    default: return part satisfies never;
  }
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year < 100 ? 2000 + year : year, month, 0)).getUTCDate();
}

const DAY_MS = 86_400_000;

/** ISO 8601: weeks begin on Monday, the first is the one with the year's first Thursday. */
function isoWeek(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const thursday = new Date(date.getTime() + (3 - ((date.getUTCDay() + 6) % 7)) * DAY_MS);
  const newYear = new Date(0);
  newYear.setUTCFullYear(thursday.getUTCFullYear(), 0, 1);
  return 1 + Math.floor((thursday.getTime() - newYear.getTime()) / DAY_MS / 7);
}
