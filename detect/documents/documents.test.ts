import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { RegisteredDocument } from '../../contracts/rule-set.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { BOILERPLATE } from './boilerplate.ts';
import { DOCUMENTS_FILE, readDocuments } from './documents-file.ts';
import { createRecogniser } from './recogniser.ts';
import { registerDocument } from './register.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);
const KEY = Buffer.from(Array.from({ length: 32 }, (_, i) => (i * 37 + 11) % 256));
const WORDS = 'amber basket copper dome ember fjord glade harbour inlet juniper kettle lantern meadow nickel orchard pebble quarry river saddle timber umber valley willow yarrow zephyr birch cinder drift elm fern'.split(' ');
const folder = mkdtempSync(path.join(tmpdir(), 'tourniquet-documents-'));
afterAll(() => rmSync(folder, { recursive: true }));

function registered(text: string, id = 'one', key: Uint8Array = KEY): RegisteredDocument {
  const registration = registerDocument({ id, title: id, class: 'ip.text', level: 'high' }, text, key);
  if (registration.kind === 'refused') throw new Error(registration.because);
  return registration.document;
}

/** Prose in which no eight words stand twice. */
function prose(words: number, seed = SEED): readonly string[] {
  const random = seededRandom(seed);
  return Array.from({ length: words }, () => random.pick(WORDS));
}

function priceList(rows: number): readonly string[] {
  const random = seededRandom(SEED + 1);
  return Array.from({ length: rows }, () => `QX-${random.digits(4)};${random.pick(WORDS)} ${random.pick(WORDS)};${random.digits(3)}.${random.digits(2)}`);
}

describe(`a copied passage, seed ${SEED}`, () => {
  const text = prose(1_200);
  const find = createRecogniser([registered(text.join(' '))], KEY);
  const passage = text.slice(400, 426);

  test.each([
    ['as it stands', passage.join(' ')],
    ['in capitals', passage.join(' ').toUpperCase()],
    ['wrapped and with punctuation', passage.map((word, i) => (i % 5 === 4 ? `${word},\n` : `"${word}" `)).join('')],
    ['within other text', `${prose(90, 7).join(' ')} ${passage.join(' ')} ${prose(90, 8).join(' ')}`],
    ['as a cell of a table', `<td>${passage.join('</td><td>')}</td>`],
  ])('is recognised %s', (_how, copy) => {
    expect(find(copy).map(({ document }) => document.id)).toEqual(['one']);
  });

  test('is recognised wherever it was taken from', () => {
    const missed = Array.from({ length: text.length - 25 }, (_, i) => i).filter((i) => find(text.slice(i, i + 25).join(' ')).length === 0);
    expect(missed).toEqual([]);
  });

  test('is recognised when every fifteenth word was changed', () => {
    expect(find(text.slice(100, 220).map((word, i) => (i % 15 === 0 ? 'other' : word)).join(' ')).length).toBe(1);
  });

  test('is told with its place', () => {
    const before = `${prose(40, 9).join(' ')} `;
    const [found] = find(`${before}${passage.join(' ')} and more`);
    expect(found?.span.start).toBeGreaterThanOrEqual(before.length);
    expect(`${before}${passage.join(' ')} and more`.slice(found?.span.start, found?.span.end).split(' ').length).toBeGreaterThan(15);
  });

  test('of less than ten words says nothing, nor does another text', () => {
    expect(find(text.slice(0, 10).join(' '))).toEqual([]);
    expect(find(prose(3_000, 5).join(' '))).toEqual([]);
  });
});

describe('a price list', () => {
  const rows = priceList(200);
  const find = createRecogniser([registered(rows.join('\n'), 'prices')], KEY);

  test('is recognised by a few of its rows, in any order and with other separators', () => {
    expect(find([rows[150], rows[3], rows[77], rows[41]].join('\n')).length).toBe(1);
    expect(find([rows[12], rows[99], rows[180]].map((row) => (row ?? '').replaceAll(';', '\t')).join('\r\n')).length).toBe(1);
  });

  test('is not recognised by one row: an order may name it', () => {
    expect(find(rows[5] ?? '')).toEqual([]);
  });
});

