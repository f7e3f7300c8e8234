import { passesLuhn } from '../luhn.ts';
import { isDay, isDayFirst } from './calendar.ts';
import { digitAt, passesMod11And10, weighted } from './check-digits.ts';

/** PESEL: year, month (20 higher since 2000), day, serial, check digit. */
export function isPolishPesel(digits: string): boolean {
  const month = Number(digits.slice(2, 4));
  if (month > 32 || !isDay(month > 20 ? 2000 + Number(digits.slice(0, 2)) : 1900 + Number(digits.slice(0, 2)), month % 20, Number(digits.slice(4, 6)))) return false;
  return (10 - (weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 === digitAt(digits, 10);
}

/** NIP: ten digits, modulo 11. */
export function isPolishNip(digits: string): boolean {
  return !digits.startsWith('00') && weighted(digits, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === digitAt(digits, 9);
}

/** Rodné číslo of Czechia and Slovakia: date (women month + 50, when serials ran out + 20), serial, divisible by 11. */
export function isCzechBirthNumber(digits: string): boolean {
  const month = (Number(digits.slice(2, 4)) % 50) % 20;
  return isDay(Number(digits.slice(0, 2)), month, Number(digits.slice(4, 6))) && (digits.length === 9 ? digits.slice(6) !== '000' : Number(digits) % 11 === 0 || (Number(digits.slice(0, 9)) % 11 === 10 && digits.endsWith('0')));
}

/** OIB of Croatia. */
export function isCroatianOib(digits: string): boolean {
  return passesMod11And10(digits);
}

/** EGN of Bulgaria: date (month + 20 before 1900, + 40 since 2000), serial, check digit. */
export function isBulgarianEgn(digits: string): boolean {
  const month = Number(digits.slice(2, 4)) % 20;
  return isDay(Number(digits.slice(0, 2)), month, Number(digits.slice(4, 6))) && (weighted(digits, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10 === digitAt(digits, 9);
}

/** Personal code of Estonia and Lithuania: sex and century, date, serial, check digit in two rounds. */
export function isBalticPersonalCode(digits: string): boolean {
  const century = 1800 + 100 * Math.floor((digitAt(digits, 0) - 1) / 2);
  if (!isDay(century + Number(digits.slice(1, 3)), Number(digits.slice(3, 5)), Number(digits.slice(5, 7)))) return false;
  const first = weighted(digits, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
  const check = first < 10 ? first : (weighted(digits, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11) % 10;
  return check === digitAt(digits, 10);
}

/** JMBG of the former Yugoslavia, EMŠO in Slovenia: day, month, year without its thousands, region, serial, check digit. */
export function isYugoslavNumber(digits: string): boolean {
  const year = Number(digits.slice(4, 7));
  if (!isDay(year >= 900 ? 1000 + year : 2000 + year, Number(digits.slice(2, 4)), Number(digits.slice(0, 2))) || (year > 30 && year < 900)) return false;
  const left = weighted(digits, [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return left !== 1 && (left === 0 ? 0 : 11 - left) === digitAt(digits, 12);
}

/** AMKA of Greece: date, serial, Luhn. */
export function isGreekAmka(digits: string): boolean {
  return isDayFirst(digits) && passesLuhn(digits);
}
