import { GrowingBytes } from './growing-bytes.ts';

/** Version of the key serialization, a state prefix: SharedDictionariesWithAdditionalKeys. */
const KEYS_VERSION = 1;
/** Flags beside the index type: the dictionary follows with the rows. */
const HAS_ADDITIONAL_KEYS = 1 << 9;

/**
 * LowCardinality(String) as the Native format writes it:
 *
 *     u64 1 | u64 index type and flags | u64 keys | keys | u64 rows | index of each row
 *
 * Index type 0, 1, 2 is one, two, four bytes. Without rows only the first word stands.
 */
export class DictionaryColumn {
  rows = 0;
  private readonly keys = new Map<string, number>();
  private readonly keyBytes = new GrowingBytes();
  private indexes = new Uint32Array(1024);

  private indexOf(text: string): number {
    const known = this.keys.get(text);
    if (known !== undefined) return known;
    const index = this.keys.size;
    this.keys.set(text, index);
    this.keyBytes.text(text);
    return index;
  }

  private reserve(more: number): void {
    if (this.rows + more <= this.indexes.length) return;
    const grown = new Uint32Array(Math.max(this.rows + more, this.indexes.length * 2));
    grown.set(this.indexes);
    this.indexes = grown;
  }

  push(text: string): void {
    this.reserve(1);
    this.indexes[this.rows++] = this.indexOf(text);
  }

  /** The same value `count` times. */
  run(text: string, count: number): void {
    if (count === 0) return;
    this.reserve(count);
    this.indexes.fill(this.indexOf(text), this.rows, this.rows + count);
    this.rows += count;
  }

  writePrefix(out: GrowingBytes): void {
    out.u64(KEYS_VERSION);
  }

  writeRows(out: GrowingBytes): void {
    if (this.rows === 0) return;
    const used = this.indexes.subarray(0, this.rows);
    const type = this.keys.size <= 0x100 ? 0 : this.keys.size <= 0x10000 ? 1 : 2;
    out.u64(type | HAS_ADDITIONAL_KEYS);
    out.u64(this.keys.size);
    out.append(this.keyBytes.view());
    out.u64(this.rows);
    if (type === 0) out.append(Uint8Array.from(used));
    else if (type === 1) out.append(new Uint8Array(Uint16Array.from(used).buffer));
    else out.append(new Uint8Array(used.buffer, 0, this.rows * 4));
  }

  write(out: GrowingBytes): void {
    this.writePrefix(out);
    this.writeRows(out);
  }

  clear(): void {
    this.rows = 0;
    this.keys.clear();
    this.keyBytes.clear();
  }
}
