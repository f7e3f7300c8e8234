import { expect, test } from 'vitest';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { shingleKeyOf, sketchOf } from '../../contracts/shingles.ts';
import { IDENTIFIER_KINDS, tokenOf } from '../../contracts/token.ts';
import { loadNative } from '../native/binding.ts';
import { siteTokens } from './site-tokens.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);
const native = await loadNative();
const PARTS = ['a', 'Z', '0', '7', ' ', '\t', '.', '@', '+', '-', '(0)', '\0', '\u00e9', '\u0130', '\uff21', '\ud83d', '\u{1f600}', '\ufb01', '\u27e6', 'mail ', 'x'.repeat(60), '\u20ac'.repeat(40)];

test(`tokens and sketches are those of the contracts, seed ${SEED}`, () => {
  const random = seededRandom(SEED);
  const text = (): string => Array.from({ length: Math.floor(random() * 40) }, () => PARTS[Math.floor(random() * PARTS.length)] ?? '').join('');
  for (let round = 0; round < 60; round++) {
    const key = Buffer.from(Array.from({ length: 32 }, () => Math.floor(random() * 256)));
    const { tokensOf, sketchOf: sketch } = siteTokens(native, key);
    const identifiers = IDENTIFIER_KINDS.flatMap((kind) => Array.from({ length: 1 + Math.floor(random() * 3) }, () => ({ kind, value: text() })));
    expect(tokensOf(identifiers)).toEqual(identifiers.map(({ kind, value }) => tokenOf(key, kind, value)));
    const long = `${text()} ${text()} ${text()}`;
    expect(sketch(long)).toEqual(sketchOf(shingleKeyOf(key), long));
  }
});

test.each([500, 506, 507, 508, 509, 511, 512, 513, 2_000])('a text of %i bytes has its token', (bytes) => {
  const key = Buffer.alloc(32, 7);
  for (const letter of ['a', '\u00e9', '\u{1f600}']) {
    const value = letter.padStart(bytes - 'text\n'.length - Buffer.byteLength(letter) + letter.length, 'b');
    expect(siteTokens(native, key).tokensOf([{ kind: 'text', value }])).toEqual([tokenOf(key, 'text', value)]);
  }
});

test('nothing has no token, four words have no sketch', () => {
  const { tokensOf, sketchOf: sketch } = siteTokens(native, Buffer.alloc(32));
  expect([tokensOf([]), sketch('one two three four'), sketch('')]).toEqual([[], [], []]);
});
