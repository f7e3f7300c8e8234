import { GrowingBytes } from './growing-bytes.ts';

/** What a Native block asks of a column. */
export interface WritableColumn {
  write(out: GrowingBytes): void;
}

export interface NamedColumn {
  readonly name: string;
  /** As DESCRIBE TABLE prints it. */
  readonly type: string;
  readonly column: WritableColumn;
}

/**
 * One block of ClickHouse's Native format: varint columns, varint rows, then for each column name, type and values.
 * clickhouse.com/docs/interfaces/formats/Native; the bytes do not share memory with the columns.
 */
export function nativeBlock(columns: readonly NamedColumn[], rows: number, capacityBytes: number): Buffer {
  const out = new GrowingBytes(capacityBytes);
  out.varint(columns.length);
  out.varint(rows);
  for (const { name, type, column } of columns) {
    out.text(name);
    out.text(type);
    column.write(out);
  }
  return out.view();
}
