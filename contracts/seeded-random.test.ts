import { expect, test } from 'vitest';
import { seededRandom } from './seeded-random.ts';

test('the numbers of a seed are those of mulberry32, wherever they are asked for', () => {
  const random = seededRandom(1);
  expect([random(), random()]).toEqual([0.6270739405881613, 0.002735721180215478]);
  expect(seededRandom(2 ** 32 + 1)()).toBe(0.6270739405881613);
});

test('whole numbers reach both ends of their range and nothing beyond', () => {
  const random = seededRandom(7);
  const seen = (draw: () => number) => [...new Set(Array.from({ length: 500 }, draw))].toSorted((a, b) => a - b);
  expect(seen(() => random.below(3))).toEqual([0, 1, 2]);
  expect(seen(() => random.between(-1, 1))).toEqual([-1, 0, 1]);
  expect(seen(() => random.pick([4, 5]))).toEqual([4, 5]);
  expect(seen(() => Number(random.chance(0.5)))).toEqual([0, 1]);
  expect([random.chance(0), random.chance(1)]).toEqual([false, true]);
  expect(random.digits(40)).toMatch(/^[0-9]{40}$/);
  expect(() => random.pick([])).toThrow(RangeError);
});
