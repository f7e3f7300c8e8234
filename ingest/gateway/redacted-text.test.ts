import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { redactedText } from './redacted-text.ts';

test('texts are redacted as the vectors say, which hold for the plugin, too', () => {
  const rows = readFileSync(new URL('../../contracts/vectors/redacted-text.ndjson', import.meta.url), 'utf8').trimEnd().split('\n');
  for (const row of rows) {
    const { text, redacted } = JSON.parse(row) as { readonly text: string; readonly redacted: string };
    expect(redactedText(text), text).toBe(redacted);
  }
});
