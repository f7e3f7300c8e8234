import type { ClickHouseClient } from '@clickhouse/client';
import { LEAF_SQL } from '../../contracts/leaf.ts';
import { rawRows } from '../client/raw-rows.ts';

/** Leaf hashes of consecutive leaf numbers, 32 bytes each. */
export interface LeafRun {
  readonly hashes: Buffer;
  /** The leaf number that broke the sequence after `hashes`; nothing follows it. */
  readonly irregular: number | undefined;
}

const ROW_BYTES = 40;

/**
 * Leaf hashes derived from the stored rows `from <= leaf < to`, in order. The wire format is RowBinary: the leaf
 * number (UInt64, little endian), then FixedString(32).
 */
export async function* storedLeaves(client: ClickHouseClient, site: string, from: number, to: number): AsyncGenerator<LeafRun> {
  const chunks = rawRows(client, {
    query: `SELECT leaf, ${LEAF_SQL} AS hash FROM events WHERE site = {site:String} AND leaf >= {from:UInt64} AND leaf < {to:UInt64} ORDER BY site, leaf FORMAT RowBinary`,
    parameters: { site, from, to },
  });
  let expected = from;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const rows = Math.floor(bytes.length / ROW_BYTES);
    const run = consecutive(bytes, rows, expected);
    yield run;
    if (run.irregular !== undefined) return;
    expected += rows;
    rest = bytes.subarray(rows * ROW_BYTES);
  }
}

function consecutive(bytes: Buffer, rows: number, expected: number): LeafRun {
  const hashes = Buffer.allocUnsafe(rows * 32);
  for (let i = 0; i < rows; i++) {
    const at = i * ROW_BYTES;
    const leaf = bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 0x1_0000_0000;
    if (leaf !== expected + i) return { hashes: hashes.subarray(0, i * 32), irregular: leaf };
    bytes.copy(hashes, i * 32, at + 8, at + ROW_BYTES);
  }
  return { hashes, irregular: undefined };
}
