import type { RegisteredDocument } from '../../contracts/rule-set.ts';
import { BOILERPLATE } from './boilerplate.ts';
import { hashKeyOf } from './keyed-hash.ts';
import type { HashKey } from './keyed-hash.ts';
import { shingleName, shinglesOf } from './shingles.ts';
import type { Shingles } from './shingles.ts';

/** Of so many windows in a row the one with the least hash is kept: eleven words in a row leave one, a passage of 25 words at least four. */
const WINNOW = 4;
/** Of which as many have to be seen again, or three in ten of a short document. */
export const LEAST_SEEN = 3;
/** A text with less that is its own could not be told from others. */
const LEAST_SHINGLES = 4;
const MOST_WORDS = 200_000;

const SHINGLE_BYTES = 8;

/** Indexes of the windows that are kept: in each run of four the least, the last of equal ones. */
function winnowed({ windows, low, high }: Shingles): ReadonlySet<number> {
  const kept = new Set<number>();
  for (let first = 0; first + WINNOW <= Math.max(windows, WINNOW) && first < windows; first++) {
    let least = first;
    for (let i = first + 1; i < Math.min(first + WINNOW, windows); i++) if ((high[i] ?? 0) < (high[least] ?? 0) || ((high[i] ?? 0) === (high[least] ?? 0) && (low[i] ?? 0) <= (low[least] ?? 0))) least = i;
    kept.add(least);
  }
  return kept;
}

function namesOf({ count, low, high }: Shingles): readonly string[] {
  return Array.from({ length: count }, (_, i) => shingleName(low[i] ?? 0, high[i] ?? 0));
}

function boilerplateNames(key: HashKey): ReadonlySet<string> {
  return new Set(BOILERPLATE.flatMap((text) => namesOf(shinglesOf(text, key))));
}

/** A row that stands more than once is a form's, not a price's. */
function ownRows(shingles: Shingles, names: readonly string[]): readonly number[] {
  const seen = new Map<string, number>();
  for (let i = shingles.windows; i < shingles.count; i++) seen.set(names[i] ?? '', (seen.get(names[i] ?? '') ?? 0) + 1);
  return Array.from({ length: shingles.count - shingles.windows }, (_, i) => shingles.windows + i).filter((i) => seen.get(names[i] ?? '') === 1);
}

export type Registration = { readonly kind: 'registered'; readonly document: RegisteredDocument; readonly words: number; readonly shingles: number } | { readonly kind: 'refused'; readonly because: string };

/** The shingles of a text that are its own. `key`: 32 bytes. Nothing of the text stays in the result. */
export function registerDocument(about: Omit<RegisteredDocument, 'shingles'>, text: string, key: Uint8Array): Registration {
  const hashKey = hashKeyOf(key);
  const shingles = shinglesOf(text, hashKey);
  const { count: words } = shingles.words;
  if (words > MOST_WORDS) return { kind: 'refused', because: `it has ${words} words, ${MOST_WORDS} are the most: split it into parts and register each` };
  const common = boilerplateNames(hashKey);
  const names = namesOf(shingles);
  const kept = new Map<string, number>();
  for (const i of [...winnowed(shingles), ...ownRows(shingles, names)]) {
    const name = names[i] ?? '';
    if (!common.has(name)) kept.set(name, i);
  }
  if (kept.size < LEAST_SHINGLES) return { kind: 'refused', because: `it has too little text of its own (${words} words): a passage of about 25 words is what can be recognised` };
  const numbers = BigUint64Array.from(kept.values(), (i) => (BigInt(shingles.high[i] ?? 0) << 32n) | BigInt(shingles.low[i] ?? 0)).toSorted();
  const bytes = Buffer.alloc(numbers.length * SHINGLE_BYTES);
  for (const [i, number] of numbers.entries()) bytes.writeBigUInt64LE(number, i * SHINGLE_BYTES);
  return { kind: 'registered', document: { ...about, shingles: bytes.toString('base64') }, words, shingles: numbers.length };
}
