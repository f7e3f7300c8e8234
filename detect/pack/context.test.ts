import { expect, test } from 'vitest';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { contextTest, standingWordsPattern } from './context.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);

const WORDS = ['tel', 'date of birth', 'mrn'];
const context = contextTest({ words: WORDS, before: 24, after: 12 });
const standing = new RegExp(standingWordsPattern(WORDS), 'i');

test.each(['hotel', 'iPhone', 'telemetry', 'Mobile/15E148', 'amrn'])('a word within another is none: %s', (text) => {
  const line = `${text} 123`;
  expect(context.in(line)({ start: line.length - 3, end: line.length })).toBe(false);
  expect(standing.test(JSON.stringify({ message: line }))).toBe(false);
});

test.each(['Tel. 123', 'mrn123', 'DATE-OF-BIRTH: 123', 'date_of_birth=123', '\u00fcMRN 123'])('a word before a value: %s', (line) => {
  expect(context.in(line)({ start: line.length - 3, end: line.length })).toBe(true);
});

test.each(['patientMrn', 'patient_mrn', 'Date of birth', 'dateOfBirth', 'a.billing_tel', 'mrnOld'])('a word in a field: %s', (field) => {
  expect(context.inField(field)).toBe(true);
});

test.each(['hotel', 'mrns', 'a.mrn.b.c'])('no word in a field: %s', (field) => {
  expect(context.inField(field)).toBe(false);
});

test(`what Hyperscan looks for is in every line in which a word is meant, seed ${SEED}`, () => {
  const { pick, between } = seededRandom(SEED);
  const parts = ['tel', 'Tel', 'TEL', 'date', 'Of', 'of', 'birth', 'Birth', 'mrn', 'Mrn', 'MRN', 'x', 'X', '7', ' ', '_', '-', '.', ':', '"', '\\', '\n', '\u00e9', '12'];
  const text = (): string => Array.from({ length: between(1, 7) }, () => pick(parts)).join('');
  let meant = 0;
  for (let i = 0; i < 60_000; i++) {
    const [key, before, after] = [text().replaceAll(/[^\w.-]/g, ''), text(), text()];
    const span = { start: before.length, end: before.length + 3 };
    const value = `${before}123${after}`;
    if (!context.in(value)(span) && !context.inField(key)) continue;
    meant++;
    // Hyperscan sees the line with its escapes undone.
    expect(standing.test(`{"${key}":"${value}"}`), JSON.stringify({ key, value })).toBe(true);
  }
  expect(meant).toBeGreaterThan(5_000);
});
