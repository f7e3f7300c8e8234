import type { Clock } from './clock.ts';

const GRACE_MS = 1_000;

/**
 * Waits for the work, after an abort for a second at most, also when a store or a log hangs: what is under way may then
 * still happen, and must do no harm.
 */
export async function withinGrace(work: Promise<void>, clock: Clock, signal: AbortSignal): Promise<void> {
  const ended = new AbortController();
  const grace = Promise.withResolvers<void>();
  const onAbort = (): void => void clock.sleep(GRACE_MS, ended.signal).then(grace.resolve);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([work, grace.promise]);
  } finally {
    ended.abort(null);
    signal.removeEventListener('abort', onAbort);
  }
}
