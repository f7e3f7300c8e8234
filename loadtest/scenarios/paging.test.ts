import { expect, test } from 'vitest';
import { paging } from './paging.ts';
import type { Finding } from './watch.ts';

const MINUTE = 60_000;
const QUIET = { quiet_s: 600, back_off: 2, quiet_most_s: 2_400 };

function alerts(group: string, ...minutes: readonly number[]): readonly Finding[] {
  return minutes.map((minute) => ({ rule: 'r', level: 'high', at: minute * MINUTE, evidence: [], alert: { group, ...QUIET } }));
}

function paged(found: readonly Finding[]): readonly number[] {
  return paging(found).map(({ at }) => at / MINUTE);
}

test('the first alert of a group pages, those in its quiet do not', () => {
  expect(paged(alerts('a', 0, 3, 9))).toEqual([0]);
});

test('a quiet that passes without an alert ends the group', () => {
  expect(paged(alerts('a', 0, 11, 14))).toEqual([0, 11]);
});

test('each quiet in which alerts came is followed by one twice as long, up to the most', () => {
  // Quiet to 10, held at 5: quiet to 30; held at 25: to 70; held at 60: to 110, not 150; nothing until 115.
  expect(paged(alerts('a', 0, 5, 25, 60, 115))).toEqual([0, 115]);
});

test('groups do not quieten each other', () => {
  expect(paged([...alerts('a', 0), ...alerts('b', 1), ...alerts('a', 2)])).toEqual([0, 1]);
});
