import type { Database, RootDatabase } from 'lmdb';
import type { LogBounds } from '../../contracts/event-log.ts';
import { LogError } from './errors.ts';

/**
 * Streams of records in one LMDB environment: two a partition (blocks, observations), control stream and registry. Layout, all integers big endian:
 *
 *     records   u16 stream | u48 position          ->  value
 *     state     "s" | u16 stream                   ->  u48 first | u48 next      (kept when every record is trimmed)
 *     state     "used"                             ->  u48 bytes of all records, as LMDB pages count them
 *     state     "b" | u16 stream                   ->  u48 bytes of its records   (of observations, see record-share.ts)
 *     claims    claim key, UTF-8                   ->  u48 position in the control stream
 *
 * Positions are handed out inside write transactions, so they are right whichever process writes. They are dense.
 */
export interface RecordStore {
  readonly root: RootDatabase;
  readonly records: Database<Buffer, Buffer>;
  readonly state: Database<Buffer, Buffer>;
  readonly claims: Database<Buffer, Buffer>;
  readonly maxBytes: number;
  /** Bytes used, of the write transaction that runs. */
  readonly transaction: { usedBytes: number };
}

/** How a stream's records come and go. Both inside a write transaction. */
export interface StreamWriter {
  /** Returns the record's position. */
  append(stream: number, record: Buffer): number;
  /** Removes up to `most` records below `before`; true when none is left. */
  trim(stream: number, before: number, most: number): boolean;
}

const MAX_POSITION_BYTES = 6;
const USED = Buffer.from('used');
const LMDB_PAGE_BYTES = 4096;
/** Node header, key and page header of a record, rounded up. */
const RECORD_OVERHEAD_BYTES = 64;

function recordKey(stream: number, position: number): Buffer {
  const key = Buffer.allocUnsafe(2 + MAX_POSITION_BYTES);
  key.writeUInt16BE(stream, 0);
  key.writeUIntBE(position, 2, MAX_POSITION_BYTES);
  return key;
}

function stateKey(stream: number): Buffer {
  return Buffer.from([0x73, stream >> 8, stream & 0xff]);
}

/** Values over half a page live on pages of their own. */
export function storedBytes(valueBytes: number): number {
  return valueBytes < LMDB_PAGE_BYTES / 2
    ? valueBytes + RECORD_OVERHEAD_BYTES
    : Math.ceil((valueBytes + RECORD_OVERHEAD_BYTES) / LMDB_PAGE_BYTES) * LMDB_PAGE_BYTES + RECORD_OVERHEAD_BYTES;
}

/** A buffer of its own: lmdb-js may hand out one that it writes over at the next read. */
export function getCopy(database: Database<Buffer, Buffer>, key: Buffer): Buffer | undefined {
  const value = database.getBinary(key);
  return value === undefined ? undefined : Buffer.from(value);
}

export function encodePosition(position: number): Buffer {
  const bytes = Buffer.allocUnsafe(MAX_POSITION_BYTES);
  bytes.writeUIntBE(position, 0, MAX_POSITION_BYTES);
  return bytes;
}

export function decodePosition(bytes: Buffer): number {
  return bytes.readUIntBE(0, MAX_POSITION_BYTES);
}

export function beginTransaction(store: RecordStore): void {
  const used = store.state.getBinary(USED);
  store.transaction.usedBytes = used === undefined ? 0 : decodePosition(used);
}

export function endTransaction(store: RecordStore): void {
  store.state.put(USED, encodePosition(store.transaction.usedBytes));
}

/** Sees what other processes committed only after `store.root.resetReadTxn()`. */
export function boundsOf(store: RecordStore, stream: number): LogBounds {
  const state = store.state.getBinary(stateKey(stream));
  if (state === undefined) return { first: 0, next: 0 };
  return { first: state.readUIntBE(0, MAX_POSITION_BYTES), next: state.readUIntBE(MAX_POSITION_BYTES, MAX_POSITION_BYTES) };
}

function putBounds(store: RecordStore, stream: number, bounds: LogBounds): void {
  store.state.put(stateKey(stream), Buffer.concat([encodePosition(bounds.first), encodePosition(bounds.next)]));
}

/** Inside a write transaction. Throws `LogError` before it writes when `maxBytes` would be passed. */
export function appendRecord(store: RecordStore, stream: number, value: Buffer, maxBytes: number): number {
  const bytes = storedBytes(value.length);
  if (store.transaction.usedBytes + bytes > maxBytes) throw new LogError('TQ-LOG-01');
  const { first, next } = boundsOf(store, stream);
  store.records.put(recordKey(stream, next), value);
  putBounds(store, stream, { first, next: next + 1 });
  store.transaction.usedBytes += bytes;
  return next;
}

export function getRecord(store: RecordStore, stream: number, position: number): Buffer | undefined {
  return getCopy(store.records, recordKey(stream, position));
}

/** A record between the bounds must be there. */
export function requireRecord(store: RecordStore, stream: number, position: number): Buffer {
  const value = getRecord(store, stream, position);
  if (value === undefined) throw new LogError('TQ-LOG-03', `record ${position} of stream ${stream} is missing`);
  return value;
}

/** Streams that share `maxBytes` and refuse beyond it. */
export function plainStreams(store: RecordStore): StreamWriter {
  return {
    append: (stream, record) => appendRecord(store, stream, record, store.maxBytes),
    trim: (stream, before, most) => trimRecords(store, stream, before, most),
  };
}

/** Inside a write transaction: removes up to `most` records below `before`; `each` sees them. True when none is left. */
export function trimRecords(store: RecordStore, stream: number, before: number, most: number, each?: (value: Buffer) => void): boolean {
  const { first, next } = boundsOf(store, stream);
  const end = Math.min(before, next);
  const stop = Math.min(end, first + most);
  for (let position = first; position < stop; position++) {
    const value = requireRecord(store, stream, position);
    each?.(value);
    store.records.remove(recordKey(stream, position));
    store.transaction.usedBytes -= storedBytes(value.length);
  }
  if (stop > first) putBounds(store, stream, { first: stop, next });
  return stop >= end;
}
