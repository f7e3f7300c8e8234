import { randomInt } from 'node:crypto';

/** Kinds of records that a person can plant. */
export const CANARY_KINDS = ['customer', 'order', 'key', 'product'] as const;
export type CanaryKind = (typeof CANARY_KINDS)[number];

/** One value of a made-up record. */
export interface CanaryValue {
  /** `[a-z]+`: which of the record's values it is. */
  readonly part: string;
  /** What a person calls it. */
  readonly label: string;
  readonly text: string;
  /** What is looked for; values that others share, such as a street, are planted but not looked for. */
  readonly pattern?: string;
}

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const HEX = '0123456789abcdef';
const DIGITS = '0123456789';
const UPPER_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const BASE62 = `${LOWER}${LOWER.toUpperCase()}${DIGITS}`;
const FIRST_NAMES = ['Ottilie', 'Leopold', 'Rosalind', 'Casimir', 'Philippa', 'Florian', 'Henriette', 'Ansgar', 'Beatrix', 'Valentin'];
const ONSETS = ['Qu', 'Zw', 'Thr', 'Wyn', 'Fj', 'Kv', 'Dru', 'Pelh', 'Vask', 'Mirr'];
const MIDDLES = ['arr', 'ell', 'inn', 'ost', 'urn', 'ebb', 'oll', 'ask'];
const ENDS = ['owick', 'aby', 'enfeld', 'ingham', 'asko', 'ovitz', 'unde', 'ithal'];
const GOODS = ['reading lamp', 'travel case', 'wall clock', 'tea caddy', 'garden stool'];

function pick(from: readonly string[]): string {
  return from[randomInt(from.length)] ?? '';
}

/** Random, so that it stands nowhere else. */
function of(alphabet: string, count: number): string {
  return Array.from({ length: count }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}

/** Read as the literal text by JavaScript and Hyperscan. */
export function literal(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9 _@-]/g, String.raw`\$&`);
}

/** A name's words may be parted otherwise, and turned round. */
function customer(): readonly CanaryValue[] {
  const first = pick(FIRST_NAMES);
  const last = `${pick(ONSETS)}${pick(MIDDLES)}${pick(ENDS)}`;
  // Reserved for fiction (North American numbering), so nobody is called.
  const [area, line] = [`${randomInt(2, 10)}${of('2345678', 1)}${of('2345679', 1)}`, `01${of(DIGITS, 2)}`];
  const email = `${first}.${last}${of(DIGITS, 3)}@${of(LOWER, 7)}.example`.toLowerCase();
  const gap = '[^A-Za-z0-9]{1,3}';
  return [
    { part: 'name', label: 'Name', text: `${first} ${last}`, pattern: `${first}${gap}${last}|${last}${gap}${first}` },
    { part: 'email', label: 'E-mail', text: email, pattern: literal(email) },
    { part: 'phone', label: 'Phone', text: `+1 ${area} 555 ${line}`, pattern: `(?:\\+?1[^A-Za-z0-9]{0,2})?\\(?${area}[^A-Za-z0-9]{0,3}555[^A-Za-z0-9]{0,2}${line}` },
    { part: 'address', label: 'Address', text: `${randomInt(100, 999)} ${last} Close, Exampleton`, pattern: `${last} close` },
  ];
}

function order(): readonly CanaryValue[] {
  const number = `9${of(DIGITS, 9)}`;
  const orderKey = `wc_order_${of(BASE62, 13)}`;
  return [
    { part: 'number', label: 'Order number', text: number, pattern: number },
    { part: 'key', label: 'Order key', text: orderKey, pattern: orderKey },
  ];
}

/** In the forms of real services; prefixes are put together here, so that scanners of a repository find nothing. */
function key(): readonly CanaryValue[] {
  const value = (part: string, label: string, text: string): CanaryValue => ({ part, label, text, pattern: literal(text) });
  return [
    value('consumer', 'WooCommerce consumer key', `ck_${of(HEX, 40)}`),
    value('secret', 'WooCommerce consumer secret', `cs_${of(HEX, 40)}`),
    value('payment', 'Payment key', `${['sk', 'live'].join('_')}_${of(BASE62, 24)}`),
    value('cloud', 'Cloud access key', `${['AK', 'IA'].join('')}${of(UPPER_DIGITS, 16)}`),
  ];
}

function product(): readonly CanaryValue[] {
  const sku = `${of(LOWER.toUpperCase(), 3)}-${of(DIGITS, 4)}-${of(LOWER.toUpperCase(), 2)}${of(DIGITS, 2)}`;
  const name = `${pick(ONSETS)}${pick(MIDDLES)}${pick(ENDS)}`;
  return [
    { part: 'sku', label: 'SKU', text: sku, pattern: literal(sku) },
    { part: 'title', label: 'Title', text: `${name} ${pick(GOODS)}`, pattern: name },
  ];
}

/** A record of which every value that is looked for stands nowhere else. */
export function madeUp(kind: CanaryKind): readonly CanaryValue[] {
  switch (kind) {
    case 'customer':
      return customer();
    case 'order':
      return order();
    case 'key':
      return key();
    case 'product':
      return product();
    default:
      return kind satisfies never;
  }
}
