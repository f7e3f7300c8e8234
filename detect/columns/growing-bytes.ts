/** Bytes that grow; the memory is kept over `clear`, so that a long run allocates nothing. */
export class GrowingBytes {
  bytes: Buffer;
  length = 0;

  constructor(capacity = 4096) {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
  }

  /** Makes room for `more` bytes. */
  reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }

  /** LEB128, as ClickHouse writes lengths. */
  varint(value: number): void {
    this.reserve(10);
    let rest = value;
    while (rest >= 128) {
      this.bytes[this.length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.length++] = rest;
  }

  u64(value: number): void {
    this.reserve(8);
    this.bytes.writeUInt32LE(value % 0x100000000, this.length);
    this.bytes.writeUInt32LE(Math.floor(value / 0x100000000), this.length + 4);
    this.length += 8;
  }

  /** Length and UTF-8 of a text. Short ASCII is written here: a call into the runtime costs more than the loop. */
  text(text: string): void {
    const units = text.length;
    this.reserve(units * 3 + 10);
    if (units < 64) {
      const { bytes } = this;
      const start = this.length + 1;
      let i = 0;
      for (; i < units; i++) {
        const code = text.charCodeAt(i);
        if (code > 127) break;
        bytes[start + i] = code;
      }
      if (i === units) {
        bytes[this.length] = units;
        this.length = start + units;
        return;
      }
    }
    const size = Buffer.byteLength(text);
    this.varint(size);
    this.length += this.bytes.write(text, this.length, 'utf8');
  }

  append(source: Uint8Array): void {
    this.reserve(source.length);
    this.bytes.set(source, this.length);
    this.length += source.length;
  }

  view(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }
}
