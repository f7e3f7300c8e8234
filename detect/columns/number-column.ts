import type { GrowingBytes } from './growing-bytes.ts';

/** Words a value takes: UInt16 is kept in one word and narrowed at the end. */
export type NumberType = 'UInt16' | 'UInt32' | 'UInt64' | 'DateTime64';

const HIGH = 0x100000000;

/** Whole numbers of 0 to 2^53 - 1; DateTime64(3) takes milliseconds since 1970. The caller clamps. */
export class NumberColumn {
  readonly type: NumberType;
  rows = 0;
  private readonly width: 1 | 2;
  /** Low word before high word, as the format has it on every machine this runs on. */
  private words: Uint32Array;

  constructor(type: NumberType) {
    this.type = type;
    this.width = type === 'UInt64' || type === 'DateTime64' ? 2 : 1;
    this.words = new Uint32Array(1024 * this.width);
  }

  private reserve(more: number): void {
    const needed = (this.rows + more) * this.width;
    if (needed <= this.words.length) return;
    const words = new Uint32Array(Math.max(needed, this.words.length * 2));
    words.set(this.words);
    this.words = words;
  }

  push(value: number): void {
    this.run(value, 1);
  }

  /** The same value `count` times. */
  run(value: number, count: number): void {
    this.reserve(count);
    const { words, width, rows } = this;
    this.rows += count;
    if (width === 1) {
      words.fill(value, rows, this.rows);
      return;
    }
    for (let at = rows * 2; at < this.rows * 2; at += 2) {
      words[at] = value;
      words[at + 1] = value / HIGH;
    }
  }

  /** `first`, `first` + 1, … of a 64-bit type. */
  range(first: number, count: number): void {
    this.reserve(count);
    const { words } = this;
    for (let at = this.rows * 2, value = first; value < first + count; at += 2, value++) {
      words[at] = value;
      words[at + 1] = value / HIGH;
    }
    this.rows += count;
  }

  write(out: GrowingBytes): void {
    const used = this.words.subarray(0, this.rows * this.width);
    if (this.type === 'UInt16') out.append(new Uint8Array(Uint16Array.from(used).buffer));
    else out.append(new Uint8Array(used.buffer, 0, used.byteLength));
  }

  clear(): void {
    this.rows = 0;
  }
}
