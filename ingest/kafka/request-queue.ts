// kafkajs ships neither types for its insides nor an `exports` field; its version is pinned.
// @ts-expect-error: no types
import Queue from 'kafkajs/src/network/requestQueue/index.js';

interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly inflight: ReadonlyMap<number, unknown>;
  readonly requestTimeoutIntervalId: NodeJS.Timeout | undefined;
}

interface QueuePrototype {
  scheduleCheckPendingRequests(this: RequestQueue): void;
  scheduleRequestTimeoutCheck(this: RequestQueue): void;
  /** Ends the timers. */
  destroy(this: RequestQueue): void;
}

const mended = new WeakSet<QueuePrototype>();

/** Mends two flaws of kafkajs 2.2.4, for all that is made with it. Once is enough, more does nothing. */
export function mendRequestQueue(): void {
  const { prototype } = Queue as { readonly prototype: QueuePrototype };
  if (mended.has(prototype)) return;
  mended.add(prototype);
  leaveOutIdleTimers(prototype);
  keepTimeouts(prototype);
}

/**
 * After each answer kafkajs sets a timer to look at its pending requests, also when none is pending; the delay is then
 * `-1 - Date.now()`, which Node 24 reports as TimeoutNegativeWarning. With none pending the look does nothing, so it is
 * left out: no warning, and one timer less a request.
 */
function leaveOutIdleTimers(prototype: QueuePrototype): void {
  const look = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function (): void {
    if (this.pending.length > 0) look.call(this);
  };
}

/**
 * A connection that ends takes requests for a moment longer, then ends the timer that would time them out: they never
 * settle, and a consumer or an admin waits for ever. So the timer stays while there are any; it looks by itself whether it
 * may end.
 */
function keepTimeouts(prototype: QueuePrototype): void {
  const { destroy, scheduleRequestTimeoutCheck: schedule } = prototype;
  prototype.destroy = function (): void {
    if (this.inflight.size === 0) destroy.call(this);
  };
  prototype.scheduleRequestTimeoutCheck = function (): void {
    clearInterval(this.requestTimeoutIntervalId);
    schedule.call(this);
  };
}
