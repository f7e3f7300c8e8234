import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../contracts/seeded-random.ts';
import { passesMod11And10, passesVerhoeff, remainder } from './check-digits.ts';
import { documentCheck } from './germany.ts';
import { NATIONAL_NUMBERS } from './national.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);

/** Letters before what the pattern of these finds. */
const BEFORE: Readonly<Record<string, number>> = { 'gb-nino': 2, 'it-codice-fiscale': 6 };

/** Whether the validator takes the whole of a text of which the pattern found what begins at `start`. */
function takes(name: string, text: string, start = BEFORE[name] ?? 0): boolean {
  const span = NATIONAL_NUMBERS[name]?.(text, { start, end: text.length }, 'message');
  return span?.start === 0 && span.end === text.length;
}

/** Numbers that the issuers print as examples, and others made up by their rules. */
const KNOWN: readonly (readonly [string, string])[] = [
  ['at-svnr', '1237010180'], ['au-abn', '51824753556'], ['au-acn', '005499981'], ['au-tfn', '876543210'], ['baltic-code', '37605030299'], ['be-rijksregister', '85073003328'], ['be-rijksregister', '85.07.30-033.28'],
  ['bg-egn', '7523169263'], ['br-cpf', '11144477735'], ['ca-sin', '130-692-544'], ['ch-ahv', '756.9217.0769.85'], ['cl-rut', '12.345.678-5'], ['cn-resident-id', '11010519491231002X'], ['cz-rodne-cislo', '736028/5163'],
  ['de-pension', '15070649C103'], ['de-tax-id', '86095742719'], ['de-vat-id', 'DE136695976'], ['dk-cpr', '070761-4285'], ['es-cif', 'A58818501'], ['es-nif', '12345678Z'], ['es-nif', 'X9613851N'], ['fi-hetu', '131052-308T'],
  ['fr-nir', '255081416802538'], ['gb-nino', 'AA123456A'], ['hk-id', 'A123456(3)'], ['hr-oib', '33392005961'], ['ie-pps', '1234567T'], ['in-aadhaar', '3123 4567 8909'], ['it-codice-fiscale', 'RSSMRA85T10A562S'],
  ['it-partita-iva', '00743110157'], ['jp-my-number', '123456789018'], ['kr-registration', '960121-1021413'], ['nl-bsn', '111222333'], ['no-fodselsnummer', '01010750160'], ['pl-nip', '1234563218'], ['pl-pesel', '44051401458'],
  ['pt-nif', '123456789'], ['ro-cnp', '1800101221144'], ['se-organisation', '556703-7485'], ['se-personnummer', '871220-2384'], ['sg-nric', 'S2740116C'], ['th-id', '1234567890121'], ['tr-id', '10000000146'], ['za-id', '8001015009087'],
];
/** Those without a check digit, or with one that does not guard each digit. */
const UNGUARDED = new Set(['dk-cpr', 'gb-nino', 'cz-rodne-cislo', 'bg-egn', 'ro-cnp', 'kr-registration', 'pt-nif', 'jp-my-number', 'br-cpf']);

describe('a number of a state', () => {
  test.each(KNOWN)('%s: %s is one', (name, text) => {
    expect(takes(name, text)).toBe(true);
  });

  test.each(KNOWN.filter(([name]) => !UNGUARDED.has(name)))('%s: %s with any last digit changed is none', (name, text) => {
    const at = text.search(/\d(?=\D*$)/);
    for (let digit = 0; digit < 10; digit++) {
      if (String(digit) === text.charAt(at)) continue;
      expect(takes(name, `${text.slice(0, at)}${digit}${text.slice(at + 1)}`)).toBe(false);
    }
  });

  test.each([
    ['pl-pesel', '44133101458'], ['de-tax-id', '11111111111'], ['de-tax-id', '01795234406'], ['es-nif', '12345678A'], ['gb-nino', 'BG123612A'], ['gb-nino', 'AA123456E'], ['nl-bsn', '111111111'], ['br-cpf', '11111111111'], ['se-personnummer-alone', '202611211234'],
    ['be-rijksregister', '85133003328'], ['us-itin', '911891234'], ['in-aadhaar', '211111111112'], ['za-id', '9913326789285'], ['fi-hetu', '310289-211C'], ['cn-resident-id', '110105204912310026'],
  ])('%s: %s is none', (name, text) => {
    expect(takes(name, text)).toBe(false);
  });

  test.each(['x[44051401458]', '[44051401458]1', '1.[44051401458]', 'a-[44051401458]', '/order/[44051401458]/', '[44051401458]@x', '%[44051401458]', '[44051401458]-x'])('is none as a part of something longer: %s', (text) => {
    const [start, end] = [text.indexOf('['), text.indexOf(']') - 1];
    expect(NATIONAL_NUMBERS['pl-pesel']?.(text.replace('[', '').replace(']', ''), { start, end }, 'message')).toBeUndefined();
  });

  test('is none as a group among groups', () => {
    expect(NATIONAL_NUMBERS['in-aadhaar']?.('1234 3123 4567 8909', { start: 5, end: 19 }, 'message')).toBeUndefined();
    expect(NATIONAL_NUMBERS['in-aadhaar']?.('3123 4567 8909 1234', { start: 0, end: 14 }, 'message')).toBeUndefined();
  });

  test('reaches out to the letters before what its pattern finds', () => {
    expect(takes('gb-nino', 'AA123456A', 2)).toBe(true);
    expect(takes('gb-nino', 'AA 12 34 56 A', 3)).toBe(true);
    expect(takes('it-codice-fiscale', 'RSSMRA85T10A562S', 6)).toBe(true);
    expect(takes('it-codice-fiscale', 'RSS MRA 85T10 A562S', 8)).toBe(true);
    expect(takes('gb-nino', '123456A', 0)).toBe(false);
  });
});

describe('check digits', () => {
  test('of ISO 7064, Verhoeff and ICAO 9303 give the known answers', () => {
    expect(passesMod11And10('86095742719')).toBe(true);
    expect(passesVerhoeff('2363')).toBe(true);
    expect(documentCheck('L898902C3')).toBe(6);
    expect(documentCheck('520727')).toBe(3);
  });

  test(`the rest of a long division is that of a big integer, seed ${SEED}`, () => {
    const random = seededRandom(SEED);
    for (let i = 0; i < 500; i++) {
      const digits = random.digits(random.between(1, 34));
      expect(remainder(digits, 97)).toBe(Number(BigInt(digits) % 97n));
    }
  });

  test(`Verhoeff refuses each change of a digit and each swap of neighbours, seed ${SEED}`, () => {
    const random = seededRandom(SEED);
    for (let i = 0; i < 200; i++) {
      const body = random.digits(11);
      const number = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => `${body}${digit}`).find(passesVerhoeff) ?? '';
      const at = random.below(11);
      const changed = `${number.slice(0, at)}${(Number(number[at]) + random.between(1, 9)) % 10}${number.slice(at + 1)}`;
      expect(passesVerhoeff(changed)).toBe(false);
      const swapped = `${number.slice(0, at)}${number[at + 1]}${number[at]}${number.slice(at + 2)}`;
      if (swapped !== number) expect(passesVerhoeff(swapped)).toBe(false);
    }
  });
});
