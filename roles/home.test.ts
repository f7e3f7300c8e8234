import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { homeAt, makeHome } from './home.ts';

test('a home that cannot be made is named, with what is in the way', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'tq-home-'));
  writeFileSync(path.join(root, 'data'), '');
  expect(() => makeHome(homeAt(root))).toThrow(`the home ${root} cannot be written to`);
  rmSync(root, { recursive: true });
});
