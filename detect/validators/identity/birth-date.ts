import { isDay } from '../national/calendar.ts';
import { standsAlone } from '../national/identifier.ts';
import type { Span, Validator } from '../span.ts';

/** Beginnings of the months' names in English, German, French, Spanish, Italian, Dutch. */
const MONTH_NAMES: readonly (readonly string[])[] = [
  ['jan', 'ene', 'gen', 'j\u00e4n'], ['feb', 'f\u00e9v', 'fev'], ['mar', 'm\u00e4r', 'maa', 'mrz', 'maer'], ['apr', 'avr', 'abr'], ['may', 'mai', 'mag', 'mei'], ['jun', 'juin', 'giu'],
  ['jul', 'juil', 'lug'], ['aug', 'ao\u00fb', 'aou', 'ago'], ['sep', 'set'], ['oct', 'okt', 'ott', 'out'], ['nov'], ['dec', 'dez', 'd\u00e9c', 'dic'],
];
const EARLIEST_YEAR = 1890;
const LATEST_YEAR = 2035;

function monthOf(word: string): number {
  const number = Number(word);
  if (!Number.isNaN(number)) return number;
  const lower = word.toLowerCase();
  return 1 + MONTH_NAMES.findIndex((names) => names.some((name) => lower.startsWith(name)));
}

function isDate(year: string, month: string, day: string): boolean {
  const full = Number(year);
  const known = year.length === 2 || (full >= EARLIEST_YEAR && full <= LATEST_YEAR);
  return known && isDay(full, monthOf(month), Number(day));
}

/** A day that the calendar has, in one of the orders people write; the context says that it is a birth's. */
export const birthDate: Validator = (text: string, span: Span): Span | undefined => {
  if (!standsAlone(text, span)) return undefined;
  const parts = text.slice(span.start, span.end).match(/\d+|\p{L}+/gu)?.filter((part) => !/^(?:st|nd|rd|th|de|of|del)$/i.test(part)) ?? [];
  const [a = '', b = '', c = ''] = parts.length === 1 && parts[0]?.length === 8 ? [parts[0].slice(0, 4), parts[0].slice(4, 6), parts[0].slice(6)] : parts;
  if (a.length === 4) return isDate(a, b, c) ? span : undefined;
  return isDate(c, b, a) || isDate(c, a, b) ? span : undefined;
};
