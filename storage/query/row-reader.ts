/** Reads values of ClickHouse's RowBinary format, one after the other, out of a buffer. Integers are little endian. */
export class RowReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Bytes read so far. */
  get at(): number {
    return this.#at;
  }

  /** UInt64 or Int64 that a double holds exactly. Undefined when the buffer ends before it does. */
  integer(): number | undefined {
    if (this.#at + 8 > this.#bytes.length) return undefined;
    const value = this.#bytes.readUInt32LE(this.#at) + this.#bytes.readInt32LE(this.#at + 4) * 0x1_0000_0000;
    this.#at += 8;
    return value;
  }

  /** String: its length as LEB128, then UTF-8. Undefined when the buffer ends before it does. */
  text(): string | undefined {
    let length = 0;
    let at = this.#at;
    for (let shift = 1; ; shift *= 128) {
      const byte = this.#bytes[at++];
      if (byte === undefined) return undefined;
      length += (byte & 127) * shift;
      if (byte < 128) break;
    }
    if (at + length > this.#bytes.length) return undefined;
    this.#at = at + length;
    return this.#bytes.toString('utf8', at, at + length);
  }
}

/** Rows of a RowBinary stream, a list a chunk. `read` gives undefined when the reader does not hold the whole row yet. */
export async function* rowsOf<Row>(chunks: AsyncIterable<Buffer>, read: (reader: RowReader) => Row | undefined): AsyncGenerator<readonly Row[]> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const reader = new RowReader(bytes);
    const rows: Row[] = [];
    let whole = 0;
    for (let row = read(reader); row !== undefined; row = read(reader)) {
      rows.push(row);
      whole = reader.at;
    }
    rest = bytes.subarray(whole);
    if (rows.length > 0) yield rows;
  }
}
