import { expect, test } from 'vitest';
import { alternativesOf } from './alternatives.ts';

test.each([
  ['abc', ['abc']],
  ['a|b', ['a', 'b']],
  ['\\b(?:a|b)c', ['\\bac', '\\bbc']],
  ['(?:a|b(?:c|d))[|)]x|\\|y', ['a[|)]x', 'b(?:c|d)[|)]x', '\\|y']],
  ['(?:a|b)?c', ['(?:a|b)?c']],
  ['(?:a|b){1,3}c', ['(?:a|b){1,3}c']],
  ['(a|b)c', ['(a|b)c']],
  ['x(?:a|b)', ['x(?:a|b)']],
  ['(?:a\\)|[\\]|]b)c', ['a\\)c', '[\\]|]bc']],
  ['(?:a|)', ['(?:a|)']],
])('%s is found as any of %j', (pattern, expected) => {
  expect(alternativesOf(pattern)).toEqual(expected);
});
