import { setImmediate, setTimeout } from 'node:timers/promises';

/** Time as the committer sees it, so that a simulation can own it. */
export interface Clock {
  nowMs(): number;
  /** For durations: never jumps, starts anywhere. */
  elapsedMs(): number;
  /** Resolves after `ms`, or at once when the signal aborts. 0 lets pending input and output be served. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  elapsedMs: () => performance.now(),
  sleep: async (ms, signal) => {
    if (ms <= 0) return setImmediate();
    // An abort is not an error here: callers look at their signal.
    await setTimeout(ms, undefined, signal === undefined ? {} : { signal }).catch(() => {});
  },
};
