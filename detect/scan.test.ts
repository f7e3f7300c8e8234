import { describe, expect, test } from 'vitest';
import { detectionsOf, engineOf } from './engine-fixture.ts';
import { createLineScan } from './scan.ts';

const lineScan = createLineScan(await engineOf());

describe('scan', () => {
  test('names line, rule, level, class, field and place', () => {
    expect(lineScan.scan(['{}', '{"url":{"query":"m=jane%40clinic.example"}}'], [10, 12])).toEqual([
      { kind: 'detection', line: 12, rule: 'tourniquet.identity.email', level: 'informational', class: 'pii.email', field: 'url.query', span: [2, 23], view: 'percent' },
    ]);
  });

  test('reads what is no event as text', () => {
    const found = detectionsOf(lineScan, ['to jane@clinic.example', '', '{"a":1,"a":"jane@clinic.example"}', 'two\nlines jane@clinic.example']);
    expect(found.map((d) => [d.line, d.field, d.span])).toEqual([[0, 'message', [3, 22]], [2, 'message', [12, 31]], [3, 'message', [10, 29]]]);
  });

  test('reads a text of any length, and what stands on the seam of two pieces once', () => {
    const text = `${'x '.repeat(3_750)}jane@clinic.example ${'y '.repeat(60_000)}joan@clinic.example`;
    expect(detectionsOf(lineScan, [text]).map((d) => text.slice(...d.span))).toEqual(['jane@clinic.example', 'joan@clinic.example']);
  });
});
