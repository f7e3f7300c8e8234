import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createWaits } from './committer-report.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const BOTH = new Set([1, 2]);

test('a wait of more than a minute is told until the partition goes on or goes elsewhere, and not when it comes back', () => {
  const waits = createWaits();
  const wait = (partition: number): void => waits.seen({ type: 'waiting', partition, what: 'insert', tries: 1, error: new Error('away') });
  wait(1);
  vi.advanceTimersByTime(30_000);
  wait(1);
  wait(2);
  expect(waits.stuck(BOTH)).toBe('');
  vi.advanceTimersByTime(31_000);
  expect(waits.stuck(BOTH)).toBe('partition 1 waits for insert');
  vi.advanceTimersByTime(30_000);
  expect(waits.stuck(BOTH)).toBe('partition 1 waits for insert; partition 2 waits for insert');
  waits.seen({ type: 'trimmed', partition: 1, before: 7 });
  expect(waits.stuck(BOTH)).toBe('partition 2 waits for insert');
  expect(waits.stuck(new Set([1]))).toBe('');
  expect(waits.stuck(BOTH)).toBe('');
});
