import { expect, test } from 'vitest';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { benignLines } from './benign-values.ts';

test('look-alikes are lines of JSON that all differ, of every kind, and the same for the same seed', () => {
  const lines = benignLines(seededRandom(1), 2_000);
  expect(new Set(lines.map(({ line }) => line)).size).toBe(2_000);
  expect(new Set(lines.map(({ kind }) => kind)).size).toBe(12);
  for (const { line } of lines) expect(JSON.parse(line)).toBeTypeOf('object');
  expect(benignLines(seededRandom(1), 2_000)).toEqual(lines);
  expect(benignLines(seededRandom(2), 2_000)).not.toEqual(lines);
});
