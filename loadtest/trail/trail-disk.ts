import { setTimeout as sleep } from 'node:timers/promises';
import { constants, zstdCompressSync } from 'node:zlib';
import type { ClickHouseClient } from '@clickhouse/client';
import { numberOf, rowsOf } from '../store-reader.ts';

export interface TrailDisk {
  /** Bytes on disk of each table. */
  readonly tables: Readonly<Record<string, number>>;
  readonly total: number;
  /** Compressed bytes of a masked line, by a sample: small parts do not say what a column of theirs weighs. */
  readonly line: number;
}

const SAMPLE_LINES = 30_000;
/** What ClickHouse compresses at once, at most. */
const COMPRESSED_AT_ONCE = 1024 ** 2;
const SETTLE_MOST_MS = 120_000;

/** Waits until merges have caught up, as a store at rest has: otherwise small parts count. */
async function untilSettled(client: ClickHouseClient): Promise<void> {
  const startedAt = performance.now();
  for (let quiet = 0; quiet < 3 && performance.now() - startedAt < SETTLE_MOST_MS;) {
    quiet = (await numberOf(client, 'SELECT count() AS n FROM system.merges')) === 0 ? quiet + 1 : 0;
    await sleep(1_000);
  }
}

/** Neighbours of the tree stand together in the store and are compressed together. */
async function compressedLine(client: ClickHouseClient, site: string): Promise<number> {
  const rows = await rowsOf<{ readonly line: string }>(client, 'SELECT line FROM tourniquet.events WHERE site = {site:String} AND leaf < {lines:UInt32} ORDER BY site, leaf', { site, lines: SAMPLE_LINES });
  const text = Buffer.from(rows.map(({ line }) => line).join(''));
  let bytes = 0;
  for (let at = 0; at < text.length; at += COMPRESSED_AT_ONCE) bytes += zstdCompressSync(text.subarray(at, at + COMPRESSED_AT_ONCE), { params: { [constants.ZSTD_c_compressionLevel]: 1 } }).length;
  return bytes / rows.length;
}

export async function diskOf(client: ClickHouseClient, site: string): Promise<TrailDisk> {
  await untilSettled(client);
  const rows = await rowsOf<{ readonly table: string; readonly bytes: number }>(client, "SELECT table, sum(bytes_on_disk) AS bytes FROM system.parts WHERE database = 'tourniquet' AND active GROUP BY table ORDER BY bytes DESC");
  const tables = Object.fromEntries(rows.map(({ table, bytes }) => [table, Number(bytes)]));
  return { tables, total: rows.reduce((sum, { bytes }) => sum + Number(bytes), 0), line: await compressedLine(client, site) };
}
