import { passesLuhn } from '../luhn.ts';
import { isDay, isDayFirst } from './calendar.ts';
import { digitAt, weighted } from './check-digits.ts';

/** Day of the month in a personal number; of a coordination or D number it is higher by so much. */
function dayOf(digits: string, added: number): number {
  const day = Number(digits);
  return day > added ? day - added : day;
}

/** Personnummer, ten digits or twelve with the century: date, serial, Luhn over the last ten. */
export function isSwedishPersonalNumber(number: string): boolean {
  const digits = number.replace('+', '').slice(-10);
  const century = number.length > 11 ? Number(number.slice(0, 2)) * 100 : 0;
  return isDay(century + Number(digits.slice(0, 2)), Number(digits.slice(2, 4)), dayOf(digits.slice(4, 6), 60)) && passesLuhn(digits);
}

/**
 * The same where nothing says what it is: twelve digits are also a time to the minute, or a date with a counter, of which
 * every tenth passes; those born later than this need a word beside them.
 */
export function isSwedishPersonalNumberAlone(number: string): boolean {
  const year = number.length < 12 ? 0 : Number(number.slice(0, 4));
  return (year === 0 || (year >= 1890 && year <= 2015)) && isSwedishPersonalNumber(number);
}

/** Organisationsnummer: the third digit is at least 2. */
export function isSwedishOrganisationNumber(digits: string): boolean {
  return digitAt(digits, 2) >= 2 && passesLuhn(digits);
}

const HETU_SIGNS = '0123456789ABCDEFHJKLMNPRSTUVWXY';

/** Henkilötunnus: date, century sign (a dash is left out here), serial, the rest by 31. */
export function isFinnishPersonalCode(code: string): boolean {
  const date = code.slice(0, 6);
  const serial = code.slice(-4, -1);
  return isDayFirst(date) && Number(serial) >= 2 && HETU_SIGNS.charAt(Number(`${date}${serial}`) % 31) === code.slice(-1);
}

/** Fødselsnummer or D number: date, serial, two check digits modulo 11. */
export function isNorwegianBirthNumber(digits: string): boolean {
  if (!isDay(Number(digits.slice(4, 6)), Number(digits.slice(2, 4)), dayOf(digits.slice(0, 2), 40))) return false;
  return weighted(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 && weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
}

/** CPR number: a date and a serial; its check digit is given up since 2007. */
export function isDanishCpr(digits: string): boolean {
  return isDayFirst(digits) && digits.slice(6) !== '0000';
}
