import { expect, test } from 'vitest';
import { timeSlices } from './time-slices.ts';

test('work that takes long lets others have their turn, again and again', async () => {
  const pause = timeSlices();
  let turns = 0;
  const others = (): void => {
    turns += 1;
    setImmediate(others).unref();
  };
  setImmediate(others).unref();
  for (let step = 1; step <= 3; step++) {
    const before = turns;
    for (const startedAt = performance.now(); performance.now() - startedAt < 10;);
    await pause();
    expect(turns).toBeGreaterThan(before);
  }
});
