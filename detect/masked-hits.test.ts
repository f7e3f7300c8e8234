import { expect, test } from 'vitest';
import { createRuleSet } from '../contracts/rule-set.ts';
import { seededRandom } from '../contracts/seeded-random.ts';
import type { Random } from '../contracts/seeded-random.ts';
import { createEngine } from './engine.ts';
import type { Engine } from './engine.ts';
import { cleanLine } from './mask/cleaned-line.ts';
import type { CleanedLine } from './mask/cleaned-line.ts';
import { siteTokens } from './mask/site-tokens.ts';
import { loadNative } from './native/binding.ts';
import { readRuleSources } from './rule-set/read-sources.ts';
import { hitsOf } from './scanner.ts';
import { TEST_CACHE } from './scanner-fixture.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);
const LINES = 4_000;

/** Parts of masks, of what stands beside them, and of what is read otherwise once a part of it is gone. */
const LITERALS = ['email', 'pii.email', 'pii.email:', 'l:', 'ab', 'fo', 'g', 'i', 'pci.pan', '.', ':', 'to', 'e=', 'union select', 'union  select', 'script', '<script', 'x y', '4', '41', '2', 'null', 'hello world', '/', '"', '\\'];
const HARMLESS: readonly string[] = ['e=', 'a', '&b=2', '&', 'lt', ' to ', 'union', 'select', '/*', '*/', '/**/', '%', '%3C', 'script', '\\u003c', '\\\\', '\\"', '+', ' ', '  ', '0x', '2f', btoa('hello world <script>'), 'x', '4', ';', '&lt;', '\u27e6pii.email:abcdefghijklmnopabcdefgh\u27e7', 'é', '.', '/'];
const PERSONAL: readonly string[] = ['jane@clinic.example', 'jane%40clinic.example', 'jane%2540clinic.example', 'jane\\u0040clinic.example', '4111111111111111', '4111 1111/**/1111 1111', '4111+1111+1111+1111', btoa('mail jane@clinic.example now'), '078-05-1120'];

function ruleOf(literal: string, modifiers: string): string {
  return `title: ${JSON.stringify(literal + modifiers)}\nlogsource: {category: webserver}\ndetection:\n  selection:\n    a${modifiers}: ${JSON.stringify(literal.replaceAll('\\', '\\\\'))}\n  condition: selection\n`;
}

async function engineWith(...modifiers: readonly string[]): Promise<Engine> {
  const text = modifiers.flatMap((modifier) => LITERALS.map((literal) => ruleOf(literal, modifier))).join('---\n');
  return createEngine(createRuleSet({ ...(await readRuleSources()), sigma: [{ file: 'rules.yml', text }] }), { served: 'any', cacheDirectory: TEST_CACHE });
}

function randomText(random: Random): string {
  const parts = Array.from({ length: 1 + Math.floor(random() * 7) }, () => HARMLESS[Math.floor(random() * HARMLESS.length)] ?? '');
  parts.splice(Math.floor(random() * (parts.length + 1)), 0, PERSONAL[Math.floor(random() * PERSONAL.length)] ?? '');
  return random() < 0.02 ? parts.join('').padEnd(8_190 + Math.floor(random() * 30), '-%41') : parts.join('');
}

function randomLine(random: Random): string {
  const key = random() < 0.1 ? randomText(random) : 'a';
  return `{"${key}":"${randomText(random)}","b":${random() < 0.2 ? '4111111111111111' : '4e2'}}`;
}

function isJson(line: string): boolean {
  try {
    return JSON.parse(line) !== undefined;
  } catch {
    return false;
  }
}

const site = siteTokens(await loadNative(), Buffer.alloc(32, 7));
const clean = ({ scanner }: Engine, line: string): CleanedLine => cleanLine(scanner, line, hitsOf(scanner, line), site);

test.each([['with', ['|contains', '|decoded|contains', '']], ['without', ['|contains', '']]] as const)(`no atom of a masked line is missed %s rules that look at decoded views, seed ${SEED}`, async (_, modifiers) => {
  const engine = await engineWith(...modifiers);
  const random = seededRandom(SEED);
  const counts = { masked: 0, taken: 0 };
  for (let i = 0; i < LINES; i++) {
    const line = randomLine(random);
    if (!isJson(line)) continue;
    const hits = hitsOf(engine.scanner, line);
    const { masked, spans } = clean(engine, line);
    if (spans === 0) continue;
    const told = engine.maskedHits(masked, hits);
    const there = hitsOf(engine.scanner, masked.line);
    expect(there.atoms.filter((atom) => !told.atoms.includes(atom)), line).toEqual([]);
    counts.masked++;
    if (told === hits || told.rules === hits.rules) counts.taken++;
  }
  expect(counts.masked).toBeGreaterThan(LINES / 4);
  // What is scanned again proves nothing.
  expect(counts.taken).toBeGreaterThan(modifiers.length === 3 ? LINES / 200 : LINES / 20);
});

test.each([
  ['a class', '{"a":"jane@clinic.example"}', 'pii.email', 1],
  ['a colon', '{"a":"jane@clinic.example"}', 'email:', 1],
  ['a number', '{"a":4111111111111111}', 'pci.pan', 1],
] as const)('an atom that a mask brings in is among them: %s', async (_, line, literal, masks) => {
  const engine = await createEngine(createRuleSet({ ...(await readRuleSources()), sigma: [{ file: 'rules.yml', text: ruleOf(literal, '|contains') }] }), { served: 'any', cacheDirectory: TEST_CACHE });
  const { masked, spans } = clean(engine, line);
  const hits = hitsOf(engine.scanner, line);
  expect([spans, hits.atoms, engine.maskedHits(masked, hits).atoms]).toEqual([masks, [], [0]]);
});

test('a line without such an atom keeps its hits', async () => {
  const engine = await engineWith('|decoded|contains');
  const line = '{"q":"zz=jane%40clinic.example"}';
  const hits = hitsOf(engine.scanner, line);
  expect(engine.maskedHits(clean(engine, line).masked, hits).rules).toBe(hits.rules);
});
