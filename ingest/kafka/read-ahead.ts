import type { LogRecord, ReadLimits } from '../../contracts/event-log.ts';
import type { Fetched } from './partition-requests.ts';
import type { StoredRecord } from './record-batch.ts';

/** When nobody reads on or waits for so long, what was fetched ahead is let go of. */
const FORGOTTEN_AFTER_MS = 30_000;

/**
 * What was fetched of one partition and not yet asked for: everything from `#from` to `next`, without holes. It moves
 * along with a reader that goes on where it was; a jump empties it.
 */
export class ReadAhead {
  readonly topic: string;
  readonly partition: number;
  /** Where the next fetch goes on. */
  next = 0;
  /** As the last answer said. */
  highWatermark = 0;
  #from = 0;
  #records: StoredRecord[] = [];
  #bytes = 0;
  #following = false;
  #usedMs = 0;
  readonly #waiting = new Set<() => void>();

  constructor(topic: string, partition: number) {
    this.topic = topic;
    this.partition = partition;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Whether somebody reads on from here. */
  following(nowMs: number): boolean {
    if (this.#following && this.#waiting.size === 0 && nowMs - this.#usedMs > FORGOTTEN_AFTER_MS) {
      this.#following = false;
      this.#set([], this.next);
    }
    return this.#following;
  }

  /** Whether what is fetched, or fetched next, is what follows `from`. */
  covers(from: number): boolean {
    return this.#following && from >= this.#from && from <= this.next;
  }

  has(from: number): boolean {
    return this.covers(from) && (this.#records.at(-1)?.offset ?? -1) >= from;
  }

  /** From now on fetched from `next` on, after `records`, which come before it. */
  follow(from: number, records: readonly StoredRecord[], next: number, nowMs: number): void {
    this.#set([...records], from);
    this.next = next;
    this.#following = true;
    this.#usedMs = nowMs;
  }

  /** The log does not go on from `next`: it was trimmed beyond, or ends before. */
  stop(): void {
    this.#following = false;
    this.#set([], this.next);
    this.wake();
  }

  /** What lies below was trimmed. */
  forget(before: number): void {
    if (before > this.next) this.stop();
    else if (before > this.#from) this.#set(this.#records.filter(({ offset }) => offset >= before), before);
  }

  /** Takes out what the limits allow; empty when nothing is there yet. Only where `covers(from)`. */
  take(from: number, limits: ReadLimits, nowMs: number): readonly LogRecord[] {
    this.#usedMs = nowMs;
    const skipped = this.#records.findIndex(({ offset }) => offset >= from);
    const { taken, rest } = within(skipped === -1 ? [] : this.#records.slice(skipped), limits);
    const last = taken.at(-1);
    this.#set(rest, last === undefined ? from : last.offset + 1);
    return taken.map((record) => logRecordOf(this.partition, record));
  }

  /** What came for a fetch from `offset` on; useless after a jump. */
  deliver(offset: number, { records, next, highWatermark }: Fetched): void {
    if (!this.#following || offset !== this.next) return;
    this.highWatermark = highWatermark;
    this.next = next;
    if (records.length === 0) return;
    // Pushing one by one: an answer may hold more records than a call takes arguments.
    for (const record of records) this.#push(record);
    this.wake();
  }

  /** Calls back when records come, or when the log is closed. Returns how to stop. */
  onRecords(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => this.#waiting.delete(wake);
  }

  wake(): void {
    for (const wake of this.#waiting) wake();
  }

  #push(record: StoredRecord): void {
    this.#records.push(record);
    this.#bytes += bytesOf(record);
  }

  #set(records: StoredRecord[], from: number): void {
    this.#records = records;
    this.#bytes = records.reduce((sum, record) => sum + bytesOf(record), 0);
    this.#from = from;
  }
}

function bytesOf({ key, value }: StoredRecord): number {
  return key.length + value.length;
}

/** The first record always fits. */
export function within(records: readonly StoredRecord[], { maxRecords, maxBytes }: ReadLimits): { readonly taken: StoredRecord[]; readonly rest: StoredRecord[] } {
  let bytes = 0;
  const beyond = records.findIndex(({ value }, i) => {
    bytes += value.length;
    return i >= maxRecords || (i > 0 && bytes > maxBytes);
  });
  return beyond === -1 ? { taken: [...records], rest: [] } : { taken: records.slice(0, beyond), rest: records.slice(beyond) };
}

export function logRecordOf(partition: number, { offset, key, value }: StoredRecord): LogRecord {
  return { partition, position: offset, key: key.toString(), value };
}
