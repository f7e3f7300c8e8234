import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long work in slices keeps others from their turn at a time. */
const SLICE_MS = 8;

/** For long work on a thread that has other things to do: awaited between steps, it lets these have their turn once the work has had its own. */
export function timeSlices(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < SLICE_MS) return;
    await nextTurn();
    since = performance.now();
  };
}
