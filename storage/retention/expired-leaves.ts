import { Readable } from 'node:stream';
import type { ClickHouseClient } from '@clickhouse/client';
import { insertSettings } from '../client/insert-statement.ts';
import { rawRows } from '../client/raw-rows.ts';
import type { ClusterWrites } from '../config.ts';
import { ExpiryDigest } from './expiry-digest.ts';
import { LEAVES_AT_ONCE } from './row-hashes.ts';
import type { HashedRows } from './row-hashes.ts';

const TILE_LEAVES = 256;
const HASH_BYTES = 32;
const INSERT_MOST_MS = 120_000;

interface ExpiredTile {
  readonly tile: number;
  readonly offsets: Buffer;
  readonly hashes: Buffer;
}

/** Rising leaf numbers cut into tiles of 256. */
function tilesOf({ leaves, hashes }: HashedRows): readonly ExpiredTile[] {
  const tiles: ExpiredTile[] = [];
  for (let from = 0; from < leaves.length; ) {
    const tile = Math.floor((leaves[from] ?? 0) / TILE_LEAVES);
    let to = from;
    while (to < leaves.length && Math.floor((leaves[to] ?? 0) / TILE_LEAVES) === tile) to++;
    tiles.push({ tile, offsets: Buffer.from(leaves.slice(from, to).map((leaf) => leaf % TILE_LEAVES)), hashes: hashes.subarray(from * HASH_BYTES, to * HASH_BYTES) });
    from = to;
  }
  return tiles;
}

/** A string or array of bytes as RowBinary writes it: the length as LEB128, then the bytes. */
function sized(bytes: Buffer): Buffer {
  const length: number[] = [];
  for (let n = bytes.length; ; n = Math.floor(n / 128)) {
    length.push(n < 128 ? n : (n % 128) + 128);
    if (n < 128) return Buffer.concat([Buffer.from(length), bytes]);
  }
}

export interface ExpiredRun {
  /** Of the expiry. */
  readonly id: string;
  readonly rows: HashedRows;
  readonly expiredAtMs: number;
  readonly cluster: ClusterWrites | undefined;
}

/**
 * Stores what is left of rows, one insert for a run of `rowHashes`: all of it or nothing. A repeat stores nothing twice:
 * what is there is passed over, and the token keeps out another process that does the same now.
 */
export async function storeExpiredLeaves(client: ClickHouseClient, { id, rows, expiredAtMs, cluster }: ExpiredRun): Promise<void> {
  const first = rows.leaves[0] ?? 0;
  const from = (first - (first % LEAVES_AT_ONCE)) / TILE_LEAVES;
  const there = await client.query({
    query: 'SELECT count() AS n FROM expired_leaves WHERE site = {site:String} AND tile >= {from:UInt64} AND tile < {to:UInt64} AND expiry = {id:String}',
    query_params: { site: rows.site, from, to: from + LEAVES_AT_ONCE / TILE_LEAVES, id }, format: 'JSONEachRow',
  });
  const [count] = await there.json<{ readonly n: string | number }>();
  if (Number(count?.n ?? 0) > 0) return;
  const at = Buffer.alloc(8);
  at.writeBigInt64LE(BigInt(expiredAtMs));
  const body = Buffer.concat(tilesOf(rows).flatMap(({ tile, offsets, hashes }) => {
    const number = Buffer.alloc(8);
    number.writeBigUInt64LE(BigInt(tile));
    return [sized(Buffer.from(rows.site)), number, sized(offsets), sized(hashes), sized(Buffer.from(id)), at];
  }));
  const { stream } = await client.exec({
    query: 'INSERT INTO expired_leaves (site, tile, offsets, hashes, expiry, expired_at) FORMAT RowBinary',
    values: Readable.from([body], { objectMode: false }),
    clickhouse_settings: insertSettings(`expired/${id}/${rows.site}/${from}`, INSERT_MOST_MS, cluster),
  });
  stream.resume();
  await new Promise((resolve, reject) => stream.once('close', resolve).once('error', reject));
}

/** The digest of what `expired_leaves` holds under an id, as any verifier computes it. */
export async function storedDigest(client: ClickHouseClient, id: string): Promise<{ readonly rows: number; readonly digest: Buffer }> {
  const digest = new ExpiryDigest();
  const query = 'SELECT toString(site), tile, offsets, hashes FROM expired_leaves WHERE expiry = {id:String} ORDER BY site, tile FORMAT RowBinary';
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of rawRows(client, { query, parameters: { id } })) {
    rest = addRows(digest, rest.length === 0 ? chunk : Buffer.concat([rest, chunk]));
  }
  return { rows: digest.rows, digest: digest.value() };
}

/** Adds the whole rows at the beginning; returns what follows them. */
function addRows(digest: ExpiryDigest, bytes: Buffer): Buffer {
  for (let at = 0; ; ) {
    const site = field(bytes, at);
    const offsets = field(bytes, (site?.end ?? Infinity) + 8);
    const hashes = field(bytes, offsets?.end ?? Infinity);
    if (site === undefined || offsets === undefined || hashes === undefined) return bytes.subarray(at);
    const tile = Number(bytes.readBigUInt64LE(site.end));
    offsets.bytes.forEach((offset, i) => digest.add(site.bytes.toString(), tile * TILE_LEAVES + offset, hashes.bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES)));
    at = hashes.end;
  }
}

/** Undefined when not all of it is there yet. */
function field(bytes: Buffer, from: number): { readonly bytes: Buffer; readonly end: number } | undefined {
  let length = 0;
  let at = from;
  for (let factor = 1; ; factor *= 128) {
    const byte = bytes[at++];
    if (byte === undefined) return undefined;
    length += (byte % 128) * factor;
    if (byte < 128) break;
  }
  return at + length > bytes.length ? undefined : { bytes: bytes.subarray(at, at + length), end: at + length };
}
