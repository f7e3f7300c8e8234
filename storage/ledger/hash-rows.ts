import type { ClickHouseClient } from '@clickhouse/client';
import { rawRows } from '../client/raw-rows.ts';

const ROW_BYTES = 40;
const HASH_BYTES = 32;

/** Sees a number and where its hash begins in `bytes`. */
export type OnHash = (key: number, bytes: Buffer, at: number) => void;

/** Rows of a number (UInt64) and a hash (FixedString(32)), in RowBinary: 40 bytes a row. `query` names the format. */
export async function eachHash(client: ClickHouseClient, query: string, parameters: Readonly<Record<string, unknown>>, onHash: OnHash): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of rawRows(client, { query, parameters })) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = bytes.length - (bytes.length % ROW_BYTES);
    for (let at = 0; at < end; at += ROW_BYTES) onHash(numberAt(bytes, at), bytes, at + ROW_BYTES - HASH_BYTES);
    rest = bytes.subarray(end);
  }
}

/**
 * The same with a String behind the hash: rows of 41 bytes where it is empty. `onText` sees the others.
 */
export async function eachHashAndText(client: ClickHouseClient, query: string, parameters: Readonly<Record<string, unknown>>, onHash: OnHash, onText: (key: number, text: string) => void): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of rawRows(client, { query, parameters })) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    for (let row = rowAt(bytes, at); row !== undefined; row = rowAt(bytes, at)) {
      const key = numberAt(bytes, at);
      onHash(key, bytes, at + ROW_BYTES - HASH_BYTES);
      if (row.to > row.from) onText(key, bytes.toString('utf8', row.from, row.to));
      at = row.to;
    }
    rest = bytes.subarray(at);
  }
}

/** Where the text of a row lies; undefined when the row is not there to its end. Its length is a LEB128 number before it. */
function rowAt(bytes: Buffer, at: number): { readonly from: number; readonly to: number } | undefined {
  let length = 0;
  for (let [i, scale] = [at + ROW_BYTES, 1]; i < bytes.length; i++, scale *= 128) {
    const byte = bytes[i] ?? 0;
    length += (byte & 127) * scale;
    if (byte < 128) return i + 1 + length <= bytes.length ? { from: i + 1, to: i + 1 + length } : undefined;
  }
  return undefined;
}

function numberAt(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 0x1_0000_0000;
}

/** Hashes of consecutive numbers, as they come in. */
export class HashRun {
  readonly first: number;
  readonly bytes: Buffer;
  readonly #seen: Uint8Array;
  #missing: number;

  constructor(first: number, count: number) {
    this.first = first;
    this.bytes = Buffer.alloc(count * HASH_BYTES);
    this.#seen = new Uint8Array(count);
    this.#missing = count;
  }

  get isWhole(): boolean {
    return this.#missing === 0;
  }

  /** Says whether the number had none yet and is one of the run; the first hash stays. */
  put(key: number, from: Buffer, at: number): boolean {
    const i = key - this.first;
    if (this.#seen[i] !== 0) return false;
    this.#seen[i] = 1;
    this.#missing -= 1;
    from.copy(this.bytes, i * HASH_BYTES, at, at + HASH_BYTES);
    return true;
  }

  has(key: number): boolean {
    return this.#seen[key - this.first] === 1;
  }

  /** The hash in place, to be changed there. */
  hashOf(key: number): Buffer {
    return this.bytes.subarray((key - this.first) * HASH_BYTES, (key - this.first + 1) * HASH_BYTES);
  }

  /** Runs of numbers that have none, as [from, to). */
  holes(): readonly (readonly [from: number, to: number])[] {
    const found: [number, number][] = [];
    for (const [i, seen] of this.#seen.entries()) {
      const last = found.at(-1);
      if (seen === 1) continue;
      if (last !== undefined && last[1] === this.first + i) last[1] += 1;
      else found.push([this.first + i, this.first + i + 1]);
    }
    return found;
  }
}
