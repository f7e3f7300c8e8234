import type { ClickHouseClient } from '@clickhouse/client';
import { RUN_LEAVES } from '../../contracts/tile.ts';
import { rawRows } from '../client/raw-rows.ts';
import { eachHash, HashRun } from './hash-rows.ts';

const RUNS_BYTES = RUN_LEAVES * 32;
const ROW_BYTES = 8 + RUNS_BYTES;

/** Their numbers stand in the statement, which has a greatest length. */
const TILES_PER_QUERY = 8_192;

/** Stored roots of the tiles `from` to `to` (not included), as far as there are any. What is no hash becomes another one: then the root tells. */
export async function readNodeRows(client: ClickHouseClient, site: string, from: number, to: number): Promise<HashRun> {
  const run = new HashRun(from, to - from);
  const query = `SELECT tile, toFixedString(substring(tryBase64Decode(hash), 1, 32), 32) AS bytes FROM nodes
    WHERE site = {site:String} AND tile >= {from:UInt64} AND tile < {to:UInt64} ORDER BY site, tile, hash FORMAT RowBinary`;
  await eachHash(client, query, { site, from, to }, (tile, bytes, at) => void run.put(tile, bytes, at));
  return run;
}

/** Of these tiles, rising, the stored roots of their 16 runs, 32 bytes each, as far as there are any. As little to be trusted. */
export async function readRunRoots(client: ClickHouseClient, site: string, tiles: readonly number[]): Promise<ReadonlyMap<number, Buffer>> {
  const found = new Map<number, Buffer>();
  for (let at = 0; at < tiles.length; at += TILES_PER_QUERY) {
    const some = tiles.slice(at, at + TILES_PER_QUERY);
    const query = `SELECT tile, toFixedString(runs, ${RUNS_BYTES}) FROM (
        SELECT tile, tryBase64Decode(roots) AS runs FROM nodes WHERE site = {site:String} AND tile >= {from:UInt64} AND tile <= {to:UInt64} AND tile IN (${some.join(',')})
      ) WHERE length(runs) = ${RUNS_BYTES} FORMAT RowBinary`;
    const bytes = Buffer.concat(await Array.fromAsync(rawRows(client, { query, parameters: { site, from: some[0], to: some.at(-1) } })));
    for (let row = 0; row + ROW_BYTES <= bytes.length; row += ROW_BYTES) found.set(Number(bytes.readBigUInt64LE(row)), bytes.subarray(row + 8, row + ROW_BYTES));
  }
  return found;
}
