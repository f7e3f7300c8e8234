import { describe, expect, test } from 'vitest';
import { HEALTH_VALIDATORS } from './health-validators.ts';

function accepts(name: string, text: string, field = 'message'): boolean {
  return HEALTH_VALIDATORS[name]?.(text, { start: 0, end: text.length }, field) !== undefined;
}

/** Published examples of each number. */
const RIGHT: readonly (readonly [string, string])[] = [
  ['npi', '1234567893'], ['npi', '1245319599'], ['npi', '1003000126'], ['dea', 'BB1388568'], ['dea', 'GL0285191'], ['dea', 'K92993548'], ['nhs', '9434765919'], ['nhs', '401-023-2137'], ['kvnr', 'A000500015'], ['kvnr', 'Z999999997'], ['kvnr', 'a123456780'],
  ['au-medicare', '2123 45670 1'], ['loinc', '4548-4'], ['loinc', '13457-7'], ['snomed', '73211009'], ['snomed', '195967001'],
];

describe('a check digit', () => {
  test.each(RIGHT)('of %s accepts %s', (name, text) => {
    expect(accepts(name, text)).toBe(true);
  });

  test.each(RIGHT)('of %s refuses %s with any one other digit', (name, text) => {
    const places = Array.from(text.matchAll(/\d/g), ({ index }) => index);
    // The issue of an Australian card is not part of its sum, and the letter of a DEA number may be a digit.
    const summed = places.filter((at) => !(name === 'au-medicare' && at === text.length - 1) && !(name === 'dea' && at === 1));
    const changed = summed.map((at) => `${text.slice(0, at)}${(Number(text[at]) + 1) % 10}${text.slice(at + 1)}`);
    expect(changed.filter((other) => accepts(name, other))).toEqual([]);
  });
});

describe('an ICD-10 code', () => {
  test.each(['E11.9', 'I10', 'U07.1', 'C7A.00', 'Z3A.20', 'M1A.0', 'S72.001A'])('%s has a category that exists', (code) => {
    expect(accepts('icd10', code)).toBe(true);
  });

  test.each(['E91.1', 'K97', 'P99.9', 'U99'])('%s has none', (code) => {
    expect(accepts('icd10', code)).toBe(false);
  });
});

describe('a number written 3-3-4', () => {
  test.each([['943 476 5919', true], ['943-476-5919', false], ['401-023-2137', true]] as const)('%s is an NHS number: %s', (text, expected) => {
    expect(accepts('nhs-spaced', text)).toBe(expected);
  });

  test.each(['billing.phone', 'tel', 'customer.mobile'])('is a telephone number in the field %s', (field) => {
    expect(accepts('nhs-spaced', '943 476 5919', field)).toBe(false);
  });
});
