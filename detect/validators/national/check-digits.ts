/** The sums that check digits come from. `digits` are decimal digits only. */

export function digitAt(digits: string, index: number): number {
  return digits.charCodeAt(index) - 48;
}

/** Σ digit × weight, as far as there are weights. */
export function weighted(digits: string, weights: readonly number[]): number {
  let sum = 0;
  for (const [i, weight] of weights.entries()) sum += digitAt(digits, i) * weight;
  return sum;
}

/** ISO/IEC 7064, MOD 11,10: the last digit checks those before it. */
export function passesMod11And10(digits: string): boolean {
  let product = 10;
  for (let i = 0; i < digits.length - 1; i++) product = (((digitAt(digits, i) + product) % 10 || 10) * 2) % 11;
  return (11 - product) % 10 === digitAt(digits, digits.length - 1);
}

/** Products of the dihedral group of ten elements: 0 to 4 turn, 5 to 9 mirror. */
function dihedral(a: number, b: number): number {
  if (a < 5) return b < 5 ? (a + b) % 5 : ((a + b) % 5) + 5;
  return b < 5 ? ((a - b) % 5) + 5 : (a - b + 5) % 5;
}

const VERHOEFF_STEP = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
const VERHOEFF_PERIOD = 8;

/** J. Verhoeff, Error Detecting Decimal Codes (1969): a permutation for each place, from the right, then the group. */
export function passesVerhoeff(digits: string): boolean {
  let check = 0;
  for (let i = 0; i < digits.length; i++) {
    let digit = digitAt(digits, digits.length - 1 - i);
    for (let step = 0; step < i % VERHOEFF_PERIOD; step++) digit = VERHOEFF_STEP[digit] ?? 0;
    check = dihedral(check, digit);
  }
  return check === 0;
}

/** What is left of a long number divided by `by`, at most 7 digits. */
export function remainder(digits: string, by: number): number {
  let left = 0;
  for (let i = 0; i < digits.length; i++) left = (left * 10 + digitAt(digits, i)) % by;
  return left;
}
