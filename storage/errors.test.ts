import { expect, test } from 'vitest';
import { STORAGE_ERRORS, StorageError } from './errors.ts';

test('every code is used once and well formed, and every message says more than the code', () => {
  const codes = STORAGE_ERRORS.map((error) => error.code);
  expect(new Set(codes).size).toBe(codes.length);
  for (const { code, message } of STORAGE_ERRORS) expect(`${code}: ${message}`).toMatch(/^TQ-STORAGE-\d{2}: .{10,}/);
});

test('an error keeps its cause and adds its detail', () => {
  const cause = new Error('disk');
  const error = new StorageError('migrationFailed', '001-tables.sql', { cause });
  expect(error).toMatchObject({ code: 'TQ-STORAGE-05', retryable: true, cause });
  expect(error.message).toContain('(001-tables.sql)');
});
