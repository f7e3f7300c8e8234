import type { ClickHouseClient } from '@clickhouse/client';
import { LEAF_SQL } from '../../contracts/leaf.ts';
import { rawRows } from '../client/raw-rows.ts';

const HASH_BYTES = 32;
/** A row of RowBinary: the leaf number (UInt64, little endian), then FixedString(32). */
const ROW_BYTES = 40;
/** Doubled rows of one window that are told apart; further ones change nothing. */
const MOST_DOUBLED = 1_000;

export interface LeafRange {
  readonly from: number;
  readonly to: number;
}

/** Leaf hashes of the rows `from <= leaf < to`, each in its place. */
export interface LeafWindow extends LeafRange {
  /** 32 bytes a leaf; of no meaning where nothing is present. */
  readonly hashes: Buffer;
  /** One a leaf: 0 absent, 1 a row, 2 what is left of a row that expired. */
  readonly present: Uint8Array;
  /** Leaves with more than one row, rising. */
  readonly doubled: readonly number[];
}

/** The engine hashes in the order in which it reads: putting rows in order before they are hashed would cost as much again. */
export async function leafWindow(client: ClickHouseClient, site: string, { from, to }: LeafRange): Promise<LeafWindow> {
  const chunks = rawRows(client, {
    query: `SELECT leaf, ${LEAF_SQL} AS hash FROM events WHERE site = {site:String} AND leaf >= {from:UInt64} AND leaf < {to:UInt64} FORMAT RowBinary`,
    parameters: { site, from, to },
  });
  const hashes = Buffer.alloc((to - from) * HASH_BYTES);
  const present = new Uint8Array(to - from);
  const doubled = new Set<number>();
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = bytes.length - (bytes.length % ROW_BYTES);
    for (let at = 0; at < end; at += ROW_BYTES) {
      const slot = bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 0x1_0000_0000 - from;
      if (present[slot] === 1 && doubled.size < MOST_DOUBLED) doubled.add(from + slot);
      present[slot] = 1;
      bytes.copy(hashes, slot * HASH_BYTES, at + 8, at + ROW_BYTES);
    }
    rest = bytes.subarray(end);
  }
  return { from, to, hashes, present, doubled: [...doubled].toSorted((a, b) => a - b) };
}

/** Windows of the ranges in their order; `lanes` are read side by side, so that the engine works on all of its cores. */
export async function* leafWindows(client: ClickHouseClient, site: string, ranges: readonly LeafRange[], leavesPerQuery: number, lanes: number): AsyncGenerator<LeafWindow> {
  const pieces = ranges.flatMap(({ from, to }) => Array.from({ length: Math.ceil((to - from) / leavesPerQuery) }, (_, i) => ({ from: from + i * leavesPerQuery, to: Math.min(to, from + (i + 1) * leavesPerQuery) })));
  const reading: Promise<LeafWindow>[] = [];
  let next = 0;
  try {
    for (let at = 0; at < pieces.length; at++) {
      for (; next < pieces.length && reading.length < lanes; next++) {
        const piece = pieces[next];
        if (piece === undefined) break;
        const window = leafWindow(client, site, piece);
        // Awaited in its turn; until then its failure is nobody's.
        window.catch(() => {});
        reading.push(window);
      }
      const window = await reading.shift();
      if (window !== undefined) yield window;
    }
  } finally {
    await Promise.allSettled(reading);
  }
}
