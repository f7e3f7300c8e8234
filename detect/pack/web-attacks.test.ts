import { describe, expect, test } from 'vitest';
import { corpusText } from '../../contracts/reference-data.ts';
import { candidateTokens, exactMatches } from '../mask/exact-match.ts';
import { loadNative } from '../native/binding.ts';
import { createScanner, lineHits } from '../scanner.ts';
import { loadPack } from './load.ts';
import { TEST_CACHE } from '../scanner-fixture.ts';

const scanner = createScanner((await loadPack()).signatures, [], await loadNative(), TEST_CACHE);
const BATCH_LINES = 500;

/** How many of the lines an attack signature matches in. */
function attacksIn(lines: readonly string[]): number {
  let found = 0;
  for (let from = 0; from < lines.length; from += BATCH_LINES) {
    const batch = lines.slice(from, from + BATCH_LINES);
    const processed = scanner.native.process(scanner.database, { body: Buffer.from(batch.map((line) => `${line}\n`).join('')), nonces: false, envelopePrefix: Buffer.alloc(0), firstSeq: 0, skipLines: 0, omit: new Uint32Array(), hashed: false });
    for (const { line, rules, decoded } of lineHits(scanner, processed)) {
      if (exactMatches(candidateTokens(batch[line] ?? '', rules, decoded), rules, decoded).some((d) => d.rule.signature.class.startsWith('attack.'))) found++;
    }
  }
  return found;
}

/** The first column of the corpus, a quoted one, but its title. */
function payloads(csv: string): readonly string[] {
  return csv.split('\n').slice(1).flatMap((row) => /^"((?:[^"]|"")*)"/.exec(row)?.[1]?.replaceAll('""', '"') ?? []);
}

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0');
const each = (text: string, read: (c: string) => string): string => Array.from(text, read).join('');

const ENCODINGS: readonly (readonly [string, (text: string) => string])[] = [
  ['percent', encodeURIComponent],
  ['double percent', (text) => encodeURIComponent(encodeURIComponent(text))],
  ['percent of every byte in two', (text) => each(text, (c) => (c < '\x80' ? `%${hex(0xc0 | (c.charCodeAt(0) >> 6), 2)}%${hex(0x80 | (c.charCodeAt(0) & 63), 2)}` : encodeURIComponent(c)))],
  ['%uXXXX', (text) => each(text, (c) => `%u${hex(c.charCodeAt(0), 4)}`)],
  ['entities', (text) => each(text, (c) => (/\w/.test(c) ? c : `&#${c.charCodeAt(0)};`))],
  ['escapes of JavaScript', (text) => each(text, (c) => `\\u${hex(c.charCodeAt(0), 4)}`)],
  ['full-width letters', (text) => text.replaceAll(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0))],
  ['base64', (text) => Buffer.from(text).toString('base64')],
  ['a hexadecimal number', (text) => `0x${Buffer.from(text).toString('hex')}`],
  ['comments for spaces', (text) => text.replaceAll(' ', '/**/')],
  ['tabs and line feeds for spaces', (text) => text.replaceAll(' ', '\t\n')],
  ['base64 in percent in entities', (text) => each(encodeURIComponent(Buffer.from(text).toString('base64')), (c) => `&#${c.charCodeAt(0)};`)],
];

describe('of 11,763 recorded attacks on parameters', () => {
  const csv = corpusText('web-attacks/httpparams/payload_attacks.csv');
  const all = csv === undefined ? [] : payloads(csv);
  const lineOf = (query: string): string => JSON.stringify({ url: { query } });
  const some = all.filter((_, i) => i % 5 === 0);
  // Too short for a run that is decoded.
  const long = some.filter((text) => text.length >= 12);

  test.skipIf(csv === undefined)('at least 11,500 are found', () => { // The corpora are absent on a user's machine; in CI that is an error.
    expect(all).toHaveLength(11_763);
    expect(attacksIn(all.map(lineOf))).toBeGreaterThanOrEqual(11_500);
  });

  test.skipIf(csv === undefined).each(ENCODINGS)('as many are found behind %s', (_name, encode) => { // The corpora are absent on a user's machine; in CI that is an error.
    expect(attacksIn(long.map((text) => lineOf(encode(text))))).toBeGreaterThanOrEqual(attacksIn(long.map(lineOf)));
  });
});
