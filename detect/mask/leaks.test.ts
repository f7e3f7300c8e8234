import { expect, test } from 'vitest';
import { findMasks, parseSummary, WITHHELD } from '../../contracts/masked-span.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { shingleKeyOf, sketchOf } from '../../contracts/shingles.ts';
import { tokenOf } from '../../contracts/token.ts';
import { textsIn } from '../fields/kept-values.ts';
import { hitsOf } from '../scanner.ts';
import { shippedScanner } from '../scanner-fixture.ts';
import { foreignBrackets } from './brackets.ts';
import { cleanLine } from './cleaned-line.ts';
import type { CleanedLine } from './cleaned-line.ts';
import { candidateTokens, decodeTokens, exactMatches } from './exact-match.ts';
import { jsonTokens } from './json-tokens.ts';
import { siteTokens } from './site-tokens.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);
const LINES = 1_500;
const KEY = Buffer.alloc(32, 7);
const scanner = await shippedScanner();
const site = siteTokens(scanner.native, KEY);

/** Values, parts of values and of encodings, and what stands around them. */
const PARTS = ['jane@clinic.example', 'jane%40clinic.example', 'jane%2540x.example', '4111 1111 1111 1111', '4111111111111111', '5555-5555-5555-4444', '536-22-1234', '536%2D22%2D1234', ' ', '-', '_', '.', 'a', '1', '%', '%20', '+', '"', '\\', '\n', '\u00e9', '\u27e6', 'jane&#64;clinic.example', '&commat;', '&#x34;', '\\x34', '\\u0034111', 'amFuZUBjbGluaWMuZXhhbXBsZQ==', 'bXkgY2FyZCA0MTExMTExMTExMTExMTEx', '6a616e6540636c696e69632e6578616d706c65', '0x34313131313131313131313131313131', '\uff14\uff11', '\u200b', '/**/', '/*', '*/', '  ', '%c0%b4', '%u0034', '/', ';', '=', '#', '\u{1f600}', '&pwd=', ' union select 1,2', '<script>', `AKIA${'QYLPMN5HHHFPZAM2'}`, `ck_${'0123456789abcdef0123456789abcdef01234567'}`];
/** What the signatures say they find. */
const EXAMPLES = scanner.rules.filter(({ signature }) => signature.mask !== undefined).flatMap(({ signature }) => signature.positive.map((example) => (typeof example === 'string' ? example : example.text)));
const random = seededRandom(SEED);

function text(): string {
  const parts = Array.from({ length: random.below(7) }, () => random.pick(PARTS));
  if (random.chance(0.4)) parts.splice(random.below(parts.length + 1), 0, random.pick(EXAMPLES).slice(0, 400));
  const whole = parts.join('');
  return random.chance(0.1) ? encodeURIComponent(whole.toWellFormed()) : random.chance(0.1) ? `q=${Buffer.from(whole).toString('base64')}` : whole;
}

function line(): string {
  const fields = { [text()]: text(), n: random.below(1e16), o: { list: [text(), 4111111111111111] }, meta_data: [{ key: text(), value: text() }], patient_mrn: text() };
  const kept = random.chance(0.5) ? {} : { ai: { prompt: random.chance(0.5) ? text() : [{ role: 'user', content: text() }] }, [`wordpress.form.${text()}`]: text(), user: { password: text() } };
  return JSON.stringify({ ...fields, ...kept });
}

/** Values by their place; a token without a detection, outside of what is kept otherwise, is the same characters. */
function expectUntouched(before: string, cleaned: CleanedLine): void {
  const hit = new Set(cleaned.detections.map((d) => d.token));
  const old = jsonTokens(before).filter(({ field }) => !/^(?:ai\.prompt|user\.password)|wordpress\.form\.(?!\(key\))/.test(field));
  const now = jsonTokens(cleaned.line);
  const untouched = now.filter(({ index }) => !hit.has(index)).map(({ start, end }) => cleaned.line.slice(start, end));
  const all = old.map(({ start, end }) => before.slice(start, end));
  for (const one of untouched) if (!one.startsWith('"\u27e6') && one !== '""') expect(all).toContain(one);
  if (cleaned.spans === 0) expect(cleaned.line).toBe(before);
}

interface Kept {
  readonly ai?: { readonly prompt: unknown };
  readonly user?: { readonly password: unknown };
}

function expectSummaries({ ai, user }: Kept, stored: Kept): void {
  if (ai === undefined || user === undefined) return;
  const said = textsIn(ai.prompt);
  const prompt = stored.ai?.prompt;
  if (ai.prompt === '') expect(prompt).toBe('');
  else expect(typeof prompt === 'string' && parseSummary(prompt)).toMatchObject({ length: said.length, shingles: sketchOf(shingleKeyOf(KEY), said) });
  expect(stored.user?.password).toBe(user.password === '' ? '' : WITHHELD);
}

test(`a stored line holds no match, the rest as it came, and stays so when it is looked at again, seed ${SEED}`, () => {
  let masked = 0;
  for (let i = 0; i < LINES; i++) {
    const sent = foreignBrackets(line());
    const hits = hitsOf(scanner, sent);
    const cleaned = cleanLine(scanner, sent, hits, site);
    masked += cleaned.spans;
    expect(exactMatches(candidateTokens(sent, hits.rules), hits.rules)).toEqual(exactMatches(decodeTokens(sent), hits.rules));
    const still = hitsOf(scanner, cleaned.line);
    const masking = still.rules.filter(({ signature }) => signature.mask !== undefined);
    expect(exactMatches(decodeTokens(cleaned.line), masking).map((d) => `${d.rule.signature.id} in ${cleaned.line} of ${sent}`)).toEqual([]);
    expect(cleanLine(scanner, cleaned.line, still, site, 'ourselves').line).toBe(cleaned.line);
    expectUntouched(sent, cleaned);
    expectSummaries(JSON.parse(sent), JSON.parse(cleaned.line));
    const tokens = new Set(cleaned.detections.flatMap(({ rule: { signature }, text: found }) => (signature.mask === undefined ? [] : [tokenOf(KEY, signature.mask.identifier, found)])));
    for (const { token } of findMasks(cleaned.line)) expect(tokens).toContain(token);
  }
  expect(masked).toBeGreaterThan(LINES);
});
