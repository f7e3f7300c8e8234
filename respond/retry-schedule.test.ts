import { expect, test } from 'vitest';
import { GIVE_UP_AFTER_MS, nextTryMs, parseRetryAfter } from './retry-schedule.ts';

test('tries come after 5 s, 30 s, 2 min, 10 min and 1 h, and end within three days', () => {
  const gapsMs: number[] = [];
  let nowMs = 0;
  for (let attempts = 1; ; attempts++) {
    const dueAtMs = nextTryMs(attempts, 0, nowMs, 0);
    if (dueAtMs === undefined) break;
    gapsMs.push(dueAtMs - nowMs);
    nowMs = dueAtMs;
  }
  expect(gapsMs.slice(0, 5)).toEqual([5_000, 30_000, 120_000, 600_000, 3_600_000]);
  expect(nowMs).toBeGreaterThan(GIVE_UP_AFTER_MS / 2);
  expect(nowMs).toBeLessThanOrEqual(GIVE_UP_AFTER_MS);
});

test('jitter adds at most a fifth, never takes away', () => {
  expect(nextTryMs(1, 0, 0, 0)).toBe(5_000);
  expect(nextTryMs(1, 0, 0, 0.999_999)).toBeLessThanOrEqual(6_000);
});

test("the receiver's wish is followed when it is later, up to twelve hours", () => {
  expect(nextTryMs(1, 0, 0, 0, 60_000)).toBe(60_000);
  expect(nextTryMs(1, 0, 0, 0, 1)).toBe(5_000);
  expect(nextTryMs(1, 0, 0, 0, 1e12)).toBe(12 * 3_600_000);
});

test.each([
  ['120', 120_000], ['0', 0], ['Thu, 01 Jan 1970 00:00:20 GMT', 10_000], ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ['-1', undefined], ['1.5', undefined], ['soon', undefined], ['', undefined], [undefined, undefined], ['99999999999', undefined],
])('Retry-After %s is %s ms', (value, ms) => {
  expect(parseRetryAfter(value, 10_000)).toBe(ms);
});
