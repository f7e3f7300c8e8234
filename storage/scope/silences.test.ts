import { describe, expect, test } from 'vitest';
import { silencesIn, SLICE_MS } from './silences.ts';
import type { EventSlice } from './silences.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 10, 2);
const TIMES = { fromMs: START + 7 * DAY, toMs: START + 14 * DAY };

/** Fourteen days of a shop: a slice every five minutes by day, one an hour at night; without those left out. */
function slices(leaveOut: (atMs: number) => boolean = () => false, events = 10): readonly EventSlice[] {
  const found: EventSlice[] = [];
  for (let at = START; at < TIMES.toMs; at += SLICE_MS) {
    const hour = Math.floor((at % DAY) / HOUR);
    const night = hour < 6;
    if ((night && at % HOUR !== 0) || leaveOut(at)) continue;
    found.push({ stream: 'audit', slice: Math.floor(at / SLICE_MS), events: night ? 1 : events });
  }
  return found;
}

describe('silences', () => {
  test('are none where nights are quiet as always', () => {
    expect(silencesIn(slices(), TIMES)).toEqual([]);
  });

  test('show where a day stops, with what was to be expected', () => {
    const [from, to] = [START + 9 * DAY + 10 * HOUR, START + 9 * DAY + 13 * HOUR];
    const [found, ...more] = silencesIn(slices((at) => at >= from && at < to), TIMES);
    expect([found?.stream, found?.fromMs, found?.toMs, more]).toEqual(['audit', from, to, []]);
    expect(found?.expected).toBeGreaterThan(300);
  });

  test('reach to the end of the time when nothing came any more', () => {
    const from = START + 12 * DAY;
    expect(silencesIn(slices((at) => at >= from), TIMES).map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([[from - HOUR + HOUR, TIMES.toMs]]);
  });

  test('before the time are not its own, and of a stream that rarely tells anything there are none', () => {
    expect(silencesIn(slices((at) => at >= START + 2 * DAY && at < START + 3 * DAY), TIMES)).toEqual([]);
    expect(silencesIn(slices((at) => at % (6 * HOUR) !== 0, 1), TIMES)).toEqual([]);
    expect(silencesIn([{ stream: 'new', slice: Math.floor(TIMES.fromMs / SLICE_MS), events: 1_000 }], TIMES)).toEqual([]);
  });

  test('of years are reckoned at once', () => {
    const old = { stream: 'audit', slice: 0, events: 1_000 };
    expect(silencesIn([old, ...slices()], TIMES)).toEqual([]);
  });
});
