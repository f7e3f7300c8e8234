import { expect, it } from 'vitest';
import { edits, nearest } from './nearest.ts';

it.each([
  ['', '', 0], ['a', '', 1], ['abc', 'abc', 0], ['abc', 'abd', 1], ['abc', 'ab', 1], ['abc', 'xabc', 1], ['levle', 'level', 1], ['kitten', 'sitting', 3], ['abcdef', 'uvwxyz', 4],
])('%j and %j are %d edits apart, at most 4 counted', (a, b, distance) => {
  expect(edits(a, b, 4)).toBe(distance);
  expect(edits(b, a, 4)).toBe(distance);
});

it.each([
  ['contians', 'contains'], ['Contains', 'contains'], ['startwith', 'startswith'], ['xyz', undefined], ['contains', undefined], ['a'.repeat(100), undefined],
])('nearest to %j is %j', (written, expected) => {
  expect(nearest(written, ['contains', 'startswith', 'endswith'])).toBe(expected);
});
