import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { shortfalls } from './section.ts';
import { SECTIONS } from './sections.ts';

const SEED = 20261121;

/** Looked at in tests of their own, over less. */
const ELSEWHERE = ['clean-traffic', 'scenarios', 'scope'];

describe('accuracy', () => {
  test.each(SECTIONS.filter(({ name }) => !ELSEWHERE.includes(name)).map((section) => [section.name, section] as const))('%s holds its floors', async (_name, section) => {
    const report = await section.run(SEED);
    if (report === undefined && process.env['CI'] === undefined) return; // The corpora are absent on a user's machine; in CI that is an error.
    expect((report?.classes.length ?? 0) + (report?.figures.length ?? 0)).toBeGreaterThan(0);
    expect(report === undefined ? ['no reference data'] : shortfalls(report, 'floor')).toEqual([]);
  });

  test('a figure beyond its floor, and a class below one, fall short', () => {
    const classes = [{ name: 'a', positives: 10, found: 8, negatives: 10, falseFound: 2, floor: { precision: 0.9, recall: 0.8 } }];
    const figures = [{ name: 'b', value: 3, unit: 'x', floor: { most: 2 } }];
    expect(shortfalls({ classes, figures }, 'floor')).toEqual(['a: precision 0.8000 is under 0.9', 'b: 3 x is not within -Infinity and 2']);
    expect(shortfalls({ classes, figures }, 'aim')).toEqual([]);
  });
});
