import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createBridgeWaits } from './bridge-report.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const AT_SEVEN = { 2: { next: 7, lag: 1 } };

/** A minute of tries at one thing, and a bit. */
function wait(waits: ReturnType<typeof createBridgeWaits>, what: 'append' | 'find_position' = 'append'): void {
  for (let attempt = 1; attempt <= 3; attempt++) {
    waits.seen({ type: 'retry', what, partition: 2, attempt, waitMs: 5_000, error: new Error('away') });
    vi.advanceTimersByTime(31_000);
  }
}

test('a partition that tries for more than a minute is stuck until it moves on', () => {
  const waits = createBridgeWaits();
  waits.seen({ type: 'retry', what: 'append', partition: 2, attempt: 1, waitMs: 100, error: new Error('away') });
  expect(waits.stuck(AT_SEVEN)).toBe('');
  wait(waits);
  expect(waits.stuck(AT_SEVEN)).toBe('ingress partition 2 cannot append');
  expect(waits.stuck({ 2: { next: 8, lag: 0 } })).toBe('');
  expect(waits.stuck(AT_SEVEN)).toBe('');
});

test('tries that begin anew begin a new wait', () => {
  const waits = createBridgeWaits();
  waits.stuck(AT_SEVEN);
  wait(waits);
  expect(waits.stuck(AT_SEVEN)).not.toBe('');
  waits.seen({ type: 'retry', what: 'append', partition: 2, attempt: 1, waitMs: 100, error: new Error('away') });
  expect(waits.stuck(AT_SEVEN)).toBe('');
});

test.each([
  ['a start', { type: 'started', partition: 2, offset: 7, reason: 'committed' }],
  ['another assignment', { type: 'assigned', partitions: [1] }],
] as const)('%s ends the wait', (_name, event) => {
  const waits = createBridgeWaits();
  waits.stuck(AT_SEVEN);
  wait(waits, 'find_position');
  expect(waits.stuck(AT_SEVEN)).toBe('ingress partition 2 cannot find position');
  waits.seen(event);
  expect(waits.stuck(AT_SEVEN)).toBe('');
});
