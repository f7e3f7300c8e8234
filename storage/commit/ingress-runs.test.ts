import { expect, test } from 'vitest';
import type { IngressRun } from '../../contracts/log-record.ts';
import { endOfRuns, linesBelow } from './ingress-runs.ts';

/** Offsets 10, 11, 12 of two lines each; 20 of five. */
const RUNS: readonly IngressRun[] = [[10, 3, 2], [20, 1, 5]];

test.for([[0, 0], [10, 0], [11, 2], [13, 6], [20, 6], [21, 11], [99, 11]] as const)('below offset %i stand %i lines', ([offset, lines]) => {
  expect(linesBelow(RUNS, offset)).toBe(lines);
});

test('the end is the offset after the last record', () => {
  expect(endOfRuns(RUNS)).toBe(21);
  expect(endOfRuns([])).toBe(0);
});
