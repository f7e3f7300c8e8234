import type { Random } from '../../../contracts/seeded-random.ts';
import { bigRemainder, luhnDigit, mod1110Digit, mrzDigit, sumOf, verhoeffDigit } from './check.ts';
import { drawBirth, signs, two } from './draw.ts';

/** One kind of identifier: how it is made, written and named. */
export interface Kind {
  /** Id of the signature that is to find it. */
  readonly signature: string;
  /** In the spellings people and programs use. */
  make(draw: Random): string;
  /** Words with which it stands where it needs one; it stands alone, too, when absent. */
  readonly words?: readonly string[];
}

const CF_MONTHS = 'ABCDEHLMPRST';
const CF_ODD: Readonly<Record<string, number>> = Object.fromEntries(Array.from('BAKPLCQDREVOSFTGUHMINJWZYX', (letter, i) => [letter, i]));
const DNI = 'TRWAGMYFPDXBNJZSQVHLCKE';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Tries bodies until one has a check digit: some leave none. */
function until<T>(make: () => T | undefined): T {
  for (;;) {
    const made = make();
    if (made !== undefined) return made;
  }
}

const grouped = (text: string, sizes: readonly number[], separator: string): string => {
  let at = 0;
  return sizes.map((size) => text.slice(at, (at += size))).join(separator);
};

function germanTaxId(draw: Random): string {
  const all = Array.from('0123456789');
  for (let i = all.length - 1; i > 0; i--) {
    const j = draw.below(i + 1);
    [all[i], all[j]] = [all[j] ?? '', all[i] ?? ''];
  }
  // Nine different digits, one of them twice.
  const body = all.slice(0, 9);
  body.splice(draw.between(1, 9), 0, draw.pick(body));
  const digits = body.join('');
  if (digits.startsWith('0') || /(\d)\1\1/.test(digits)) return germanTaxId(draw);
  const number = `${digits}${mod1110Digit(digits)}`;
  return draw.pick([number, number, grouped(number, [2, 3, 3, 3], ' ')]);
}

function germanPension(draw: Random): string {
  const { yy, mm, dd } = drawBirth(draw);
  const letter = draw.pick(Array.from(LETTERS));
  const body = `${two(draw.between(2, 89))}${dd}${mm}${yy}`;
  const serial = two(draw.below(100));
  const digits = `${body}${two(LETTERS.indexOf(letter) + 1)}${serial}`;
  const check = Array.from(digits, (c, i) => Array.from(String(Number(c) * ([2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1][i] ?? 0)), Number).reduce((a, b) => a + b, 0)).reduce((a, b) => a + b, 0) % 10;
  return draw.pick([`${body}${letter}${serial}${check}`, `${body.slice(0, 2)} ${body.slice(2)} ${letter} ${serial}${check}`]);
}

function nir(draw: Random): string {
  const department = draw.pick(['75', '13', '69', '2A', '2B', '33', '59', '99']);
  const body = `${draw.pick(['1', '2'])}${drawBirth(draw).yy}${two(draw.between(1, 12))}${department}${String(draw.between(1, 900)).padStart(3, '0')}${String(draw.between(1, 998)).padStart(3, '0')}`;
  const key = two(97 - bigRemainder(body.replace('2A', '19').replace('2B', '18'), 97));
  return draw.pick([`${body}${key}`, `${grouped(body, [1, 2, 2, 2, 3, 3], ' ')} ${key}`]);
}

function fiscalCode(draw: Random): string {
  const { yy, month, dd } = drawBirth(draw);
  const body = `${signs(draw, 6, 'BCDFGLMNPRSTVZ')}${yy}${CF_MONTHS.charAt(month - 1)}${two(Number(dd) + draw.pick([0, 40]))}${draw.pick(['A', 'F', 'H', 'L', 'Z'])}${draw.digits(3)}`;
  const oddValue = (c: string): number => CF_ODD[c >= 'A' ? c : LETTERS.charAt(Number(c))] ?? 0;
  const sum = Array.from(body, (c, i) => (i % 2 === 0 ? oddValue(c) : c >= 'A' ? c.charCodeAt(0) - 65 : Number(c))).reduce((a, b) => a + b, 0);
  const code = `${body}${LETTERS.charAt(sum % 26)}`;
  return draw.pick([code, code, code.toLowerCase(), grouped(code, [3, 3, 5, 5], ' ')]);
}

