const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether the calendar has the day; `year` in full, or its last two digits where the century is not known. */
export function isDay(year: number, month: number, day: number): boolean {
  const most = DAYS[month - 1] ?? 0;
  // Also false for what is no number.
  if (!(day >= 1 && day <= most)) return false;
  return month !== 2 || day < 29 || (year % 4 === 0 && (year < 100 || year % 100 !== 0 || year % 400 === 0));
}

/** YYMMDD. */
export function isYearFirst(digits: string): boolean {
  return isDay(Number(digits.slice(0, 2)), Number(digits.slice(2, 4)), Number(digits.slice(4, 6)));
}

/** DDMMYY. */
export function isDayFirst(digits: string): boolean {
  return isDay(Number(digits.slice(4, 6)), Number(digits.slice(2, 4)), Number(digits.slice(0, 2)));
}
