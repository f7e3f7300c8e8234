import { expect, test } from 'vitest';
import { parseTime } from './time-text.ts';

const NOW = Date.UTC(2026, 10, 21, 12);

test.each([
  ['now', NOW], ['0s', NOW], ['90m', NOW - 90 * 60_000], ['24h', NOW - 86_400_000], ['7d', NOW - 7 * 86_400_000], ['2w', NOW - 14 * 86_400_000],
  ['2026-11-20', Date.UTC(2026, 10, 20)], ['2026-11-20T08:00:00Z', Date.UTC(2026, 10, 20, 8)], ['2026-11-20t08:00:00z', Date.UTC(2026, 10, 20, 8)],
  ['2026-11-20 08:00:00.123456789+02:00', Date.UTC(2026, 10, 20, 6, 0, 0, 123)], ['2024-02-29', Date.UTC(2024, 1, 29)],
])('%s is a time', (text, ms) => {
  expect(parseTime(text, NOW)).toBe(ms);
});

test.each(['', 'yesterday', '24', 'h', '-1h', '1.5h', '1M', '99999999999s', '2026-11-20T08:00:00', '2026-11-20T25:00:00Z', '2026-02-30', '2026-02-30T00:00:00Z', '2026-13-01', '20261120', '2026-11-20T08:00:00Z '])('"%s" is none', (text) => {
  expect(parseTime(text, NOW)).toBeUndefined();
});