function nif(draw: Random): string {
  const lead = draw.pick(['', '', 'X', 'Y', 'Z']);
  const digits = draw.digits(lead === '' ? 8 : 7);
  const letter = DNI.charAt(Number(`${lead === '' ? '' : 'XYZ'.indexOf(lead)}${digits}`) % 23);
  return draw.pick([`${lead}${digits}${letter}`, `${lead}${digits}-${letter}`, `${lead}${digits}${letter}`.toLowerCase()]);
}

function bsn(draw: Random): string {
  return until(() => {
    const body = `${draw.between(1, 9)}${draw.digits(7)}`;
    const check = sumOf(body, [9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    const number = `${body}${check}`;
    return check > 9 ? undefined : draw.pick([number, grouped(number, [4, 2, 3], '.'), grouped(number, [3, 3, 3], ' ')]);
  });
}

function pesel(draw: Random): string {
  const { year, month, yy, dd } = drawBirth(draw);
  const body = `${yy}${two(year < 2000 ? month : month + 20)}${dd}${draw.digits(4)}`;
  return `${body}${(10 - (sumOf(body, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10}`;
}

function rijksregister(draw: Random): string {
  const { year, yy, mm, dd } = drawBirth(draw);
  const body = `${yy}${mm}${dd}${String(draw.between(1, 997)).padStart(3, '0')}`;
  const check = two(97 - bigRemainder(`${year < 2000 ? '' : '2'}${body}`, 97));
  return draw.pick([`${body}${check}`, `${grouped(body.slice(0, 6), [2, 2, 2], '.')}-${body.slice(6)}.${check}`, `${body.slice(0, 6)}-${body.slice(6)}-${check}`]);
}

function personnummer(draw: Random): string {
  const { year, yy, mm, dd } = drawBirth(draw);
  const body = `${yy}${mm}${dd}${draw.digits(3)}`;
  const number = `${body}${luhnDigit(body)}`;
  const dashed = `${number.slice(0, 6)}-${number.slice(6)}`;
  return draw.pick([dashed, `${String(year).slice(0, 2)}${number}`, `${String(year).slice(0, 2)}${dashed}`]);
}

function hetu(draw: Random): string {
  const { year, yy, mm, dd } = drawBirth(draw);
  const serial = String(draw.between(2, 899)).padStart(3, '0');
  return `${dd}${mm}${yy}${draw.pick(Array.from(year < 2000 ? '-YXWVU' : 'ABCDEF'))}${serial}${'0123456789ABCDEFHJKLMNPRSTUVWXY'.charAt(Number(`${dd}${mm}${yy}${serial}`) % 31)}`;
}

function fodselsnummer(draw: Random): string {
  return until(() => {
    const { yy, mm, dd } = drawBirth(draw);
    const body = `${two(Number(dd) + draw.pick([0, 0, 40]))}${mm}${yy}${draw.digits(3)}`;
    const first = (11 - (sumOf(body, [3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11)) % 11;
    const second = (11 - (sumOf(`${body}${first % 10}`, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
    if (first > 9 || second > 9) return undefined;
    return draw.pick([`${body}${first}${second}`, `${body.slice(0, 6)} ${body.slice(6)}${first}${second}`]);
  });
}

function cpf(draw: Random): string {
  const body = draw.digits(9);
  const digit = (part: string): number => ((sumOf(part.padStart(10, '0'), part.length === 9 ? [0, 10, 9, 8, 7, 6, 5, 4, 3, 2] : [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11) % 10;
  const first = digit(body);
  const number = `${body}${first}${digit(`${body}${first}`)}`;
  return draw.pick([number, `${grouped(number.slice(0, 9), [3, 3, 3], '.')}-${number.slice(9)}`]);
}

function turkishId(draw: Random): string {
  const body = `${draw.between(1, 9)}${draw.digits(8)}`;
  const at = (i: number): number => Number(body.charAt(i));
  const tenth = ((at(0) + at(2) + at(4) + at(6) + at(8)) * 7 + 9 * (at(1) + at(3) + at(5) + at(7))) % 10;
  return `${body}${tenth}${(Array.from(body, Number).reduce((a, b) => a + b, 0) + tenth) % 10}`;
}

function residentId(draw: Random): string {
  const { year, mm, dd } = drawBirth(draw);
  const body = `${draw.pick(['110101', '310104', '440305', '510107'])}${year}${mm}${dd}${draw.digits(3)}`;
  // The sum over all eighteen, weights 2^17 to 1, is 1 modulo 11.
  const sum = Array.from(body, (c, i) => Number(c) * (2 ** (17 - i) % 11)).reduce((a, b) => a + b, 0);
  const check = (12 - (sum % 11)) % 11;
  return `${body}${check === 10 ? 'X' : check}`;
}

function registration(draw: Random): string {
  const { year, yy, mm, dd } = drawBirth(draw);
  const foreign = draw.below(4) === 0;
  const body = `${yy}${mm}${dd}${draw.between(1, 2) + (year < 2000 ? 0 : 2) + (foreign ? 4 : 0)}${draw.digits(5)}`;
  return `${body.slice(0, 6)}-${body.slice(6)}${((foreign ? 13 : 11) - (sumOf(body, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10}`;
}

function southAfricanId(draw: Random): string {
  const { yy, mm, dd } = drawBirth(draw, 1930, 2009);
  const body = `${yy}${mm}${dd}${draw.digits(4)}${draw.pick(['0', '1'])}8`;
  return `${body}${luhnDigit(body)}`;
}

function nric(draw: Random): string {
  const kind = draw.pick(Array.from('STFG'));
  const digits = draw.digits(7);
  const index = (sumOf(digits, [2, 7, 6, 5, 4, 3, 2]) + ('TG'.includes(kind) ? 4 : 0)) % 11;
  return `${kind}${digits}${('ST'.includes(kind) ? 'JZIHGFEDCBA' : 'XWUTRQPNMLK').charAt(index)}`;
}

function aadhaar(draw: Random): string {
  const body = `${draw.between(2, 9)}${draw.digits(10)}`;
  return draw.pick([' ', '-'].map((separator) => grouped(`${body}${verhoeffDigit(body)}`, [4, 4, 4], separator)));
}

function abn(draw: Random): string {
  const body = draw.digits(9);
  const check = 89 - ((sumOf(body, [3, 5, 7, 9, 11, 13, 15, 17, 19])) % 89);
  const number = `${check + 10}${body}`;
  return draw.pick([number, grouped(number, [2, 3, 3, 3], ' ')]);
}

function ahv(draw: Random): string {
  const body = `756${draw.digits(9)}`;
  const number = `${body}${(10 - (sumOf(body, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10)) % 10}`;
  return draw.pick([number, grouped(number, [3, 4, 4, 2], '.')]);
}

function cnp(draw: Random): string {
  const { year, yy, mm, dd } = drawBirth(draw);
  const body = `${draw.between(1, 2) + (year < 2000 ? 0 : 4)}${yy}${mm}${dd}${two(draw.between(1, 46))}${draw.digits(3)}`;
  const left = sumOf(body, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
  return `${body}${left === 10 ? 1 : left}`;
}

function rodneCislo(draw: Random): string {
  return until(() => {
    const { month, yy, dd } = drawBirth(draw, 1955, 2009);
    const body = `${yy}${two(month + draw.pick([0, 50]))}${dd}${draw.digits(3)}`;
    const check = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].find((digit) => Number(`${body}${digit}`) % 11 === 0);
    return check === undefined ? undefined : `${body.slice(0, 6)}/${body.slice(6)}${check}`;
  });
}

function balticCode(draw: Random): string {
  const { year, yy, mm, dd } = drawBirth(draw);
  const body = `${draw.between(3, 4) + (year < 2000 ? 0 : 2)}${yy}${mm}${dd}${draw.digits(3)}`;
  const first = sumOf(body, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
  const second = sumOf(body, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11;
  return `${body}${first < 10 ? first : second % 10}`;
}

function jmbg(draw: Random): string {
  return until(() => {
    const { year, mm, dd } = drawBirth(draw);
    const body = `${dd}${mm}${String(year).slice(1)}${draw.between(10, 96)}${draw.digits(3)}`;
    const check = (11 - (sumOf(body, [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
    return check > 9 ? undefined : `${body}${check}`;
  });
}

function passportLine(draw: Random): string {
  const number = signs(draw, 9, 'CFGHJKLMNPRTVWXYZ0123456789');
  const { yy, mm, dd } = drawBirth(draw);
  const expiry = `${two(draw.between(24, 36))}${mm}${dd}`;
  const birth = `${yy}${mm}${dd}`;
  const optional = `${draw.digits(6)}`.padEnd(14, '<');
  const head = `${number}${mrzDigit(number)}`;
  const tail = `${birth}${mrzDigit(birth)}`;
  const end = `${expiry}${mrzDigit(expiry)}${optional}${mrzDigit(optional)}`;
  return `${head}${draw.pick(['D<<', 'UTO', 'FRA'])}${tail}${draw.pick(['F', 'M', '<'])}${end}${mrzDigit(`${head}${tail}${end}`)}`;
}

function tfn(draw: Random): string {
  return until(() => {
    const body = `${draw.between(1, 9)}${draw.digits(7)}`;
    const check = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].find((digit) => sumOf(`${body}${digit}`, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0);
    return check === undefined ? undefined : draw.pick([`${body}${check}`, grouped(`${body}${check}`, [3, 3, 3], ' ')]);
  });
}

function sin(draw: Random): string {
  const body = `${draw.pick(['1', '2', '3', '4', '5', '6', '7', '9'])}${draw.digits(7)}`;
  return draw.pick([' ', '-', ''].map((separator) => grouped(`${body}${luhnDigit(body)}`, [3, 3, 3], separator)));
}

function ssn(draw: Random): string {
  const area = until(() => {
    const drawn = draw.between(1, 899);
    return drawn === 666 ? undefined : String(drawn).padStart(3, '0');
  });
  return [area, two(draw.between(1, 99)), String(draw.between(1, 9999)).padStart(4, '0')].join(draw.pick(['-', '-', ' ']));
}

function itin(draw: Random): string {
  return `9${draw.digits(2)}-${draw.pick([draw.between(50, 65), draw.between(70, 88), draw.between(94, 99)])}-${draw.digits(4)}`;
}

function nino(draw: Random): string {
  const prefix = until(() => {
    const drawn = `${signs(draw, 1, 'ABCEGHJKLMNOPRSTWXYZ')}${signs(draw, 1, 'ABCEGHJKLMNPRSTWXYZ')}`;
    return ['BG', 'GB', 'KN', 'NK', 'NT', 'TN', 'ZZ'].includes(drawn) ? undefined : drawn;
  });
  const number = `${prefix}${draw.digits(6)}${signs(draw, 1, 'ABCD')}`;
  return draw.pick([number, number.toLowerCase(), grouped(number, [2, 2, 2, 2, 1], ' ')]);
}

export const NUMBERS: readonly Kind[] = [
  { signature: 'au-abn', make: abn },
  { signature: 'au-tfn', make: tfn, words: ['TFN', 'tax file number'] },
  { signature: 'balkan-jmbg', make: jmbg },
  { signature: 'baltic-code', make: balticCode },
  { signature: 'be-rijksregister', make: rijksregister },
  { signature: 'br-cpf', make: cpf },
  { signature: 'ca-sin', make: sin, words: ['social insurance number', 'SIN number'] },
  { signature: 'ch-ahv', make: ahv },
  { signature: 'cn-resident-id', make: residentId },
  { signature: 'cz-rodne-cislo', make: rodneCislo },
  { signature: 'de-pension', make: germanPension },
  { signature: 'de-tax-id', make: germanTaxId },
  { signature: 'es-nif', make: nif },
  { signature: 'fi-hetu', make: hetu },
  { signature: 'fr-nir', make: nir },
  { signature: 'gb-nino', make: nino },
  { signature: 'in-aadhaar', make: aadhaar },
  { signature: 'it-codice-fiscale', make: fiscalCode },
  { signature: 'kr-registration', make: registration },
  { signature: 'nl-bsn', make: bsn, words: ['BSN', 'burgerservicenummer', 'sofinummer'] },
  { signature: 'no-fodselsnummer', make: fodselsnummer },
  { signature: 'passport-zone', make: passportLine },
  { signature: 'pl-pesel', make: pesel },
  { signature: 'ro-cnp', make: cnp },
  { signature: 'se-personnummer', make: personnummer },
  { signature: 'sg-nric', make: nric },
  { signature: 'tr-id', make: turkishId },
  { signature: 'us-itin', make: itin },
  { signature: 'us-ssn', make: ssn },
  { signature: 'za-id', make: southAfricanId },
];
