import type { DeliveryQueue, Delivery } from './delivery-queue.ts';
import type { Endpoint } from './endpoint.ts';
import type { ResponderEvent } from './responder-event.ts';
import { nextTryMs, MAX_RETRY_AFTER_MS } from './retry-schedule.ts';
import type { WebhookSender } from './webhook-sender.ts';

/** Requests to one endpoint at the same time. */
const CONCURRENCY = 4;
/** Failures in a row after which the endpoint is given a rest, 250 ms doubling to a minute. */
const FAILURES_BEFORE_REST = 8;
const REST_MS = 250;
const MAX_REST_MS = 60_000;
/** A sleep longer than that is slept in parts (timers overflow at 24 days, clocks jump). */
const MAX_SLEEP_MS = 60_000;

export interface DispatcherDeps {
  readonly endpoint: Endpoint;
  readonly queue: DeliveryQueue;
  readonly sender: WebhookSender;
  readonly nowMs: () => number;
  readonly random: () => number;
  readonly onEvent: (event: ResponderEvent) => void;
}

/** Sends one endpoint's due deliveries. Each endpoint has its own, so a slow one holds up nobody else. */
export class Dispatcher implements AsyncDisposable {
  readonly #deps: DispatcherDeps;
  /** By id: being sent, or answered and not yet written down. */
  readonly #claimed = new Map<string, Promise<void>>();
  #sending = 0;
  #timer: NodeJS.Timeout | undefined;
  #restUntilMs = 0;
  #failuresInRow = 0;
  #closed = false;

  constructor(deps: DispatcherDeps) {
    this.#deps = deps;
  }

  get disabled(): boolean {
    return this.#deps.queue.isDisabled(this.#deps.endpoint.name, this.#deps.endpoint.url.href);
  }

  /** Looks for due deliveries. Cheap; call it whenever some may have been queued. */
  wake(): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    const { queue, endpoint } = this.#deps;
    const nowMs = this.#deps.nowMs();
    if (this.disabled || nowMs < this.#restUntilMs) return this.#expireOrSleep(nowMs);
    const free = CONCURRENCY - this.#sending;
    if (free <= 0) return;
    const due = queue.due(endpoint.name, nowMs, free + this.#claimed.size).filter((d) => !this.#claimed.has(d.id));
    for (const delivery of due.slice(0, free)) this.#claim(delivery);
    if (this.#claimed.size === 0) this.#sleepUntil(queue.nextDueAtMs(endpoint.name), nowMs);
  }

  /** Waits for requests on their way, so that a clean stop repeats none. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await Promise.all(this.#claimed.values());
  }

  #claim(delivery: Delivery): void {
    this.#sending++;
    const work = this.#deliver(delivery)
      .catch((cause: unknown) => {
        // The queue could not be written (a full disk): the delivery stays due, so do not send it in a hot loop.
        this.#restUntilMs = this.#deps.nowMs() + MAX_REST_MS;
        this.#deps.onEvent({ type: 'fault', endpoint: this.#deps.endpoint.name, cause });
      })
      .finally(() => {
        this.#claimed.delete(delivery.id);
        this.wake();
      });
    this.#claimed.set(delivery.id, work);
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const { endpoint, queue, sender, nowMs, onEvent } = this.#deps;
    const outcome = await sender.send(delivery.id, delivery.body, nowMs());
    // The next request starts while this answer is written down.
    this.#sending--;
    if (outcome.kind === 'delivered') {
      this.#failuresInRow = 0;
      this.#restUntilMs = 0;
      queueMicrotask(() => this.wake());
      await queue.finish(delivery);
      return onEvent({ type: 'delivered', endpoint: endpoint.name, id: delivery.id, attempts: delivery.attempts + 1, sinceQueuedMs: nowMs() - delivery.enqueuedAtMs });
    }
    if (outcome.kind === 'gone') {
      await queue.disable(endpoint.name, endpoint.url.href);
      onEvent({ type: 'disabled', endpoint: endpoint.name, error: outcome.error });
    } else {
      this.#rest(outcome.retryAfterMs);
    }
    const retryAfterMs = outcome.kind === 'failed' ? outcome.retryAfterMs : undefined;
    const dueAtMs = nextTryMs(delivery.attempts + 1, delivery.enqueuedAtMs, nowMs(), this.#deps.random(), retryAfterMs);
    onEvent({ type: 'failed', endpoint: endpoint.name, id: delivery.id, attempts: delivery.attempts + 1, error: outcome.error, nextTryAtMs: dueAtMs });
    if (dueAtMs === undefined) await queue.park(delivery, 'TQ-RESPOND-10', nowMs());
    else await queue.retry(delivery, dueAtMs);
  }

  /** One that asks to be left alone is, for all its deliveries; one that only fails is tried less and less often. */
  #rest(retryAfterMs: number | undefined): void {
    this.#failuresInRow++;
    const over = this.#failuresInRow - FAILURES_BEFORE_REST;
    const ownMs = over < 0 ? 0 : Math.min(MAX_REST_MS, REST_MS * 2 ** Math.min(over, 16));
    const restMs = Math.max(ownMs, Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS));
    this.#restUntilMs = Math.max(this.#restUntilMs, this.#deps.nowMs() + restMs);
  }

  /** While nothing is sent, what nobody will get any more is set aside. */
  #expireOrSleep(nowMs: number): void {
    if (!this.disabled) return this.#sleepUntil(this.#restUntilMs, nowMs);
    const { queue, endpoint } = this.#deps;
    for (const delivery of queue.due(endpoint.name, nowMs, CONCURRENCY)) {
      if (this.#claimed.has(delivery.id)) continue;
      this.#claimed.set(delivery.id, this.#postpone(delivery, nowMs).finally(() => {
        this.#claimed.delete(delivery.id);
        this.wake();
      }));
    }
    if (this.#claimed.size === 0) this.#sleepUntil(queue.nextDueAtMs(endpoint.name), nowMs);
  }

  async #postpone(delivery: Delivery, nowMs: number): Promise<void> {
    const dueAtMs = nextTryMs(delivery.attempts + 1, delivery.enqueuedAtMs, nowMs, this.#deps.random());
    if (dueAtMs === undefined) await this.#deps.queue.park(delivery, 'TQ-RESPOND-10', nowMs);
    else await this.#deps.queue.retry(delivery, dueAtMs);
  }

  #sleepUntil(atMs: number | undefined, nowMs: number): void {
    if (atMs !== undefined) this.#timer = setTimeout(() => this.wake(), Math.min(MAX_SLEEP_MS, Math.max(1, atMs - nowMs)));
  }
}
