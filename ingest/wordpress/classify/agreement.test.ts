import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { corpusRows } from '../../../contracts/reference-data.ts';
import { CARRIED } from './carried.ts';
import { PATTERNS_FILE, patternsPhp } from './make-patterns.ts';

const packs = new URL('../../../detect/packs/', import.meta.url);
const source = fileURLToPath(new URL('../plugin/src/Autoload.php', import.meta.url));

interface Example {
  readonly id: string;
  readonly class: string;
  readonly text: string;
  readonly isPositive: boolean;
}

/** What PHP finds in each text, as classes. */
function classesByPhp(texts: readonly string[]): readonly (readonly string[])[] {
  const program = `require ${JSON.stringify(source)}; $texts = json_decode(stream_get_contents(STDIN), true); echo json_encode(array_map(static fn($t) => array_keys(Tourniquet\\Classify\\Content::classes($t)), $texts));`;
  // The program above prints exactly this.
  return JSON.parse(execFileSync('php', ['-r', program], { input: JSON.stringify(texts), encoding: 'utf8' })) as readonly (readonly string[])[];
}

/** As in an address; who calls the plugin's classes has decoded that. */
const ENCODED = /%[0-9A-Fa-f]{2}|\w\+\w+\+/;

/** Examples of the carried signatures that are plain texts; `{}` in them is left out when it is read. */
function examples(): readonly Example[] {
  const signatures = readdirSync(packs).filter((name) => name.endsWith('.yaml')).flatMap((name) => {
    // Packs are checked where they are loaded.
    return parse(readFileSync(new URL(name, packs), 'utf8')) as readonly { readonly id: string; readonly class: string; readonly positive: readonly unknown[]; readonly negative: readonly unknown[] }[];
  });
  const carried = new Set(CARRIED.map((name) => `tourniquet.${name}`));
  return signatures.filter(({ id }) => carried.has(id)).flatMap(({ id, class: dataClass, positive, negative }) =>
    [...positive.map((text) => ({ text, isPositive: true })), ...negative.map((text) => ({ text, isPositive: false }))]
      .flatMap(({ text, isPositive }) => (typeof text === 'string' && !ENCODED.test(text) ? [{ id, class: dataClass, text: text.replaceAll('{}', ''), isPositive }] : [])));
}

/** TOURNIQUET_LIST=1 shows them. */
function tell(texts: readonly unknown[], what: string): void {
  process.stdout.write(`${texts.length} ${what}\n`);
  if (process.env['TOURNIQUET_LIST'] !== undefined) process.stdout.write(`${JSON.stringify(texts, null, 1)}\n`);
}

test('the committed patterns are those of the packs', () => {
  expect(readFileSync(PATTERNS_FILE, 'utf8')).toBe(patternsPhp());
});

test('PHP takes what the carried signatures show as theirs', () => {
  const shown = examples().filter(({ isPositive }) => isPositive);
  const found = classesByPhp(shown.map(({ text }) => text));
  const missed = shown.filter((example, i) => found[i]?.includes(example.class) !== true);
  tell(missed, `of ${shown.length} shown texts are missed`);
  expect(missed.length / shown.length).toBeLessThan(0.03);
});

test('and hardly anything that they refuse', () => {
  const refused = examples().filter(({ isPositive }) => !isPositive);
  const found = classesByPhp(refused.map(({ text }) => text));
  const taken = refused.filter((example, i) => found[i]?.includes(example.class) === true);
  tell(taken, `of ${refused.length} refused texts are taken`);
  expect(taken.length / refused.length).toBeLessThan(0.1);
});

/** Entities of the reference vectors whose classes are carried. */
const ENTITIES: Readonly<Record<string, string>> = { EMAIL_ADDRESS: 'pii.email', CREDIT_CARD: 'pci.pan', IBAN_CODE: 'fin.iban', DE_TAX_ID: 'pii.national_id', ES_NIF: 'pii.national_id', PL_PESEL: 'pii.national_id', IT_FISCAL_CODE: 'pii.national_id', UK_NHS: 'phi.mrn' };

test('of the reference vectors it finds nearly all whose spans are stated', () => {
  const rows = corpusRows('pii/presidio/vectors.ndjson') as readonly { readonly entity: string; readonly text: string; readonly spans: readonly unknown[] | null }[] | undefined;
  if (rows === undefined) return;
  const stated = rows.filter(({ entity, spans }) => ENTITIES[entity] !== undefined && spans !== null && spans.length > 0);
  const found = classesByPhp(stated.map(({ text }) => text));
  const missed = stated.filter(({ entity }, i) => found[i]?.includes(ENTITIES[entity] ?? '') !== true);
  tell(missed, `of ${stated.length} reference texts are missed`);
  expect(missed.length / stated.length).toBeLessThan(0.1);
});
