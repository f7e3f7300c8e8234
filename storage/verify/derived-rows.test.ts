import { expect, test } from 'vitest';
import { strayColumn } from './derived-rows.ts';

const ROW = { leaf: 7, received_ms: 1, timestamp: 1, provenance: 'plugin', derivation: 1, tier: 'standard', partition: 0, position: 0, classes: [], line: '{}' } as const;

test.each<readonly [derived: Readonly<Record<string, string | number>>, stored: Readonly<Record<string, string | number>>, stray: string | undefined]>([
  [{ action: 'login', status: 200 }, { action: 'login', status: 200 }, undefined],
  [{ action: 'login', status: 200 }, { action: 'login', status: 404 }, 'status'],
  // Half a surrogate pair, which JSON can spell and UTF-8 cannot: stored as a replacement character.
  [{ action: 'odd \ud800 name' }, { action: 'odd \ufffd name' }, undefined],
  [{ action: 'odd \ud800 name' }, { action: 'odd name' }, 'action'],
])('of %j, stored as %j, the column that does not follow is %s', (derived, stored, stray) => {
  expect(strayColumn({ ...ROW, ...stored }, { columns: () => derived, deed: () => undefined })).toBe(stray);
});
