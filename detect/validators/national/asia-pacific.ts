import { isDay } from './calendar.ts';
import { digitAt, passesVerhoeff, weighted } from './check-digits.ts';

/** Aadhaar: twelve digits that no palindrome is, Verhoeff. */
export function isIndianAadhaar(digits: string): boolean {
  return digits !== [...digits].toReversed().join('') && passesVerhoeff(digits);
}

const RRN_WEIGHTS = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];

/** Date, and the digit for sex and century, of a Korean resident (1 to 4) or foreigner (5 to 8). */
function isKoreanBirth(digits: string): boolean {
  const sex = digitAt(digits, 6);
  return sex >= 1 && sex <= 8 && isDay((sex % 4 === 1 || sex % 4 === 2 ? 1900 : 2000) + Number(digits.slice(0, 2)), Number(digits.slice(2, 4)), Number(digits.slice(4, 6)));
}

/** Resident or foreigner registration number whose last digit checks the others, as in all given out until 2020. */
export function isKoreanRegistration(digits: string): boolean {
  const turn = digitAt(digits, 6) < 5 ? 11 : 13;
  return isKoreanBirth(digits) && (turn - (weighted(digits, RRN_WEIGHTS) % 11)) % 10 === digitAt(digits, 12);
}

/** One with any last digits: those given out since October 2020 are random. */
export function isKoreanRegistrationLate(digits: string): boolean {
  return isKoreanBirth(digits);
}

const NRIC_LETTERS: Readonly<Record<string, string>> = { S: 'JZIHGFEDCBA', T: 'JZIHGFEDCBA', F: 'XWUTRQPNMLK', G: 'XWUTRQPNMLK', M: 'XWUTRQPNJLK' };
const NRIC_OFFSETS: Readonly<Record<string, number>> = { T: 4, G: 4, M: 3 };

/** NRIC or FIN of Singapore: seven digits between two letters. */
export function isSingaporeNric(number: string): boolean {
  if (!/^[STFGM]\d{7}[A-Z]$/.test(number)) return false;
  const kind = number.charAt(0);
  const sum = weighted(number.slice(1), [2, 7, 6, 5, 4, 3, 2]) + (NRIC_OFFSETS[kind] ?? 0);
  return (NRIC_LETTERS[kind] ?? '').charAt(sum % 11) === number.charAt(8);
}

const THAI_PROVINCES = /^[1-8](?:1\d|2[0-7]|3\d|4\d|5[0-8]|6[0-7]|7[0-7]|8[0-6]|9[0-6])/;

/** National id of Thailand: kind, province, modulo 11. */
export function isThaiId(digits: string): boolean {
  return THAI_PROVINCES.test(digits) && (11 - (weighted(digits, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === digitAt(digits, 12);
}

/** Resident id of China (GB 11643): region, date, serial, modulo 11 with X for ten. */
export function isChineseResidentId(number: string): boolean {
  const year = Number(number.slice(6, 10));
  if (year < 1900 || year > 2030 || !isDay(year, Number(number.slice(10, 12)), Number(number.slice(12, 14)))) return false;
  return '10X98765432'.charAt(weighted(number, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11) === number.charAt(17);
}

/** Individual number of Japan: twelve digits, modulo 11. */
export function isJapaneseMyNumber(digits: string): boolean {
  const left = weighted(digits, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return (left <= 1 ? 0 : 11 - left) === digitAt(digits, 11);
}

/** Identity card of Hong Kong: one or two letters, six digits, the check sign (A for ten) in brackets. */
export function isHongKongId(number: string): boolean {
  const sign = number.slice(-1);
  const letters = number.slice(0, -7).padStart(2, ' ');
  const value = (at: number): number => (letters.charAt(at) === ' ' ? 36 : letters.charCodeAt(at) - 55);
  const sum = value(0) * 9 + value(1) * 8 + weighted(number.slice(-7), [7, 6, 5, 4, 3, 2]) + (sign === 'A' ? 10 : Number(sign));
  return sum % 11 === 0;
}

/** Tax file number of Australia. */
export function isAustralianTfn(digits: string): boolean {
  return Number(digits) > 0 && weighted(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0;
}

/** Business number of Australia: its first digit lowered by one, modulo 89. */
export function isAustralianAbn(digits: string): boolean {
  return !digits.startsWith('0') && (weighted(digits, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10) % 89 === 0;
}

/** Company number of Australia. */
export function isAustralianAcn(digits: string): boolean {
  return (10 - (weighted(digits, [8, 7, 6, 5, 4, 3, 2, 1]) % 10)) % 10 === digitAt(digits, 8);
}
