import type { ControlStream } from '../contracts/event-log.ts';
import type { AlertsOf, CommitTailDeps } from './commit-tail.ts';
import { DeliveryQueue } from './delivery-queue.ts';
import type { QueueCounts } from './delivery-queue.ts';
import { Dispatcher } from './dispatcher.ts';
import type { Endpoint } from './endpoint.ts';
import { notifyCommits, notifyQuiets } from './notifying.ts';
import type { GroupCounts } from './quiet-groups.ts';
import type { ResponderEvent } from './responder-event.ts';
import { resolveHost } from './guarded-lookup.ts';
import type { Resolve } from './guarded-lookup.ts';
import { createSender } from './webhook-sender.ts';

export interface ResponderDeps {
  readonly control: ControlStream;
  readonly alertsOf: AlertsOf;
  /** Puts what was raised on the trail: durable before it is told. */
  readonly record?: CommitTailDeps['record'];
  /** The queue's own, made when missing; one responder at a time. */
  readonly directory: string;
  /** None is fine: alerts are passed over and not sent when an endpoint is added later. */
  readonly endpoints: readonly Endpoint[];
  readonly includeAddresses: boolean;
  /** Holds nothing back. What was held before is still told when its quiet ends. */
  readonly notifyEveryAlert?: boolean;
  readonly productVersion: string;
  readonly onEvent?: (event: ResponderEvent) => void;
  readonly pollMs?: number;
  /** Decides what is sent when, how long a group is quiet too. It may jump. */
  readonly nowMs?: () => number;
  readonly random?: () => number;
  readonly resolve?: Resolve;
  /** Groups that can be quiet at once. */
  readonly mostGroups?: number;
}

export interface EndpointStatus extends QueueCounts {
  readonly endpoint: string;
  readonly disabled: boolean;
  /** Age of the oldest queued alert; 0 when none is. */
  readonly oldestAgeMs: number;
}

export interface Responder extends AsyncDisposable {
  /** Rejects when the responder had to stop (the disk is full, another process took the queue); resolves after disposal. */
  readonly done: Promise<void>;
  /** `next` is the control stream's offset read up to. */
  status(): { readonly next: number; readonly endpoints: readonly EndpointStatus[]; readonly groups: GroupCounts };
}

const POLL_MS = 20;

/**
 * Tells every endpoint of every alert of every commit from now on (or from where it stopped): at once, or in the summary
 * of its group. Runs until disposed.
 */
export function createResponder(deps: ResponderDeps): Responder {
  const { endpoints, onEvent = () => undefined, nowMs = Date.now, random = Math.random, pollMs = POLL_MS, productVersion, includeAddresses } = deps;
  const queue = new DeliveryQueue(deps.directory, deps.mostGroups);
  const senders = endpoints.map((endpoint) => createSender(endpoint, deps.resolve ?? resolveHost));
  const dispatchers = senders.flatMap((sender, i) => {
    const endpoint = endpoints[i];
    return endpoint === undefined ? [] : [new Dispatcher({ endpoint, queue, sender, nowMs, random, onEvent })];
  });
  const stop = new AbortController();
  const wake = (): void => {
    for (const dispatcher of dispatchers) dispatcher.wake();
  };
  const notifying = {
    tail: { control: deps.control, alertsOf: deps.alertsOf, ...(deps.record === undefined ? {} : { record: deps.record }), pollMs, onEvent, signal: stop.signal },
    queue, endpoints, nowMs, wake, notifyEveryAlert: deps.notifyEveryAlert ?? false, finding: { productVersion, includeAddresses },
  };
  const working = [notifyCommits(notifying), notifyQuiets(notifying)];
  const done = Promise.all(working).then(
    () => undefined,
    (cause: unknown) => {
      if (!stop.signal.aborted) throw cause;
    },
  );
  wake();

  function status(): ReturnType<Responder['status']> {
    return {
      next: queue.tail()?.next ?? 0,
      endpoints: endpoints.map(({ name, url }) => {
        const counts = queue.counts(name);
        const oldestAgeMs = counts.oldestAtMs === undefined ? 0 : Math.max(0, nowMs() - counts.oldestAtMs);
        return { endpoint: name, disabled: queue.isDisabled(name, url.href), oldestAgeMs, ...counts };
      }),
      groups: queue.groups.counts(),
    };
  }
  async function close(): Promise<void> {
    stop.abort();
    // At once: nothing more is sent while the rest is waited for.
    const sent = dispatchers.map((dispatcher) => dispatcher[Symbol.asyncDispose]());
    await Promise.allSettled([...working, ...sent]);
    for (const sender of senders) sender[Symbol.dispose]();
    await queue[Symbol.asyncDispose]();
  }
  return { done, status, [Symbol.asyncDispose]: close };
}