test('what stands in many documents is no part of one', () => {
  const document = registered(`${BOILERPLATE.join('\n')}\n${prose(200).join(' ')}`);
  const find = createRecogniser([document], KEY);
  for (const text of BOILERPLATE) expect(find(text)).toEqual([]);
  expect(registerDocument({ id: 'x', title: 'x', class: 'ip.text', level: 'high' }, BOILERPLATE[0] ?? '', KEY)).toMatchObject({ kind: 'refused' });
});

test('without the key shingles say nothing, and hold nothing of the text', () => {
  const text = prose(300).join(' ');
  const document = registered(text);
  const other = Buffer.alloc(32, 1);
  expect(createRecogniser([document], other)(text)).toEqual([]);
  expect(registered(text, 'one', other).shingles).not.toBe(document.shingles);
  const bytes = Buffer.from(document.shingles, 'base64').toString('latin1').toLowerCase();
  for (const word of WORDS.filter(({ length }) => length > 4)) expect(bytes).not.toContain(word);
});

test('shingles ascend, each once, and are the same for the same text', () => {
  const { shingles } = registered(prose(500).join(' '));
  const bytes = Buffer.from(shingles, 'base64');
  const numbers = Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readBigUInt64LE(i * 8));
  expect(numbers.every((number, i) => i === 0 || number > (numbers[i - 1] ?? 0n))).toBe(true);
  expect(registered(prose(500).join('\n')).shingles.length).toBeGreaterThan(0);
  expect(registered(prose(500).join(' ')).shingles).toBe(shingles);
});

test('two documents that share a passage are both named', () => {
  const shared = prose(60, 3);
  const find = createRecogniser([registered([...prose(200, 1), ...shared].join(' '), 'a'), registered([...shared, ...prose(200, 2)].join(' '), 'b')], KEY);
  expect(find(shared.join(' ')).map(({ document }) => document.id)).toEqual(['a', 'b']);
});

test.each(['too short', '', 'one two three four five six seven eight nine ten'])('a text with too little of its own is refused: %j', (text) => {
  expect(registerDocument({ id: 'x', title: 'x', class: 'ip.text', level: 'high' }, text, KEY)).toMatchObject({ kind: 'refused', because: expect.stringContaining('too little text') });
});

describe('the file of documents', () => {
  const at = path.join(folder, DOCUMENTS_FILE);
  const line = JSON.stringify(registered(prose(100).join(' ')));

  test('gives back what was registered', async () => {
    writeFileSync(at, `${line}\n`);
    expect(await readDocuments(at)).toEqual([JSON.parse(line)]);
  });

  test.each([
    ['{', 'documents.ndjson:2:1: is no registered document'], ['{"id":"x"}', 'documents.ndjson:2:1'], [line, 'documents.ndjson:2:1: the document one stands twice'],
    [line.replace('"one"', '"../x"'), 'documents.ndjson:2:1'], [line.replace('"high"', '"loud"'), 'documents.ndjson:2:1'],
  ])('is refused with its place for a line %#', async (second, said) => {
    writeFileSync(at, `${line}\n${second}\n`);
    await expect(readDocuments(at)).rejects.toThrow(said);
  });
});

test(`any text is gone through without an error, seed ${SEED}`, () => {
  const random = seededRandom(SEED);
  const find = createRecogniser([registered(prose(100).join(' '))], KEY);
  const units = ['a', 'İ', 'ß', '\n', ' ', '⟦', '\ud800', '😀', '9', '\u0000', 'é', '名', '-', '\u200b'];
  for (let i = 0; i < 300; i++) {
    const text = Array.from({ length: random.below(400) }, () => random.pick(units)).join('');
    expect(find(text)).toEqual([]);
  }
});
