import { setTimeout as sleep } from 'node:timers/promises';
import type { PartitionOwnership } from '../contracts/ownership.ts';

/** First wait before a partition that stopped is tried again; doubles up to the longest. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** A partition that worked so long did not stop because of its start: the waits begin anew. */
const STEADY_MS = 120_000;

/**
 * Works on each owned partition for as long as it is owned. `run` ends at its signal, or rejects: then this partition
 * alone waits and is tried again, and `onStopped` says why each time, while the others go on.
 */
export function workOnOwned(
  ownership: PartitionOwnership,
  run: (partition: number, signal: AbortSignal) => Promise<void>,
  onStopped: (partition: number, error: unknown, retryMs: number) => void,
): AsyncDisposable {
  const running = new Map<number, { readonly stop: AbortController; readonly ended: Promise<void> }>();
  const ending = new Map<number, Promise<void>>();

  async function keepRunning(partition: number, signal: AbortSignal): Promise<void> {
    await ending.get(partition);
    for (let waitMs = FIRST_WAIT_MS; !signal.aborted; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
      const startedAt = performance.now();
      try {
        await run(partition, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (performance.now() - startedAt > STEADY_MS) waitMs = FIRST_WAIT_MS;
        onStopped(partition, error, waitMs);
        await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  function stop(partition: number): void {
    const work = running.get(partition);
    if (work === undefined) return;
    running.delete(partition);
    work.stop.abort();
    ending.set(partition, work.ended);
  }

  ownership.onChange((owned) => {
    for (const partition of running.keys()) if (!owned.has(partition)) stop(partition);
    for (const partition of owned) {
      if (running.has(partition)) continue;
      const aborter = new AbortController();
      running.set(partition, { stop: aborter, ended: keepRunning(partition, aborter.signal) });
    }
  });

  return {
    async [Symbol.asyncDispose]() {
      for (const partition of running.keys()) stop(partition);
      await Promise.all(ending.values());
    },
  };
}
