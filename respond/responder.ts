import type { ControlStream } from '../contracts/event-log.ts';
import type { AlertsOf } from './commit-tail.ts';
import { followCommits } from './commit-tail.ts';
import { DeliveryQueue } from './delivery-queue.ts';
import type { QueueCounts } from './delivery-queue.ts';
import { detectionFinding } from './detection-finding.ts';
import { Dispatcher } from './dispatcher.ts';
import type { Endpoint } from './endpoint.ts';
import type { ResponderEvent } from './responder-event.ts';
import { createSender, resolveHost } from './webhook-sender.ts';
import type { Resolve } from './webhook-sender.ts';

export interface ResponderDeps {
  readonly control: ControlStream;
  readonly alertsOf: AlertsOf;
  /** The queue's own, made when missing; one responder at a time. */
  readonly directory: string;
  /** None is fine: alerts are passed over and not sent when an endpoint is added later. */
  readonly endpoints: readonly Endpoint[];
  readonly includeAddresses: boolean;
  readonly productVersion: string;
  readonly onEvent?: (event: ResponderEvent) => void;
  readonly pollMs?: number;
  readonly nowMs?: () => number;
  readonly random?: () => number;
  readonly resolve?: Resolve;
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
  status(): { readonly next: number; readonly endpoints: readonly EndpointStatus[] };
}

const POLL_MS = 20;

/** Sends every alert of every commit from now on (or from where it stopped) to every endpoint. Runs until disposed. */
export function createResponder(deps: ResponderDeps): Responder {
  const { endpoints, onEvent = () => undefined, nowMs = Date.now, random = Math.random } = deps;
  const queue = new DeliveryQueue(deps.directory);
  const senders = endpoints.map((endpoint) => createSender(endpoint, deps.resolve ?? resolveHost));
  const dispatchers = senders.flatMap((sender, i) => {
    const endpoint = endpoints[i];
    return endpoint === undefined ? [] : [new Dispatcher({ endpoint, queue, sender, nowMs, random, onEvent })];
  });
  const stop = new AbortController();

  async function run(): Promise<void> {
    let from = queue.tail();
    const options = { productVersion: deps.productVersion, includeAddresses: deps.includeAddresses };
    const tail = { control: deps.control, alertsOf: deps.alertsOf, pollMs: deps.pollMs ?? POLL_MS, onEvent, signal: stop.signal };
    for await (const { alerts, committedAtMs, after } of followCommits(tail, from)) {
      const queued = endpoints.length === 0 ? [] : alerts.map((alert) => ({ id: alert.id, body: JSON.stringify(detectionFinding(alert, options)) }));
      const overflow = await queue.enqueue(queued, endpoints, from?.next, after, nowMs());
      from = after;
      if (alerts.length === 0) continue;
      for (const dispatcher of dispatchers) dispatcher.wake();
      onEvent({ type: 'queued', alerts: alerts.length, overflow, sinceCommitMs: nowMs() - committedAtMs });
    }
  }
  const done = run().catch((cause: unknown) => {
    if (!stop.signal.aborted) throw cause;
  });
  for (const dispatcher of dispatchers) dispatcher.wake();

  function status(): ReturnType<Responder['status']> {
    return {
      next: queue.tail()?.next ?? 0,
      endpoints: endpoints.map(({ name, url }) => {
        const counts = queue.counts(name);
        const oldestAgeMs = counts.oldestAtMs === undefined ? 0 : Math.max(0, nowMs() - counts.oldestAtMs);
        return { endpoint: name, disabled: queue.isDisabled(name, url.href), oldestAgeMs, ...counts };
      }),
    };
  }
  async function close(): Promise<void> {
    stop.abort();
    await done.catch(() => undefined);
    for (const dispatcher of dispatchers) await dispatcher[Symbol.asyncDispose]();
    for (const sender of senders) sender[Symbol.dispose]();
    await queue[Symbol.asyncDispose]();
  }
  return { done, status, [Symbol.asyncDispose]: close };
}
