import type { Clock } from './clock.ts';

/** Time that passes only when told to. */
export interface VirtualClock extends Clock {
  /** Jumps to the next sleeper and wakes it; false when nobody sleeps. */
  advance(): boolean;
}

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

export function createVirtualClock(startMs: number): VirtualClock {
  let nowMs = startMs;
  const sleepers: Sleeper[] = [];
  return {
    nowMs: () => nowMs,
    elapsedMs: () => nowMs,
    sleep: (ms, signal) => {
      if (ms <= 0 || signal?.aborted === true) return Promise.resolve();
      return new Promise((resolve) => {
        const sleeper: Sleeper = { atMs: nowMs + ms, wake: resolve };
        const later = sleepers.findIndex((s) => s.atMs > sleeper.atMs);
        sleepers.splice(later < 0 ? sleepers.length : later, 0, sleeper);
        signal?.addEventListener('abort', () => {
          const at = sleepers.indexOf(sleeper);
          if (at >= 0) sleepers.splice(at, 1);
          resolve();
        }, { once: true });
      });
    },
    advance: () => {
      const sleeper = sleepers.shift();
      if (sleeper === undefined) return false;
      nowMs = Math.max(nowMs, sleeper.atMs);
      sleeper.wake();
      return true;
    },
  };
}
