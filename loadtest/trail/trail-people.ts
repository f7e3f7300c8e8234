import type { Random } from '../../contracts/seeded-random.ts';

/** Who acts on the site of the load: all names are made up, all addresses kept for documentation or measurements. */
export interface Person {
  readonly user: string;
  readonly role: string;
  readonly ip: string;
  readonly agent: string;
  /** Of the key a program uses; '' of people. */
  readonly key: string;
}

const AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:127.0) Gecko/20100101 Firefox/127.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36',
] as const;

const NAMES = ['sabine', 'jonas', 'mira', 'till', 'noor', 'emil', 'ingrid', 'piotr', 'elif', 'hugo', 'marta', 'nils'] as const;
const ROLES = ['shop_manager', 'shop_manager', 'support', 'support', 'support', 'editor', 'shop_manager', 'support', 'bookkeeper', 'administrator', 'support', 'support'] as const;

export const STAFF: readonly Person[] = NAMES.map((user, i) => ({ user, role: ROLES[i] ?? 'support', ip: `192.0.2.${10 + (i % 3)}`, agent: agentOf(i), key: '' }));

/** Whoever took an administrator's log-in: one session, one address. */
export const BREACH: Person = { user: 'breach.admin', role: 'administrator', ip: '203.0.113.66', agent: 'python-requests/2.32.3', key: '' };

/** A program that reads the orders of the last hour. */
export const PROGRAM: Person = { user: 'erp', role: 'shop_manager', ip: '192.0.2.200', agent: 'ErpSync/4.2', key: 'key-erp-1' };

function agentOf(n: number): string {
  return AGENTS[n % AGENTS.length] ?? AGENTS[0];
}

/** Customer number `n` at the own device. */
export function customer(n: number): Person {
  return { user: `customer${n}`, role: 'customer', ip: `198.${18 + (n & 1)}.${(n >>> 1) & 255}.${1 + ((n >>> 9) % 254)}`, agent: agentOf(n), key: '' };
}

export const COUNTRIES = ['DE', 'DE', 'DE', 'DE', 'AT', 'FR', 'NL', 'US'] as const;

const LETTERS = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(97 + (byte >> 4), 97 + (byte & 15)));

/** So many letters a to p that depend on the numbers alone, as tokens and hashes have them. */
export function lettersOf(seed: number, kind: number, n: number, letters: number): string {
  let text = '';
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(kind + 1, 0x85ebca6b) ^ Math.imul(n + 1, 0xc2b2ae35)) >>> 0;
  while (text.length < letters) {
    // The finaliser of MurmurHash3, a bijection of 32-bit numbers, over a counter.
    state = (state + 0x9e3779b9) >>> 0;
    let word = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
    word ^= word >>> 16;
    text += (LETTERS[word & 255] ?? '') + (LETTERS[(word >>> 8) & 255] ?? '') + (LETTERS[(word >>> 16) & 255] ?? '') + (LETTERS[word >>> 24] ?? '');
  }
  return text.slice(0, letters);
}

/** Few customers come often, most now and then. */
export function someCustomer(random: Random, customers: number): number {
  const r = random();
  return Math.floor(r * r * customers);
}
