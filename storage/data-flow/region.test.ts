import { expect, test } from 'vitest';
import { isRegion, placeOf } from './region.ts';

test.each([
  ['declared', 'inside', 'inside'], ['declared', 'outside', 'outside'], ['declared', 'DE', 'unknown'], ['declared', '', 'unknown'],
  ['EU', 'DE', 'inside'], ['EU', 'NO', 'outside'], ['EEA', 'NO', 'inside'], ['EU', 'US', 'outside'], ['EU', 'inside', 'unknown'], ['EU', 'outside', 'unknown'], ['EU', 'toString', 'unknown'],
  ['CH', 'CH', 'inside'], ['CH', 'DE', 'outside'],
])('asked about %s, %s is %s', (region, said, place) => {
  expect(placeOf(region, said)).toBe(place);
});

test.each([['EU', true], ['EEA', true], ['DE', true], ['declared', true], ['eu', false], ['Europe', false], ['constructor', false], ['', false]])('%s is a region: %s', (text, is) => {
  expect(isRegion(text)).toBe(is);
});
