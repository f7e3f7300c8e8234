import { mkdirSync } from 'node:fs';
import { open } from 'lmdb';
import { RespondError } from './errors.ts';
import { QuietGroups } from './quiet-groups.ts';

/** How far the control stream was read; `partitions` says up to where alerts of each were queued. */
export interface TailState {
  /** Offset of the next control entry. */
  readonly next: number;
  /** Whether it was followed from its first entry on. */
  readonly fromStart: boolean;
  readonly partitions: Readonly<Record<string, { readonly last: number; readonly receivedTo: number }>>;
}

/** A request to be made: the webhook's id and body. */
export interface QueuedMessage {
  readonly id: string;
  readonly body: string;
}

/** From where to where the tail moves; undefined when it stays where it is. */
export interface TailMove {
  readonly from: number | undefined;
  readonly to: TailState;
}

export interface Delivery extends QueuedMessage {
  readonly endpoint: string;
  readonly dueAtMs: number;
  readonly attempts: number;
  readonly enqueuedAtMs: number;
}

/** Set aside: not tried again. The alert itself stays in the store. */
export interface ParkedDelivery {
  readonly id: string;
  readonly code: string;
  readonly attempts: number;
  readonly parkedAtMs: number;
}

export interface QueueCounts {
  readonly queued: number;
  readonly delivered: number;
  readonly failed: number;
  /** When the oldest queued alert was queued. */
  readonly oldestAtMs: number | undefined;
}

interface Totals {
  readonly delivered: number;
  readonly failed: number;
}

type StoredDelivery = Omit<Delivery, 'endpoint' | 'dueAtMs' | 'id'>;
type DueKey = [endpoint: string, dueAtMs: number, id: string];

const ZERO: Totals = { delivered: 0, failed: 0 };
/** Greater than any time in ms, smaller than the next endpoint's keys. */
const FOREVER = Number.MAX_SAFE_INTEGER;
const MAP_BYTES = 4 * 1024 ** 3;
/** Of parked deliveries the newest are kept; the count says how many there were. */
const MAX_PARKED = 10_000;
const SECURE: object = { permissionsMode: 0o600 };

/**
 * What must survive a crash, in one LMDB environment: deliveries by due time, the totals, quiet groups, and the tail's
 * state. The tail's state moves in the transaction that queues or holds the alerts it passed, so no alert is lost or told
 * twice. A crash between a receiver's answer and `finish` repeats that request, with the same id.
 */
export class DeliveryQueue implements AsyncDisposable {
  /** Changed by what is given to `enqueue` only. */
  readonly groups: QuietGroups;
  readonly #root;
  readonly #due;
  readonly #parked;
  readonly #totals;
  readonly #disabled;
  readonly #tail;
  readonly #queued = new Map<string, number>();

