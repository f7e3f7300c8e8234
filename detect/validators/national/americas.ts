import { passesLuhn } from '../luhn.ts';
import { isYearFirst } from './calendar.ts';
import { digitAt, weighted } from './check-digits.ts';

function isRepdigit(digits: string): boolean {
  return /^(\d)\1+$/.test(digits);
}

/** Social insurance number of Canada: no province has 0, 8 is not given to people. */
export function isCanadianSin(digits: string): boolean {
  return !/^[08]/.test(digits) && !isRepdigit(digits) && passesLuhn(digits);
}

const CPF_WEIGHTS = [11, 10, 9, 8, 7, 6, 5, 4, 3, 2];

/** CPF of Brazil: two check digits modulo 11. */
export function isBrazilianCpf(digits: string): boolean {
  if (isRepdigit(digits)) return false;
  const check = (weights: readonly number[]): number => {
    const left = weighted(digits, weights) % 11;
    return left < 2 ? 0 : 11 - left;
  };
  return check(CPF_WEIGHTS.slice(1)) === digitAt(digits, 9) && check(CPF_WEIGHTS) === digitAt(digits, 10);
}

/** RUT of Chile: modulo 11, K for ten. */
export function isChileanRut(number: string): boolean {
  const digits = number.slice(0, -1).padStart(8, '0');
  const check = 11 - (weighted(digits, [3, 2, 7, 6, 5, 4, 3, 2]) % 11);
  return (check === 11 ? '0' : check === 10 ? 'K' : String(check)) === number.slice(-1);
}

/** CUIL or CUIT of Argentina. */
export function isArgentineCuit(digits: string): boolean {
  return weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
}

const CURP_SIGNS = '0123456789ABCDEFGHIJKLMN\u00d1OPQRSTUVWXYZ';

/** CURP of Mexico: letters of the name, date, sex, state, consonants, homonym sign, check digit. */
export function isMexicanCurp(code: string): boolean {
  if (!isYearFirst(code.slice(4, 10))) return false;
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += CURP_SIGNS.indexOf(code.charAt(i)) * (18 - i);
  return (10 - (sum % 10)) % 10 === digitAt(code, 17);
}

/** Individual taxpayer number of the US: 9, and a group that the IRS gives out. */
export function isAmericanItin(digits: string): boolean {
  const group = Number(digits.slice(3, 5));
  return digits.startsWith('9') && ((group >= 50 && group <= 65) || (group >= 70 && group <= 88) || (group >= 90 && group <= 92) || (group >= 94 && group <= 99));
}
