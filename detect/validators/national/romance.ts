import { passesLuhn } from '../luhn.ts';
import { digitAt, remainder, weighted } from './check-digits.ts';

/** Numéro d'inscription au répertoire: sex, year, month, place, serial, and 97 minus the rest by 97 (INSEE). */
export function isFrenchNir(number: string): boolean {
  const month = Number(number.slice(3, 5));
  if (month === 0 || (month > 12 && month < 20) || (month > 42 && month < 50)) return false;
  const digits = number.replace('2A', '19').replace('2B', '18');
  if (!/^\d{15}$/.test(digits) || number.slice(5, 7) === '00' || number.slice(10, 13) === '000') return false;
  return 97 - remainder(digits.slice(0, 13), 97) === Number(digits.slice(13));
}

const DNI_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** DNI, or NIE with X, Y, Z for 0, 1, 2: the letter is the number by 23. A leading zero may be left out. */
export function isSpanishNif(number: string): boolean {
  if (!/^(?:[XYZ]\d{7}|\d{7,8})[A-Z]$/.test(number)) return false;
  const digits = number.slice(0, -1).replace('X', '0').replace('Y', '1').replace('Z', '2');
  return Number(digits) > 0 && DNI_LETTERS.charAt(Number(digits) % 23) === number.slice(-1);
}

/** CIF of companies: a letter for the kind, seven digits, a check digit or its letter as the kind has it. */
export function isSpanishCif(number: string): boolean {
  let sum = 0;
  for (let i = 1; i <= 7; i++) {
    const digit = digitAt(number, i);
    sum += i % 2 === 0 ? digit : Math.floor((digit * 2) / 10) + ((digit * 2) % 10);
  }
  const check = (10 - (sum % 10)) % 10;
  const byLetter = 'JABCDEFGHI'.charAt(check) === number.charAt(8);
  const byDigit = String(check) === number.charAt(8);
  return 'KPQRSNW'.includes(number.charAt(0)) ? byLetter : 'ABEH'.includes(number.charAt(0)) ? byDigit : byLetter || byDigit;
}

const ODD_VALUES = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
/** Written for 0 to 9 where two people would have the same code. */
const OMOCODIA = 'LMNPQRSTUV';

/** Value of a letter or digit among 0 to 25. */
function ordinal(code: number): number {
  return code >= 65 ? code - 65 : code - 48;
}

/** Codice fiscale: name, year, month, day (women + 40), place, check letter (DM 12 March 1974). */
export function isItalianFiscalCode(code: string): boolean {
  if (!/^[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]$/.test(code)) return false;
  const day = Number(Array.from(code.slice(9, 11), (c) => (OMOCODIA.includes(c) ? OMOCODIA.indexOf(c) : c)).join(''));
  if (day < 1 || day > 71 || (day > 31 && day < 41)) return false;
  let sum = 0;
  for (let i = 0; i < 15; i++) {
    const value = ordinal(code.charCodeAt(i));
    sum += i % 2 === 0 ? (ODD_VALUES[value] ?? 0) : value;
  }
  return sum % 26 === code.charCodeAt(15) - 65;
}

/** Partita IVA: seven digits, office, the check digit of Luhn. */
export function isItalianVatNumber(digits: string): boolean {
  return Number(digits.slice(0, 7)) > 0 && passesLuhn(digits);
}

/** NIF of Portugal: nine digits, modulo 11. */
export function isPortugueseNif(digits: string): boolean {
  const left = weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2]) % 11;
  return /^[1235689]/.test(digits) && (left < 2 ? 0 : 11 - left) === digitAt(digits, 8);
}

const CNP_CENTURIES = '12345678';

/** CNP of Romania: sex and century, date, county, serial, check digit. */
export function isRomanianCnp(digits: string): boolean {
  const month = Number(digits.slice(3, 5));
  const day = Number(digits.slice(5, 7));
  const county = Number(digits.slice(7, 9));
  if (!CNP_CENTURIES.includes(digits.charAt(0)) || month < 1 || month > 12 || day < 1 || day > 31 || county < 1 || (county > 52 && county !== 70)) return false;
  const left = weighted(digits, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
  return (left === 10 ? 1 : left) === digitAt(digits, 12);
}
