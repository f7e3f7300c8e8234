import { setTimeout as sleep } from 'node:timers/promises';
import { followCommits } from './commit-tail.ts';
import type { CommitTailDeps } from './commit-tail.ts';
import type { DeliveryQueue, QueuedMessage, TailMove } from './delivery-queue.ts';
import { detectionFinding, summaryFinding } from './detection-finding.ts';
import type { FindingOptions } from './detection-finding.ts';
import type { Endpoint } from './endpoint.ts';
import type { Notification } from './quiet-groups.ts';

/** What turns commits and the passing of time into queued requests. */
export interface Notifying {
  readonly tail: CommitTailDeps;
  readonly queue: DeliveryQueue;
  readonly endpoints: readonly Endpoint[];
  readonly notifyEveryAlert: boolean;
  readonly finding: FindingOptions;
  readonly nowMs: () => number;
  /** Something was queued. */
  readonly wake: () => void;
}

/** A clock that goes back by more was set; by less it was only slowed. */
const CLOCK_SET_BACK_MS = 1_000;

/** Alerts of each commit, at once or held. Rejects when the queue cannot be written; ends with the signal. */
export async function notifyCommits(n: Notifying): Promise<void> {
  let from = n.queue.tail();
  for await (const { alerts, committedAtMs, after } of followCommits(n.tail, from)) {
    const now = n.nowMs();
    const choose = (): readonly Notification[] => (n.notifyEveryAlert ? alerts.map((alert) => ({ kind: 'alert', alert })) : n.queue.groups.admit(alerts, now));
    const { queued, overflow } = await enqueue(n, choose, { from: from?.next, to: after }, now);
    from = after;
    if (alerts.length > 0) n.tail.onEvent({ type: 'queued', alerts: alerts.length, queued, overflow, sinceCommitMs: n.nowMs() - committedAtMs });
  }
}

/** Summaries of groups whose quiet is over. Rejects when the queue cannot be written; ends with the signal. */
export async function notifyQuiets(n: Notifying): Promise<void> {
  const { groups } = n.queue;
  // Whatever the clock did while nobody looked, it may have been set back.
  let lastMs = Number.POSITIVE_INFINITY;
  while (!n.tail.signal.aborted) {
    const now = n.nowMs();
    const setBack = now < lastMs - CLOCK_SET_BACK_MS;
    lastMs = now;
    if (setBack || (groups.nextEndMs() ?? Number.POSITIVE_INFINITY) <= now) {
      const choose = (): readonly Notification[] => {
        if (setBack) groups.rewind(now);
        return groups.end(now);
      };
      const { queued, overflow } = await enqueue(n, choose, undefined, now);
      if (queued > 0) n.tail.onEvent({ type: 'summarised', summaries: queued, overflow });
    }
    await sleep(n.tail.pollMs, undefined, { signal: n.tail.signal }).catch(() => undefined);
  }
}

async function enqueue({ queue, endpoints, finding, wake }: Notifying, choose: () => readonly Notification[], move: TailMove | undefined, nowMs: number): Promise<{ readonly queued: number; readonly overflow: number }> {
  // Without a receiver there is nobody to be quiet for.
  const messages = (): readonly QueuedMessage[] => (endpoints.length === 0 ? [] : choose().map((notification) => message(notification, finding)));
  const outcome = await queue.enqueue(messages, endpoints, move, nowMs);
  if (outcome.queued > 0) wake();
  return outcome;
}

function message(notification: Notification, options: FindingOptions): QueuedMessage {
  switch (notification.kind) {
    case 'alert':
      return { id: notification.alert.id, body: JSON.stringify(detectionFinding(notification.alert, options)) };
    case 'summary':
      return { id: notification.summary.id, body: JSON.stringify(summaryFinding(notification.summary, options)) };
    default:
      return notification satisfies never;
  }
}