  constructor(directory: string, mostGroups?: number) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.#root = open({ path: directory, noSubdir: false, overlappingSync: false, eventTurnBatching: false, mapSize: MAP_BYTES, maxDbs: 12, ...SECURE });
    this.#due = this.#root.openDB<StoredDelivery, DueKey>({ name: 'due' });
    this.#parked = this.#root.openDB<ParkedDelivery, DueKey>({ name: 'parked' });
    this.#totals = this.#root.openDB<Totals, string>({ name: 'totals' });
    this.#disabled = this.#root.openDB<string, string>({ name: 'disabled' });
    this.#tail = this.#root.openDB<TailState, string>({ name: 'tail' });
    this.groups = new QuietGroups(this.#root, mostGroups);
    for (const [endpoint] of this.#due.getKeys()) this.#count(endpoint, 1);
  }

  tail(): TailState | undefined {
    return this.#tail.get('state');
  }

  /**
   * Queues for the endpoints what `choose` returns, which is called inside the transaction and may change `groups`, and
   * moves the tail: all or nothing. What is beyond an endpoint's `maxQueued` is parked. Durable when it resolves.
   */
  async enqueue(choose: () => readonly QueuedMessage[], endpoints: readonly { readonly name: string; readonly maxQueued: number }[], move: TailMove | undefined, nowMs: number): Promise<{ readonly queued: number; readonly overflow: number }> {
    let queued = 0;
    let overflow = 0;
    // A child transaction is rolled back when a write in it throws (a full disk); a plain one would keep the rest.
    await this.#root.childTransaction(() => {
      if (move !== undefined && this.#tail.get('state')?.next !== move.from) throw new RespondError('TQ-RESPOND-15');
      const messages = choose();
      const rooms = endpoints.map(({ name, maxQueued }) => ({ name, room: Math.max(0, maxQueued - (this.#queued.get(name) ?? 0)) }));
      for (const { name, room } of rooms) {
        for (const { id, body } of messages.slice(0, room)) this.#due.putSync([name, nowMs, id], { body, attempts: 0, enqueuedAtMs: nowMs });
        for (const { id } of messages.slice(room)) this.#park(name, { id, code: 'TQ-RESPOND-11', attempts: 0, parkedAtMs: nowMs });
        overflow += Math.max(0, messages.length - room);
      }
      if (move !== undefined) this.#tail.putSync('state', move.to);
      queued = messages.length;
      for (const { name, room } of rooms) this.#count(name, Math.min(room, messages.length));
    });
    return { queued, overflow };
  }

  /** Deliveries due by `nowMs`, the longest due first, at most `max`. */
  due(endpoint: string, nowMs: number, max: number): readonly Delivery[] {
    const range = this.#due.getRange({ start: [endpoint, 0, ''], end: [endpoint, nowMs + 1, ''], limit: max });
    return Array.from(range, ({ key, value }) => ({ endpoint, dueAtMs: key[1], id: key[2], ...value }));
  }

  nextDueAtMs(endpoint: string): number | undefined {
    for (const key of this.#due.getKeys({ start: [endpoint, 0, ''], end: [endpoint, FOREVER, ''], limit: 1 })) return key[1];
    return undefined;
  }

  /** The receiver has it. */
  async finish(delivery: Delivery): Promise<void> {
    await this.#root.transaction(() => {
      this.#due.removeSync(dueKey(delivery));
      const totals = this.#totals.get(delivery.endpoint) ?? ZERO;
      this.#totals.putSync(delivery.endpoint, { ...totals, delivered: totals.delivered + 1 });
    });
    this.#count(delivery.endpoint, -1);
  }

  async retry(delivery: Delivery, dueAtMs: number): Promise<void> {
    const { body, enqueuedAtMs, attempts } = delivery;
    await this.#root.transaction(() => {
      this.#due.removeSync(dueKey(delivery));
      this.#due.putSync([delivery.endpoint, dueAtMs, delivery.id], { body, enqueuedAtMs, attempts: attempts + 1 });
    });
  }

  async park(delivery: Delivery, code: string, nowMs: number): Promise<void> {
    await this.#root.transaction(() => {
      this.#due.removeSync(dueKey(delivery));
      this.#park(delivery.endpoint, { id: delivery.id, code, attempts: delivery.attempts + 1, parkedAtMs: nowMs });
    });
    this.#count(delivery.endpoint, -1);
  }

  parked(endpoint: string): readonly ParkedDelivery[] {
    return Array.from(this.#parked.getRange({ start: [endpoint, 0, ''], end: [endpoint, FOREVER, ''] }), ({ value }) => value);
  }

  /** An endpoint that said it is gone stays off until its URL changes. */
  async disable(endpoint: string, url: string): Promise<void> {
    await this.#root.transaction(() => this.#disabled.putSync(endpoint, url));
  }

  isDisabled(endpoint: string, url: string): boolean {
    return this.#disabled.get(endpoint) === url;
  }

  counts(endpoint: string): QueueCounts {
    let oldestAtMs: number | undefined;
    // The first due are among the oldest; a look at some is enough for a gauge.
    for (const { value } of this.#due.getRange({ start: [endpoint, 0, ''], end: [endpoint, FOREVER, ''], limit: 1_000 })) {
      oldestAtMs = Math.min(oldestAtMs ?? FOREVER, value.enqueuedAtMs);
    }
    return { queued: this.#queued.get(endpoint) ?? 0, ...(this.#totals.get(endpoint) ?? ZERO), oldestAtMs };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#root.close();
  }

  /** Inside a transaction. */
  #park(endpoint: string, parked: ParkedDelivery): void {
    const totals = this.#totals.get(endpoint) ?? ZERO;
    if (totals.failed >= MAX_PARKED) {
      for (const key of Array.from(this.#parked.getKeys({ start: [endpoint, 0, ''], end: [endpoint, FOREVER, ''], limit: 1 }))) this.#parked.removeSync(key);
    }
    this.#parked.putSync([endpoint, parked.parkedAtMs, parked.id], parked);
    this.#totals.putSync(endpoint, { ...totals, failed: totals.failed + 1 });
  }

  #count(endpoint: string, change: number): void {
    this.#queued.set(endpoint, (this.#queued.get(endpoint) ?? 0) + change);
  }
}

function dueKey(delivery: Delivery): DueKey {
  return [delivery.endpoint, delivery.dueAtMs, delivery.id];
}
