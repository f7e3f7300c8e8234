import type { Random } from '../../../contracts/seeded-random.ts';

export function signs({ below }: Random, count: number, alphabet: string): string {
  return Array.from({ length: count }, () => alphabet.charAt(below(alphabet.length))).join('');
}

/** A birth of 1930 to 2009 or so, with parts as numbers are made of. */
export interface Birth {
  readonly year: number;
  readonly month: number;
  readonly yy: string;
  readonly mm: string;
  readonly dd: string;
}

export function two(value: number): string {
  return String(value).padStart(2, '0');
}

export function drawBirth({ between }: Random, first = 1930, last = 2009): Birth {
  const year = between(first, last);
  const month = between(1, 12);
  return { year, month, yy: two(year % 100), mm: two(month), dd: two(between(1, 28)) };
}
