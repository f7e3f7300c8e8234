import type { Random } from '../../contracts/seeded-random.ts';
import { PHONES } from './agents.ts';
import type { Client } from './site.ts';

const FIRST = [
  'Anna', 'Jonas', 'Mehmet', 'Sofia', 'Lukas', 'Amélie', 'Piotr', 'Ingrid', 'Carlos', 'Yuki', 'Olga', 'Seán', 'Fatima', 'Björn', 'Chiara', 'Nils', 'Elif', 'Hugo', 'Marta', 'Tomás',
] as const;
const LAST = [
  'Müller', "O'Neil", 'Schmidt-Lang', 'Kowalska', 'García', 'Rossi', 'Yılmaz', 'Andersson', 'Dubois', 'de Vries', 'Nowak', 'Weber', 'Lindqvist', 'Moreau', 'Bauer', 'Silva', 'Novák', 'Keller',
  "D'Angelo", 'Union',
] as const;
const STREETS = ['Hauptstraße', 'Selectweg', 'Union Street', 'Rue de la Paix', 'Calle Mayor', 'Lindenallee', 'Via Roma', 'Dropgasse'] as const;
const CITIES = ['10115 Berlin', '75002 Paris', '28013 Madrid', '20095 Hamburg', '00184 Roma', '1012 Amsterdam', '11122 Stockholm', '00-001 Warszawa'] as const;

/** A made-up customer or patient of a site; the same number is the same person. */
export interface Customer {
  readonly number: number;
  /** How the subject is named in truths. */
  readonly subject: string;
  readonly first: string;
  readonly last: string;
  readonly user: string;
  readonly email: string;
  readonly phone: string;
  readonly street: string;
  readonly city: string;
}

function pick(from: readonly string[], n: number): string {
  return from[n % from.length] ?? '';
}

/** The letters of a name that an address may have. */
function plain(name: string): string {
  return name.normalize('NFD').replaceAll(/[^A-Za-z]/g, '').toLowerCase();
}

export function customerOf(number: number): Customer {
  const [first, last] = [pick(FIRST, number), pick(LAST, Math.floor(number / 3))];
  const user = `${plain(first)}.${plain(last)}${number}`;
  return {
    number, first, last, user, subject: `customer-${number}`, email: `${user}@mail.example`, phone: `+1 202-555-01${String(number % 100).padStart(2, '0')}`,
    street: `${pick(STREETS, number * 7)} ${1 + (number % 140)}`, city: pick(CITIES, number * 3),
  };
}

/** Numbers of `count` customers beside each other. */
export function customersFrom(first: number, count: number): readonly Customer[] {
  return Array.from({ length: count }, (_, i) => customerOf(first + i));
}

/** An address of a visitor: of the range kept for measurements (RFC 2544) or for documentation (RFC 3849). */
export function visitorAddress(random: Random): string {
  return random.chance(0.6) ? `198.18.${random.below(256)}.${1 + random.below(254)}` : `2001:db8:${(4096 + random.below(60_000)).toString(16)}:${random.below(65_536).toString(16)}::${(1 + random.below(65_535)).toString(16)}`;
}

/** The customer at the own device: at the same address all day, some behind a mobile network's that many share. */
export function customerClient({ user, number }: Customer, session: string): Client {
  return {
    ip: number % 10 < 3 ? `198.19.255.${1 + (number % 40)}` : `198.19.${number % 250}.${1 + (Math.floor(number / 250) % 250)}`, agent: pick(PHONES, number), user, roles: ['customer'], session,
  };
}
