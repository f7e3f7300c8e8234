import type { Validator } from '../span.ts';
import { passesLuhn } from '../luhn.ts';

function digitsOf(text: string): readonly number[] {
  return Array.from(text.replaceAll(/[^0-9]/g, ''), Number);
}

function weighted(digits: readonly number[], weights: readonly number[]): number {
  return weights.reduce((sum, weight, i) => sum + weight * (digits[i] ?? 0), 0);
}

function accepts(isOne: (found: string) => boolean): Validator {
  return (text, span) => (isOne(text.slice(span.start, span.end)) ? span : undefined);
}

/** National Provider Identifier: Luhn over 80840 and the ten digits (45 CFR 162.406). */
export const npi: Validator = accepts((found) => passesLuhn(`80840${digitsOf(found).join('')}`));

/** DEA registration number: digits 1+3+5 plus twice 2+4+6 end in the seventh. */
export const dea: Validator = accepts((found) => {
  const digits = digitsOf(found.slice(2));
  return weighted(digits, [1, 2, 1, 2, 1, 2]) % 10 === digits[6];
});

function isNhs(found: string): boolean {
  const digits = digitsOf(found);
  const check = 11 - (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return check !== 10 && check % 11 === digits[9] && new Set(digits).size > 1;
}

/** NHS number, modulus 11 (NHS Data Dictionary). */
export const nhs: Validator = accepts(isNhs);

const PHONE_BEFORE = /(?:\+\d{0,3}[ -]?|\(|\b\d{1,4}[ -]|\b(?:tel|phone|telephone|fax|mobile|cell|call|text|sms|whatsapp|ring|dial)\b[^\p{L}\p{N}]{0,4}(?:us |on |at |me |no |number |is )*)$/iu;
const PHONE_FIELD = /phone|mobile|fax|(?:^|[._])tel/i;

/** Written 3-3-4, and neither a telephone number by what stands around nor, with hyphens, by its own look. */
export const nhsSpaced: Validator = (text, span, field) => {
  const found = text.slice(span.start, span.end);
  if (!isNhs(found) || PHONE_FIELD.test(field) || PHONE_BEFORE.test(text.slice(Math.max(0, span.start - 24), span.start))) return undefined;
  return found.includes('-') && /^[2-9]\d\d-[2-9]/.test(found) ? undefined : span;
};

/** Krankenversichertennummer (§ 290 SGB V): the letter as two digits, every second one doubled, digit sums. */
export const kvnr: Validator = accepts((found) => {
  const bare = found.toUpperCase();
  const digits = [...String(bare.charCodeAt(0) - 64).padStart(2, '0'), ...bare.slice(1)].map(Number);
  const sum = digits.slice(0, 10).reduce((all, digit, i) => {
    const product = digit * (1 + (i % 2));
    return all + (product > 9 ? product - 9 : product);
  }, 0);
  return sum % 10 === digits[10];
});

/** Australian Medicare card: eight digits, then their check digit, then the issue. */
export const auMedicare: Validator = accepts((found) => {
  const digits = digitsOf(found);
  return weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === digits[8];
});

/** LOINC: Luhn over the number and its check digit. */
export const loinc: Validator = accepts((found) => passesLuhn(digitsOf(found).join('')));

/** Verhoeff's tables: the dihedral group of ten elements, and its permutation. */
const TIMES = ['0123456789', '1234067895', '2340178956', '3401289567', '4012395678', '5987604321', '6598710432', '7659821043', '8765932104', '9876543210'];
const PERMUTED = ['0123456789', '1576283094', '5803796142', '8916043527', '9453126870', '4286573901', '2793806415', '7046913258'];

/** SNOMED CT identifier: a Verhoeff check digit, and a partition that says concept, description or relationship. */
export const snomed: Validator = accepts((found) => {
  let check = 0;
  for (const [i, digit] of digitsOf(found).toReversed().entries()) check = Number(TIMES[check]?.[Number(PERMUTED[i % 8]?.[digit])]);
  return check === 0 && /[01][012]\d$/.test(found);
});

/** ICD-10 categories in use: letter and the highest second and third place of its chapter. */
const LAST_CATEGORY: Readonly<Record<string, string>> = { A: '99', B: '99', C: 'D9', D: '89', E: '90', F: '99', G: '99', H: '95', I: '99', J: '99', K: '95', L: '99', M: 'D9', N: '99', O: '9A', P: '96', Q: '99', R: '99', S: '99', T: '98', U: '85', V: '99', W: '99', X: '99', Y: '99', Z: '99' };

/** An ICD-10 code of a category that exists. */
export const icd10: Validator = accepts((found) => {
  const code = found.toUpperCase();
  const last = LAST_CATEGORY[code.charAt(0)];
  const category = code.slice(1, 3);
  return last !== undefined && (category <= last || /^[CZ][347][AB]/.test(code));
});
