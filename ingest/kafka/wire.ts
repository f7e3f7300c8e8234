/** Numbers are big-endian; strings and arrays are led by their count (https://kafka.apache.org/protocol#protocol_types). */
export class WireWriter {
  readonly #parts: Buffer[] = [];

  int8(value: number): this {
    return this.#push(1, (bytes) => bytes.writeInt8(value));
  }

  int16(value: number): this {
    return this.#push(2, (bytes) => bytes.writeInt16BE(value));
  }

  int32(value: number): this {
    return this.#push(4, (bytes) => bytes.writeInt32BE(value));
  }

  int64(value: number): this {
    return this.#push(8, (bytes) => bytes.writeBigInt64BE(BigInt(value)));
  }

  string(value: string): this {
    const bytes = Buffer.from(value);
    return this.int16(bytes.length).raw(bytes);
  }

  /** As it is, not copied. */
  raw(bytes: Buffer): this {
    this.#parts.push(bytes);
    return this;
  }

  array<T>(items: readonly T[], write: (item: T) => void): this {
    this.int32(items.length);
    for (const item of items) write(item);
    return this;
  }

  get parts(): readonly Buffer[] {
    return this.#parts;
  }

  #push(length: number, write: (bytes: Buffer) => void): this {
    const bytes = Buffer.allocUnsafe(length);
    write(bytes);
    this.#parts.push(bytes);
    return this;
  }
}

/** Reading beyond the end throws a RangeError. */
export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#step(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#step(4));
  }

  /** Offsets and times: far below 2^53. */
  int64(): number {
    return Number(this.#bytes.readBigInt64BE(this.#step(8)));
  }

  string(): string {
    const length = this.int16();
    return this.#take(length).toString();
  }

  /** Null is empty. A view. */
  bytes(): Buffer {
    return this.#take(this.int32());
  }

  array<T>(read: () => T): readonly T[] {
    const items: T[] = [];
    for (let count = this.int32(); count > 0; count--) items.push(read());
    return items;
  }

  #take(length: number): Buffer {
    const start = this.#step(Math.max(0, length));
    if (this.#at > this.#bytes.length) throw new RangeError('the answer is cut off');
    return this.#bytes.subarray(start, this.#at);
  }

  #step(length: number): number {
    const start = this.#at;
    this.#at += length;
    return start;
  }
}

export interface WireRequest {
  readonly apiKey: number;
  readonly apiName: string;
  readonly apiVersion: number;
  readonly parts: readonly Buffer[];
}

/** Items by topic, which is how requests list partitions. */
export function byTopic<T extends { readonly topic: string }>(items: readonly T[]): readonly (readonly [topic: string, items: readonly T[]])[] {
  return [...Map.groupBy(items, ({ topic }) => topic)];
}
