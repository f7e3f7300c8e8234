/** 2299-12-31T23:59:59.999Z, the last moment ClickHouse's DateTime64(3) holds. */
const LAST_MS = 10_413_791_999_999;

function digits(text: string, start: number, count: number): number {
  let value = 0;
  for (let i = start; i < start + count; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days since 1970-01-01 in the proleptic Gregorian calendar. */
function daysOf(year: number, month: number, day: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const inMonth = month === 2 && leap ? 29 : DAYS_IN_MONTH[month - 1];
  if (inMonth === undefined || day < 1 || day > inMonth) return Number.NaN;
  const y = month > 2 ? year : year - 1;
  const shifted = month > 2 ? month - 3 : month + 9;
  return 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + Math.floor((153 * shifted + 2) / 5) + day - 719_469;
}

/** Offset of `Z`, `+hh:mm`, `-hh:mm` in minutes, which must end the text. */
function offsetMinutes(text: string, at: number): number {
  const sign = text.charAt(at);
  if ((sign === 'Z' || sign === 'z') && text.length === at + 1) return 0;
  if ((sign !== '+' && sign !== '-') || text.length !== at + 6 || text.charAt(at + 3) !== ':') return Number.NaN;
  const hours = digits(text, at + 1, 2);
  const minutes = digits(text, at + 4, 2);
  if (hours > 23 || minutes > 59) return Number.NaN;
  return (sign === '-' ? -1 : 1) * (hours * 60 + minutes);
}

/** RFC 3339 to Unix milliseconds, finer digits cut off; NaN when it is none or lies outside of 1970 to 2299. */
export function parseTimestamp(text: string): number {
  const separator = text.charAt(10);
  if (text.charAt(4) !== '-' || text.charAt(7) !== '-' || (separator !== 'T' && separator !== 't' && separator !== ' ')) return Number.NaN;
  if (text.charAt(13) !== ':' || text.charAt(16) !== ':') return Number.NaN;
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  const second = digits(text, 17, 2);
  if (hour > 23 || minute > 59 || second > 60) return Number.NaN;
  let at = 19;
  let ms = 0;
  if (text.charAt(at) === '.') {
    let scale = 100;
    for (at++; ; at++) {
      const digit = text.charCodeAt(at) - 48;
      if (!(digit >= 0 && digit <= 9)) break;
      ms += digit * scale;
      scale = scale > 1 ? scale / 10 : 0;
    }
    if (at === 20) return Number.NaN;
  }
  const time = ((daysOf(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2)) * 24 + hour) * 60 + minute - offsetMinutes(text, at)) * 60_000 + second * 1000 + ms;
  return time >= 0 && time <= LAST_MS ? time : Number.NaN;
}
