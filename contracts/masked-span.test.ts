import { expect, test } from 'vitest';
import { blankMasks, formatMask, formatSummary, parseSummary, WITHHELD } from './masked-span.ts';
import type { TextSummary } from './masked-span.ts';
import { vectorRows } from './reference-data.ts';
import { shingleKeyOf, sketchOf } from './shingles.ts';

// The casts state the shape of our own vector files; contracts/README.md says it in words.

test('summaries are read where the vectors say, and written the same', () => {
  for (const { text, summary } of vectorRows('summaries.ndjson') as readonly { text: string; summary: TextSummary | null }[]) {
    expect([text, parseSummary(text) ?? null]).toEqual([text, summary]);
    if (summary !== null) expect(formatSummary(summary)).toBe(text);
  }
});

test('sketches are those of the vectors', () => {
  for (const { site_key, text, sketch } of vectorRows('shingles.ndjson') as readonly { site_key: string; text: string; sketch: readonly string[] }[]) {
    expect([text, sketchOf(shingleKeyOf(Buffer.from(site_key, 'hex')), text)]).toEqual([text, sketch]);
  }
});

test('a copied passage shares its sketch, another text and another site do not', () => {
  const key = shingleKeyOf(Buffer.alloc(32, 1));
  const text = Array.from({ length: 30 }, (_, i) => `word${i}`).join(' ');
  const whole = new Set(sketchOf(key, text));
  const shared = (sketch: readonly string[]): number => sketch.filter((shingle) => whole.has(shingle)).length;
  expect(shared(sketchOf(key, `${text.toUpperCase().replaceAll(' ', ',\n')}!`))).toBe(16);
  expect(shared(sketchOf(key, text.replace('word3 ', 'other ')))).toBeGreaterThan(8);
  expect(shared(sketchOf(key, Array.from({ length: 30 }, (_, i) => `other${i}`).join(' ')))).toBe(0);
  expect(shared(sketchOf(shingleKeyOf(Buffer.alloc(32, 2)), text))).toBe(0);
});

test('what stands for data is blank, whatever else is in brackets is not', () => {
  const token = 'abcdefghijklmnopabcdefgh';
  const summary = formatSummary({ length: 3, classes: ['pii.email'], shingles: [] });
  for (const ours of [formatMask('phi.mrn', token), summary, WITHHELD, '\u27e6redacted\u27e7']) expect(blankMasks(`mrn ${ours}4`)).toBe(`mrn ${'\u27e6'.repeat(ours.length)}4`);
  for (const other of ['', 'a', '\u27e6mrn 12345\u27e7', `\u27e6pii.email:${token}`, `\u27e6pii.email:${token.toUpperCase()}\u27e7`, '\u301awithheld\u301b']) expect(blankMasks(other)).toBe(other);
});
