import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_WAIT_MS = 100;
const MOST_WAIT_MS = 5_000;

export interface Failure {
  readonly attempt: number;
  readonly waitMs: number;
  readonly error: unknown;
}

/**
 * Tries until it works, waiting twice as long each time. Rejects with the signal's reason as soon as that aborts,
 * whatever the work does then, and with the first error that `worthwhile` denies.
 */
export async function untilDone<T>(work: () => Promise<T>, signal: AbortSignal, onFailure: (failure: Failure) => void, worthwhile: (error: unknown) => boolean): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    try {
      return await unlessAborted(work(), signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!worthwhile(error)) throw error;
      const waitMs = Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
      onFailure({ attempt, waitMs, error });
      await unlessAborted(sleep(waitMs, undefined, { signal }), signal);
    }
  }
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason);
  signal.addEventListener('abort', stop);
  try {
    return await Promise.race([work, promise]);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
