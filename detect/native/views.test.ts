import { expect, test } from 'vitest';
import { seededRandom } from '../../contracts/seeded-random.ts';
import type { Random } from '../../contracts/seeded-random.ts';
import { decodeTokens, exactMatches, rulesOf } from '../mask/exact-match.ts';
import { loadPack } from '../pack/load.ts';
import { hyperscanExpression } from '../pack/pattern.ts';
import { viewsOf } from '../views/views.ts';
import { IN_DECODED, IN_PLAIN, loadNative } from './binding.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);
const native = await loadNative();

const BITS = [
  '%', '%25', '%41', '%c3%a9', '%c0%ae', '%e0%80%ae', '%f0%9f%98%80', '%ed%a0%80', '%u0041', '%ud83d', '%ude00', '%U00e9', '%2B', '%3d', '+', '+01:00',
  '&', '&lt', '&lt;', '&amp;', '&#60;', '&#x3c', '&#0060', '&#0;', '&#99999999', '&#x110000;', '&nbsp', '&colon;', '&ltx;', '&LT', '#',
  '\\', '\\u0041', '\\u{1f600}', '\\u{110000}', '\\x41', '\\101', '\\377', '\\8', '\\n', '\\"', '\\ud83d', '\\ude00',
  '\u00e9', '\uff1c', '\ud83d\ude00', '\ud83d', '\ude00', '\u200b', '\u00a0', '\u2019', ' ', '  ', '\n', '\t', '\0', '/*', '*/', '/**/', '/*!50000', '--', '--x\n', '#x\n',
  '=', '==', '-', '_', '/', '.', '"', "'", '{', '}', 'u', '0', 'x', 'A', '0x', '0x61646d696e', '0x3c7363', '61646d696e61646d696e', 'abcdef0123456789', 'PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg', 'PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==',
] as const;
const ATTACKS = [' union select 1,2', '<script>', '<img src=x onerror=alert(1)>', '../../etc/passwd', "' or '1'='1", 'jane@clinic.example', '4111 1111 1111 1111', ';cat /etc/passwd', `<a ${'\u4e2d'.repeat(70)} onload=`] as const;

const ENCODINGS: readonly ((text: string) => string)[] = [
  (text) => encodeURIComponent(text.toWellFormed()),
  (text) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16)}`).join(''),
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(text).toString('base64url'),
  (text) => Buffer.from(text).toString('hex'),
  (text) => `0x${Buffer.from(text).toString('hex')}`,
  (text) => [...text].map((c) => `&#${c.codePointAt(0)};`).join(''),
  (text) => [...text].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  (text) => text.replaceAll(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)),
  (text) => text.replaceAll(' ', '/**/'),
  (text) => JSON.stringify(text).slice(1, -1),
];

/** Bits joined, parts of them encoded, up to three times one in the other. */
function hostileText(random: Random, bits: readonly string[]): string {
  let text = Array.from({ length: random.below(9) }, () => random.pick(bits)).join('');
  for (let times = random.below(4); times > 0; times--) {
    const from = random.chance(0.5) ? 0 : random.below(text.length + 1);
    const to = random.chance(0.5) ? text.length : random.between(from, text.length);
    text = text.slice(0, from) + random.pick(ENCODINGS)(text.slice(from, to)) + text.slice(to);
  }
  return text;
}

test(`the addon has the views of detect/views/ of 100,000 hostile texts, seed ${SEED}`, () => {
  const random = seededRandom(SEED);
  let views = 0;
  for (let i = 0; i < 100_000; i++) {
    const text = hostileText(random, BITS);
    const expected = viewsOf(text).slice(1).map((view) => view.text);
    views += expected.length;
    expect(native.viewsOf(text), JSON.stringify(text)).toEqual(expected);
  }
  expect(views).toBeGreaterThan(100_000);
});

test(`the addon has the views of long texts, seed ${SEED}`, () => {
  const random = seededRandom(SEED);
  for (let i = 0; i < 300; i++) {
    // About the length from which fewer views are made, in units, of which the addon sees bytes.
    const padding = random.pick(['x ', '\u00e9 ', '\u4e2d ', '\u{1f600}']);
    const text = padding.repeat(Math.floor(random.between(8_100, 8_200) / padding.length)) + hostileText(random, BITS);
    expect(native.viewsOf(text), `${text.length} ${JSON.stringify(text.slice(8_000))}`).toEqual(viewsOf(text).slice(1).map((view) => view.text));
  }
});

test('the addon reads every code point as detect/views/ does', () => {
  for (let first = 0; first < 0x110000; first += 0x400) {
    const text = Array.from({ length: 0x400 }, (_, i) => String.fromCodePoint(first + i)).join('.');
    expect(native.viewsOf(text), first.toString(16)).toEqual(viewsOf(text).slice(1).map((view) => view.text));
  }
});

test(`what a rule matches in a line, the addon hits, and says whether in a decoded view, seed ${SEED}`, async () => {
  const random = seededRandom(SEED);
  const rules = rulesOf((await loadPack()).signatures);
  const database = native.compile(rules.map(({ signature }) => hyperscanExpression(signature)));
  const seen = { plain: 0, decoded: 0 };
  for (let round = 0; round < 10; round++) {
    const lines = Array.from({ length: 300 }, () => JSON.stringify({ [hostileText(random, ['k', ...ATTACKS])]: hostileText(random, [...BITS, ...ATTACKS, ...ATTACKS]), message: hostileText(random, ATTACKS), n: random.below(1e16) }));
    const { hits, found, table } = native.process(database, { body: Buffer.from(lines.map((line) => `${line}\n`).join('')), nonces: false, envelopePrefix: Buffer.alloc(0), firstSeq: 0, skipLines: 0, omit: new Uint32Array(), hashed: false });
    const places = new Map(Array.from(found, (place, i) => [`${hits[i * 2]} ${hits[i * 2 + 1]}`, place]));
    for (const [i, line] of lines.entries()) {
      // A key may stand twice, or a text hold NUL.
      if (((table[i * 3 + 2] ?? 0) & 255) !== 0) continue;
      for (const { rule, view } of exactMatches(decodeTokens(line), rules)) {
        const place = view === '' ? IN_PLAIN : IN_DECODED;
        seen[view === '' ? 'plain' : 'decoded']++;
        expect((places.get(`${i} ${rule.index}`) ?? 0) & place, `${rule.signature.id} ${view} ${line}`).toBe(place);
      }
    }
  }
  expect(Math.min(seen.plain, seen.decoded)).toBeGreaterThan(1_000);
});
