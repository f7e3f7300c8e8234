import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { redactedText } from './redacted-text.ts';

test('texts are redacted as the vectors say, which hold for the plugin, too', () => {
  const rows = readFileSync(new URL('../../contracts/vectors/redacted-text.ndjson', import.meta.url), 'utf8').trimEnd().split('\n');
  for (const row of rows) {
    const { text, redacted } = JSON.parse(row) as { readonly text: string; readonly redacted: string };
    expect(redactedText(text), text).toBe(redacted);
  }
});

test("a text without escapes is redacted as the plugin's expressions, which look back and forth, have it (seed 20261122)", () => {
  const plain = (text: string): string => [...text.replace(/\p{Cc}+/gu, ' ').replace(/[^\s/@=&?]+@[^\s/@=&?]+/gu, '-').replace(/(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{32,}/g, '-')
    .replace(/(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{20,}|[A-Za-z]{32,}/g, '-').replace(/\+?\d(?:[ ().-]{0,2}\d){6,}/g, '-')].slice(0, 256).join('');
  const random = seededRandom(20_261_122);
  const pieces = ['a', 'Z', '7', '_', '-', '@', '@@', '/', ' ', '\n', '.', '=', 'é', '🦊', '\ud800', '+', '(', 'mara', 'x'.repeat(19), 'y'.repeat(31), '3'.repeat(6), '4'.repeat(19), '_'.repeat(31)];
  for (let i = 0; i < 20_000; i++) {
    const text = Array.from({ length: random.below(12) }, () => random.pick(pieces)).join('').slice(0, 1024);
    expect([text, redactedText(text)]).toEqual([text, plain(text.toWellFormed())]);
  }
});
