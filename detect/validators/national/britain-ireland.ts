import { digitAt, weighted } from './check-digits.ts';

/** National insurance number: two letters that HMRC gives out, six digits, A to D. */
export function isBritishNino(number: string): boolean {
  return /^(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]$/.test(number);
}

/** Driving licence of Great Britain: surname, decade, month (women + 50), day, year, initials, check signs. */
export function isBritishDrivingLicence(number: string): boolean {
  const month = Number(number.slice(6, 8)) % 50;
  const day = Number(number.slice(8, 10));
  return /^[A-Z]{1,5}9{0,4}\d/.test(number) && /^[A-Z]+9*$/.test(number.slice(0, 5)) && Number(number.slice(6, 8)) < 63 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/** PPS number of Ireland: seven digits, a check letter modulo 23, at times a second letter. */
export function isIrishPps(number: string): boolean {
  const second = number.length === 9 ? number.charCodeAt(8) - 64 : 0;
  const sum = weighted(number, [8, 7, 6, 5, 4, 3, 2]) + (second === 23 ? 0 : second) * 9;
  return digitAt(number, 0) >= 0 && 'WABCDEFGHIJKLMNOPQRSTUV'.charAt(sum % 23) === number.charAt(7);
}
