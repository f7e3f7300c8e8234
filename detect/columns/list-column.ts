import { DictionaryColumn } from './dictionary-column.ts';
import type { GrowingBytes } from './growing-bytes.ts';
import { NumberColumn } from './number-column.ts';

/** Array(LowCardinality(String)): dictionary prefix, end offset of each row, then the values of all rows. */
export class ListColumn {
  private readonly ends = new NumberColumn('UInt64');
  private readonly values = new DictionaryColumn();

  push(texts: readonly string[]): void {
    for (const text of texts) this.values.push(text);
    this.ends.push(this.values.rows);
  }

  /** The same list `count` times. */
  run(texts: readonly string[], count: number): void {
    if (texts.length === 0) this.ends.run(this.values.rows, count);
    else for (let i = 0; i < count; i++) this.push(texts);
  }

  /** Empty lists up to so many rows. */
  pad(rows: number): void {
    this.ends.run(this.values.rows, rows - this.ends.rows);
  }

  write(out: GrowingBytes): void {
    this.values.writePrefix(out);
    this.ends.write(out);
    this.values.writeRows(out);
  }

  clear(): void {
    this.ends.clear();
    this.values.clear();
  }
}
