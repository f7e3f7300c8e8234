const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

const DELAYS_MS = [5 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, HOUR_MS, 3 * HOUR_MS, 6 * HOUR_MS, 12 * HOUR_MS] as const;

/** An alert not delivered for so long is set aside. */
export const GIVE_UP_AFTER_MS = 72 * HOUR_MS;

/** A receiver cannot ask to be left alone for longer. */
export const MAX_RETRY_AFTER_MS = 12 * HOUR_MS;

/** When to try again after `attempts` failed tries, or undefined to give up. `random` is in [0, 1): up to a fifth is added. */
export function nextTryMs(attempts: number, enqueuedAtMs: number, nowMs: number, random: number, retryAfterMs = 0): number | undefined {
  const delayMs = DELAYS_MS[Math.min(attempts, DELAYS_MS.length) - 1] ?? DELAYS_MS[0];
  const dueAtMs = nowMs + Math.ceil(Math.max(delayMs, Math.min(retryAfterMs, MAX_RETRY_AFTER_MS)) * (1 + random / 5));
  return dueAtMs > enqueuedAtMs + GIVE_UP_AFTER_MS ? undefined : dueAtMs;
}

/** RFC 9110 section 10.2.3: seconds or a date, as milliseconds from now; undefined when it is neither. */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^[0-9]{1,9}$/.test(value)) return Number(value) * SECOND_MS;
  const at = /^[A-Z][a-z]{2}, /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
