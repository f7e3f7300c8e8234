import { createRequire } from 'node:module';
import type { Random } from '../../../contracts/seeded-random.ts';
import { bigRemainder } from './check.ts';
import { drawBirth, signs } from './draw.ts';
import type { Kind } from './numbers.ts';

/** Addresses, phone numbers, accounts, dates and names. */

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** Account parts of some countries: digits as 9, letters as A, either as X (IBAN registry). */
const BBANS = ['DE999999999999999999', 'GBAAAA99999999999999', 'FR9999999999XXXXXXXXXXX99', 'NLAAAA9999999999', 'ES99999999999999999999', 'ITA9999999999XXXXXXXXXXXX', 'BE999999999999', 'PL999999999999999999999999', 'CH99999XXXXXXXXXXXX', 'NO99999999999', 'MTAAAA99999XXXXXXXXXXXXXXXXXX', 'BR99999999999999999999999AX', 'SE99999999999999999999', 'AT9999999999999999', 'TR999999XXXXXXXXXXXXXXXX', 'PKAAAAXXXXXXXXXXXXXXXX', 'LCAAAAXXXXXXXXXXXXXXXXXXXXXXXX', 'SCAAAA99999999999999999999AAA', 'FI99999999999999', 'SA99XXXXXXXXXXXXXXXXXX'];

function iban(random: Random): string {
  const template = random.pick(BBANS);
  const country = template.slice(0, 2);
  const account = Array.from(template.slice(2), (c) => (c === '9' ? random.digits(1) : signs(random, 1, c === 'A' ? UPPER : `${UPPER}0123456789`))).join('');
  const numeric = Array.from(`${account}${country}00`, (c) => String(Number.parseInt(c, 36))).join('');
  const number = `${country}${String(98 - bigRemainder(numeric, 97)).padStart(2, '0')}${account}`;
  const blocks = number.match(/.{1,4}/g) ?? [];
  return random.pick([number, number, `IBAN ${number.toLowerCase()}`, blocks.join(' '), blocks.join('-')]);
}

const LOCALS = ['jane', 'jane.doe', 'j_roe', 'o\'brien', 'jane+shop', 'no-reply', 'j\u00f6rg.m\u00fcller', '\u0438\u0432\u0430\u043d', 'x', '1234567', 'a.b.c.d', 'first-last'];
const DOMAINS = ['shop.example', 'mail.clinic.example', 'example.org', 'example.co.uk', 'xn--mller-kva.example', 'm\u00fcller.example', 'a.b.c.example.net', '163.example', 'sub-domain.example.museum', 'EXAMPLE.COM'];

function email({ pick, digits }: Random): string {
  const local = `${pick(LOCALS)}${pick(['', digits(2)])}`;
  return `${pick(['', '', 'mailto:', '<'])}${local}@${pick(DOMAINS)}`;
}

// The package's file of one mobile number a country, as it describes it.
const EXAMPLES = createRequire(import.meta.url)('libphonenumber-js/examples.mobile.json') as Readonly<Record<string, string>>;
const CODES: Readonly<Record<string, string>> = { US: '1', GB: '44', DE: '49', FR: '33', ES: '34', IT: '39', NL: '31', PL: '48', BE: '32', SE: '46', CH: '41', AT: '43', IN: '91', BR: '55', AU: '61', JP: '81', TR: '90', ZA: '27', PT: '351', FI: '358' };

function split({ pick }: Random, digits: string): string {
  const separator = pick([' ', '-', '.', '']);
  return [digits.slice(0, 3), digits.slice(3, 6), digits.slice(6)].join(separator);
}

function phone(random: Random): string {
  const country = random.pick(Object.keys(CODES));
  const example = EXAMPLES[country] ?? '';
  // The last two digits are free in every plan.
  const digits = `${example.slice(0, -2)}${random.digits(2)}`;
  const code = CODES[country] ?? '';
  return random.pick([`+${code}${digits}`, `+${code} ${split(random, digits)}`, `+${code}-${split(random, digits)}`, `00${code} ${split(random, digits)}`]);
}

function nationalPhone(random: Random): string {
  const country = random.pick(['US', 'GB', 'DE', 'FR', 'IT', 'ES', 'NL', 'IN', 'TR', 'PL']);
  const digits = `${(EXAMPLES[country] ?? '').slice(0, -2)}${random.digits(2)}`;
  const trunk = ['GB', 'DE', 'FR', 'NL', 'TR'].includes(country) ? '0' : '';
  return `${trunk}${country === 'US' ? random.pick([`(${digits.slice(0, 3)}) ${digits.slice(3, 6)}-${digits.slice(6)}`, `${digits.slice(0, 3)}-${digits.slice(3, 6)}-${digits.slice(6)}`, digits]) : split(random, digits)}`;
}

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

function birthDate(random: Random): string {
  const { year, month, mm, dd } = drawBirth(random);
  const name = MONTHS[month - 1] ?? '';
  return random.pick([`${year}-${mm}-${dd}`, `${dd}.${mm}.${year}`, `${mm}/${dd}/${year}`, `${dd}/${mm}/${year}`, `${Number(dd)} ${name} ${year}`, `${name.slice(0, 3)} ${Number(dd)}, ${year}`, `${year}${mm}${dd}`]);
}

const STREETS = [
  ({ between }: Random) => `${between(1, 999)} ${['Market Street', 'Evergreen Terrace', 'Old Mill Road', 'St. James Square'][between(0, 3)] ?? ''}, London NW1 6XE`,
  ({ between }: Random) => `${between(1, 9999)} Oak Avenue, Springfield, IL ${between(10_000, 99_999)}`,
  ({ between }: Random) => `Hauptstra\u00dfe ${between(1, 200)}, ${between(10_000, 99_999)} Berlin`,
  ({ between }: Random) => `Am Alten Markt Platz ${between(1, 99)}, ${between(10_000, 99_999)} K\u00f6ln`,
  ({ between }: Random) => `${between(1, 200)} rue de la Paix, ${between(10_000, 95_999)} Paris`,
  ({ between }: Random) => `Calle Mayor ${between(1, 99)}, ${between(10_000, 52_999)} Madrid`,
  ({ between }: Random) => `Via Garibaldi ${between(1, 99)}, ${between(10_000, 98_999)} Roma`,
  ({ between }: Random) => `Damstraat ${between(1, 200)}, ${between(1000, 9999)} AB Amsterdam`,
];

export const PEOPLE: readonly Kind[] = [
  { signature: 'email', make: email },
  { signature: 'iban', make: iban },
  { signature: 'phone', make: phone },
  { signature: 'phone-national', make: nationalPhone, words: ['phone', 'Telefon', 'my mobile number', 'call me at', 'tel.', 'billing_phone'] },
  { signature: 'birth-date', make: birthDate, words: ['DOB', 'date of birth', 'born', 'Geburtsdatum', 'birthdate'] },
  { signature: 'address', make: (random) => random.pick(STREETS)(random) },
];
