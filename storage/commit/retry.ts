import { StoreUnavailable } from '../../contracts/store.ts';
import type { CommitterDeps } from './committer-deps.ts';

/** Runs an operation until it succeeds; rejects with what is not worth a second try, or with the signal's reason. */
export type Retry = <T>(what: string, operation: () => Promise<T>, signal: AbortSignal) => Promise<T>;

export function isRetryable(error: unknown): boolean {
  if (error instanceof StoreUnavailable) return true;
  return typeof error === 'object' && error !== null && 'retryable' in error && error.retryable === true;
}

export function createRetry({ partition, clock, config, onEvent }: Pick<CommitterDeps, 'partition' | 'clock' | 'config' | 'onEvent'>): Retry {
  return async (what, operation, signal) => {
    for (let tries = 1; ; tries++) {
      signal.throwIfAborted();
      try {
        return await operation();
      } catch (error) {
        if (!isRetryable(error)) throw error;
        onEvent({ type: 'waiting', partition, what, tries, error });
      }
      await clock.sleep(Math.min(config.retry_first_ms * 2 ** (tries - 1), config.retry_most_ms), signal);
    }
  };
}
