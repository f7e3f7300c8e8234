import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { catalogueCodes, errorsPage } from './errors-page.ts';

test('docs/errors.md says what the catalogues say (else: node .ci/errors-page.ts)', () => {
  expect(readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8')).toBe(errorsPage());
});

test('every code of every catalogue is on the page, each in one catalogue only', () => {
  const codes = catalogueCodes();
  const page = errorsPage();
  expect(codes.length).toBeGreaterThan(60);
  expect(codes.filter((code) => !page.includes(`| ${code} |`))).toEqual([]);
  expect(new Set(codes).size).toBe(codes.length);
});
