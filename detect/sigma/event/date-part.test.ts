import { describe, expect, it } from 'vitest';
import { datePart } from './date-part.ts';

const PARTS = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;

describe('the parts of a date', () => {
  it.for([
    ['2026-11-21T23:59:58.123456+01:00', [59, 23, 21, 47, 11, 2026]],
    ['2026-11-21 07:05', [5, 7, 21, 47, 11, 2026]],
    ['2024-12-30', [undefined, undefined, 30, 1, 12, 2024]],
    ['2021-01-03T00:00:00Z', [0, 0, 3, 53, 1, 2021]],
    ['2026-02-29', []], ['2026-13-01', []], ['2026-11-21T24:00:00Z', []], ['2026-11-21T10:60:00Z', []], ['2026-11-21T10:005', [undefined, undefined, 21, 47, 11, 2026]], ['21/Nov/2026', []], ['1763720000', []], ['', []],
  ] as const)('of %s are %j', ([text, parts]) => expect(PARTS.map((part) => datePart(text, part))).toEqual(Array.from(PARTS, (_, i) => parts[i])));
});
