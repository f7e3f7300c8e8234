import { describe, expect, test } from 'vitest';
import type { Alert } from '../contracts/alert.ts';
import { sampleAlert } from './control-fixture.ts';
import { afterQuiet, holding, isGrouped, openedBy, rewound } from './quiet-group.ts';

const QUIET = { group: 'group_a', quiet_s: 600, back_off: 2, quiet_most_s: 3_000 } as const;
const alert = (n: number, change: Partial<Alert> = {}): Alert => sampleAlert(n, { ...QUIET, ...change });

test.each([[true, {}], [false, { group: '' }], [false, { quiet_s: 0 }]] as const)('whether an alert is grouped is said by its group and quiet: %s of %j', (grouped, change) => {
  expect(isGrouped(alert(1, change))).toBe(grouped);
});

describe('the quiet of a group', () => {
  test('is over for good when nothing came', () => {
    expect(afterQuiet(openedBy(alert(0), 0), 600_000)).toBeUndefined();
  });

  test('is back_off times longer after each that something came in, up to the most', () => {
    let group = openedBy(alert(0), 0);
    const quietsS: number[] = [];
    for (let n = 1; n <= 5; n++) {
      const ended = afterQuiet(holding(group, alert(n)), group.endsAtMs);
      if (ended === undefined) break;
      quietsS.push((ended.next.endsAtMs - group.endsAtMs) / 1_000);
      group = ended.next;
    }
    expect(quietsS).toEqual([1_200, 2_400, 3_000, 3_000, 3_000]);
  });

  test.each([
    ['no back-off', { back_off: 0 }, 600],
    ['a back-off of one', { back_off: 1 }, 600],
    ['a most that is shorter than the quiet', { quiet_most_s: 1 }, 600],
    ['a rule that was changed meanwhile', { quiet_s: 10, back_off: 9, quiet_most_s: 700 }, 700],
  ])('with %s is never nothing', (_, change, seconds) => {
    expect(afterQuiet(holding(openedBy(alert(0), 0), alert(1, change)), 0)?.next.quietMs).toBe(seconds * 1_000);
  });

  test('is not longer than it should be after the clock was set back, and not shorter either', () => {
    const group = openedBy(alert(0), 1_000_000_000);
    expect(rewound(group, 5_000).endsAtMs).toBe(605_000);
    expect(rewound(group, 1_000_000_000 + 100_000).endsAtMs).toBe(group.endsAtMs);
  });
});

test('a summary has the same id whatever came after the first held alert, and another for each summary of a group', () => {
  const idOf = (...held: readonly number[]): string | undefined => afterQuiet(held.reduce((group, n) => holding(group, alert(n)), openedBy(alert(0), 0)), 0)?.summary.id;
  expect(idOf(1)).toBe(idOf(1, 2, 3));
  expect(idOf(2)).not.toBe(idOf(1));
});
