import { describe, expect, test } from 'vitest';
import { testEvents } from './test-events.ts';

const START = Date.UTC(2026, 10, 20);

function times(list: Parameters<typeof testEvents>[0]): readonly number[] | string {
  const made = testEvents(list, {}, undefined);
  return typeof made === 'string' ? made : made.map(({ timestamp }) => timestamp - START);
}

describe('events of a test', () => {
  test('stand a second apart, where they say nothing else', () => {
    expect(times([{ a: 1 }, { a: 2 }, { at: '1m' }, { a: 3 }])).toEqual([0, 1_000, 60_000, 61_000]);
  });

  test('are repeated with a number', () => {
    const made = testEvents([{ at: '10s', every: '250ms', times: 3, user: { name: 'u{n}' }, list: ['{n}', 1] }], {}, undefined);
    expect(made).toEqual([1, 2, 3].map((n) => ({
      timestamp: START + 10_000 + (n - 1) * 250,
      event: { '@timestamp': new Date(START + 10_000 + (n - 1) * 250).toISOString(), user: { name: `u${n}` }, list: [String(n), 1] },
    })));
  });

  test('keep a time of their own', () => {
    expect(times([{ '@timestamp': '2026-11-20T00:00:05.250Z' }, {}])).toEqual([5_250, 6_250]);
  });

  test('have what is given to all, and what signatures found', () => {
    expect(testEvents([{ a: 2 }], { a: 1, b: 1 }, { class: ['x'] })).toMatchObject([{ event: { a: 2, b: 1, scan: { class: ['x'] } } }]);
  });
});
