import { passesLuhn } from '../luhn.ts';
import { isYearFirst } from './calendar.ts';
import { digitAt } from './check-digits.ts';

/** TC kimlik numarası of Türkiye: eleven digits, the last two check the others. */
export function isTurkishId(digits: string): boolean {
  let [odd, even] = [0, 0];
  for (let i = 0; i < 9; i++) {
    if (i % 2 === 0) odd += digitAt(digits, i);
    else even += digitAt(digits, i);
  }
  const tenth = (((odd * 7 - even) % 10) + 10) % 10;
  return !digits.startsWith('0') && tenth === digitAt(digits, 9) && (odd + even + tenth) % 10 === digitAt(digits, 10);
}

/** Identity number of South Africa: date, serial, citizenship, 8 or 9, Luhn. */
export function isSouthAfricanId(digits: string): boolean {
  return isYearFirst(digits) && /[012][89]\d$/.test(digits) && passesLuhn(digits);
}

/** Teudat zehut of Israel: Luhn. */
export function isIsraeliId(digits: string): boolean {
  return Number(digits) > 0 && passesLuhn(digits);
}
