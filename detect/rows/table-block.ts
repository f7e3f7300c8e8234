import { TABLES } from '../../contracts/tables.ts';
import { nativeBlock } from '../columns/native-block.ts';
import type { WritableColumn } from '../columns/native-block.ts';

/** Rows of a table as one Native block that shares no memory with the columns. `bytes`: about what the columns hold. */
export function tableBlock(table: 'events' | 'acts' | 'accesses', all: ReadonlyMap<string, WritableColumn>, rows: number, bytes: number): Buffer {
  const columns = TABLES[table].map(({ name, type }) => {
    const column = all.get(name);
    if (column === undefined) throw new TypeError(`contracts/tables.ts has a column of ${table} that the stage does not make: ${name}`);
    return { name, type, column };
  });
  return nativeBlock(columns, rows, bytes + 65_536);
}
