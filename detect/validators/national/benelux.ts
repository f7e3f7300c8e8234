import { passesLuhn } from '../luhn.ts';
import { isDay } from './calendar.ts';
import { digitAt, passesVerhoeff, remainder, weighted } from './check-digits.ts';

/** Burgerservicenummer: the elfproef; eight digits lack a leading zero. */
export function isDutchBsn(number: string): boolean {
  const digits = number.padStart(9, '0');
  return Number(digits) > 10_000_000 && !/^(\d)\1+$/.test(digits) && (weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2]) - digitAt(digits, 8)) % 11 === 0;
}

/** Rijksregisternummer: date, serial, 97 minus the rest by 97, with a 2 before it for those born since 2000. A BIS number's month is 20 or 40 higher. */
export function isBelgianNationalNumber(digits: string): boolean {
  const month = Number(digits.slice(2, 4)) % 20;
  const serial = digits.slice(6, 9);
  if (Number(digits.slice(2, 4)) > 52 || !isDay(Number(digits.slice(0, 2)), month, Number(digits.slice(4, 6))) || serial === '000' || serial === '999') return false;
  const check = Number(digits.slice(9));
  return check === 97 - remainder(digits.slice(0, 9), 97) || check === 97 - remainder(`2${digits.slice(0, 9)}`, 97);
}

/** Matricule of Luxembourg: date with its century, serial, a Luhn and a Verhoeff digit over the first eleven. */
export function isLuxembourgMatricule(digits: string): boolean {
  const year = Number(digits.slice(0, 4));
  if (year < 1900 || year > 2030 || !isDay(year, Number(digits.slice(4, 6)), Number(digits.slice(6, 8)))) return false;
  return passesLuhn(digits.slice(0, 12)) && passesVerhoeff(`${digits.slice(0, 11)}${digits.charAt(12)}`);
}
