import type { ControlEntry } from '../../contracts/event-log.ts';
import { decodeControl } from './control-record.ts';
import type { StoredRecord } from './record-batch.ts';

interface KeptEntry extends ControlEntry {
  readonly claimed: boolean;
}

/**
 * What a control stream says, folded record by record from its start: the same on every handle that folded as far,
 * whether it began before a trim or after. Its memory grows with the keys that are claimed and with `maxCachedBytes`.
 *
 * The first claim of a key wins; later ones are its rivals and no entries. A trim ends the claims below it and, for all
 * time, their rivals so far: a rival must not come back as a winner on a handle that starts after the winner. Such a
 * handle cannot know, so whoever trims names these rivals in a void record before the winners are let go of.
 */
export class ControlFold {
  readonly #maxCachedBytes: number;
  readonly #winners = new Map<string, number>();
  /** Ascending. */
  readonly #rivals = new Map<string, number[]>();
  /** Ascending claims that lost to a winner which is gone. */
  #dead: number[] = [];
  #cache: KeptEntry[] = [];
  #cachedBytes = 0;
  #cachedFrom = 0;
  #start = 0;
  #next = 0;
  #settlesAt = 0;

  constructor(maxCachedBytes: number) {
    this.#maxCachedBytes = maxCachedBytes;
  }

  /** Everything below was folded. */
  get next(): number {
    return this.#next;
  }

  /** Nothing below counts. */
  get start(): number {
    return this.#start;
  }

  /** Until as much was folded, rivals of a winner that a trim took may pass for winners: nothing may be answered. */
  get settlesAt(): number {
    return this.#settlesAt;
  }

  /** Entries from here on are cached. */
  get cachedFrom(): number {
    return this.#cachedFrom;
  }

  /** Rivals that a trim must name. */
  get dead(): readonly number[] {
    return this.#dead;
  }

  winner(key: string): number | undefined {
    return this.#winners.get(key);
  }

  /** Records that were folded before change nothing. */
  apply(stored: StoredRecord): void {
    if (stored.offset < this.#next) return;
    const record = decodeControl(stored);
    this.#next = record.offset + 1;
    switch (record.kind) {
      case 'append':
        this.#keep({ ...entryOf(record), claimed: false });
        return;
      case 'claim':
        this.#claim(record.key, record.offset);
        this.#keep({ ...entryOf(record), claimed: true });
        return;
      case 'trim':
        this.#trim(record.before);
        return;
      case 'void':
        for (const offset of record.offsets) this.#kill(offset);
        return;
      case 'foreign':
        return;
      default:
        record satisfies never;
    }
  }

  /** Offsets up to `next` hold no record. */
  skipTo(next: number): void {
    this.#next = Math.max(this.#next, next);
  }

  /**
   * The stream was found to begin here: by a trim, or by an operator. Rivals may win now; the trim that says which may not
   * stands anywhere up to `end`, where the stream ended then.
   */
  begin(start: number, end: number): void {
    if (start <= this.#start) return;
    this.#settlesAt = Math.max(this.#settlesAt, end);
    this.#forget(start);
    for (const [key, winner] of this.#winners) if (winner < start) this.#promote(key, (offset) => offset >= start);
    this.skipTo(start);
  }

  /** Cached entries from `from` on, at most `max`. */
  entries(from: number, max: number): readonly ControlEntry[] {
    const found: ControlEntry[] = [];
    for (let i = this.#indexOf(from); i < this.#cache.length && found.length < max; i++) {
      const entry = this.#cache[i];
      if (entry !== undefined && this.#counts(entry)) found.push(entryOf(entry));
    }
    return found;
  }

  /** Of records fetched again: the entries among them. */
  entriesOf(stored: readonly StoredRecord[]): readonly ControlEntry[] {
    return stored.map(decodeControl).flatMap((record) => (record.kind === 'append' || record.kind === 'claim') && this.#counts({ ...entryOf(record), claimed: record.kind === 'claim' }) ? [entryOf(record)] : []);
  }

  #counts({ offset, key, claimed }: KeptEntry): boolean {
    return offset >= this.#start && (!claimed || this.#winners.get(key) === offset);
  }

  #claim(key: string, offset: number): void {
    if (this.#winners.has(key)) this.#rivals.set(key, [...(this.#rivals.get(key) ?? []), offset]);
    else this.#winners.set(key, offset);
  }

  #trim(before: number): void {
    for (const [key, winner] of this.#winners) {
      if (winner >= before) continue;
      this.#dead.push(...(this.#rivals.get(key) ?? []));
      this.#winners.delete(key);
      this.#rivals.delete(key);
    }
    this.#forget(before);
  }

  /** One that never saw the winner took it for one. Where the winner was seen, it is dead already. */
  #kill(offset: number): void {
    for (const [key, winner] of this.#winners) {
      if (winner === offset) this.#promote(key, (rival) => rival > offset);
      const rivals = this.#rivals.get(key);
      if (rivals?.includes(offset) === true) this.#rivals.set(key, rivals.filter((rival) => rival !== offset));
    }
    if (!this.#dead.includes(offset) && offset >= this.#start) this.#dead.push(offset);
  }

  #promote(key: string, fits: (rival: number) => boolean): void {
    const [winner, ...rivals] = (this.#rivals.get(key) ?? []).filter(fits);
    this.#rivals.delete(key);
    if (winner === undefined) this.#winners.delete(key);
    else this.#winners.set(key, winner);
    if (rivals.length > 0) this.#rivals.set(key, rivals);
  }

  #forget(start: number): void {
    this.#start = Math.max(this.#start, start);
    this.#dead = this.#dead.filter((offset) => offset >= this.#start);
    this.#evict(this.#indexOf(this.#start), this.#start);
  }

  #keep(entry: KeptEntry): void {
    this.#cache.push(entry);
    this.#cachedBytes += bytesOf(entry);
    let count = 0;
    for (let over = this.#cachedBytes - this.#maxCachedBytes; over > 0 && count < this.#cache.length - 1; count++) over -= bytesOf(this.#cache[count] ?? entry);
    // Some more than needed, so that not each entry moves all others.
    if (count > 0) this.#evict(Math.min(this.#cache.length - 1, count + (this.#cache.length >> 3)));
  }

  #evict(count: number, from = (this.#cache[count - 1]?.offset ?? -1) + 1): void {
    for (const entry of this.#cache.splice(0, count)) this.#cachedBytes -= bytesOf(entry);
    this.#cachedFrom = Math.max(this.#cachedFrom, from);
  }

  /** Of the first cached entry at or after `from`. */
  #indexOf(from: number): number {
    let low = 0;
    let high = this.#cache.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#cache[middle]?.offset ?? Infinity) < from) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function entryOf({ offset, key, value }: ControlEntry): ControlEntry {
  return { offset, key, value };
}

/** Of two-byte letters, with what an object takes. */
function bytesOf({ key, value }: ControlEntry): number {
  return 2 * (key.length + value.length) + 128;
}
