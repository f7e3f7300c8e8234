import { isDay } from './calendar.ts';
import { digitAt, passesMod11And10, weighted } from './check-digits.ts';

/**
 * Steuerliche Identifikationsnummer: of its first ten digits one stands twice or three times, the others at most once
 * (Bundeszentralamt für Steuern). Numbers of ten different digits, printed as examples, pass as well.
 */
export function isGermanTaxId(digits: string): boolean {
  if (digits.startsWith('0') || !passesMod11And10(digits)) return false;
  const counts = new Map<string, number>();
  for (const digit of digits.slice(0, 10)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  const repeated = [...counts.values()].filter((count) => count > 1);
  return repeated.length <= 1 && (repeated[0] ?? 0) <= 3 && !/(\d)\1\1/.test(digits.slice(0, 10));
}

const PENSION_WEIGHTS = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1];

/** Rentenversicherungsnummer: area, day (50 higher where serials ran out), month, year of birth, initial, serial, check digit (VKVV §2). */
export function isGermanPensionNumber(number: string): boolean {
  const letter = number.charCodeAt(8) - 64;
  const digits = `${number.slice(0, 8)}${String(letter).padStart(2, '0')}${number.slice(9)}`;
  if (Number(number.slice(0, 2)) < 2 || !isDay(Number(number.slice(6, 8)), Number(number.slice(4, 6)), Number(number.slice(2, 4)) % 50)) return false;
  let sum = 0;
  for (const [i, weight] of PENSION_WEIGHTS.entries()) {
    const product = digitAt(digits, i) * weight;
    sum += Math.floor(product / 10) + (product % 10);
  }
  return sum % 10 === digitAt(digits, 12);
}

/** Serial of an identity card or passport, nine characters without vowels; a tenth is the check digit of ICAO 9303. */
export function isGermanDocument(serial: string): boolean {
  if (!/^[CFGHJKLMNPRTVWXYZ][0-9CFGHJKLMNPRTVWXYZ]{8}[0-9]?$/.test(serial) || !/\d/.test(serial)) return false;
  return serial.length === 9 || documentCheck(serial.slice(0, 9)) === digitAt(serial, 9);
}

/** Umsatzsteuer-Identifikationsnummer: DE and nine digits. */
export function isGermanVatId(number: string): boolean {
  return passesMod11And10(number.slice(2));
}

const DOCUMENT_WEIGHTS = [7, 3, 1];

/** Check digit of ICAO 9303-3 §4.9 over digits, letters and `<`. */
export function documentCheck(text: string): number {
  let sum = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const value = code >= 65 ? code - 55 : code === 60 ? 0 : code - 48;
    sum += value * (DOCUMENT_WEIGHTS[i % 3] ?? 0);
  }
  return sum % 10;
}

/** Sozialversicherungsnummer of Austria: serial of three, check digit, date of birth. */
export function isAustrianSocialNumber(digits: string): boolean {
  if (digits.startsWith('0') || Number(digits.slice(6, 8)) < 1 || Number(digits.slice(6, 8)) > 15 || Number(digits.slice(4, 6)) < 1 || Number(digits.slice(4, 6)) > 31) return false;
  return weighted(digits, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === digitAt(digits, 3);
}

/** AHV number of Switzerland: 756, nine digits, the check digit of an EAN. */
export function isSwissSocialNumber(digits: string): boolean {
  return (10 - (weighted(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10)) % 10 === digitAt(digits, 12);
}
