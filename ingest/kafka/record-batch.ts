import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { crc32c } from './crc32c.ts';

/** What a record holds besides its place. `tag` is the value of its only header, named `tq`. */
export interface BatchRecord {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly tag?: string;
}

export interface StoredRecord {
  readonly offset: number;
  readonly key: Buffer;
  readonly value: Buffer;
  readonly tag: string | undefined;
}

/** Who writes: the broker refuses a batch of a producer whose first sequence is not the one it waits for. */
export interface ProducerIdentity {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

/** Bytes before the records of a batch. */
const BATCH_HEAD_BYTES = 61;
const AFTER_CRC = 21;
const MAGIC = 2;
/** Our batches are 1 MiB, or one record of 8 MiB. */
const MAX_DECOMPRESSED_BYTES = 64 * 1024 * 1024;
const TAG_NAME = Buffer.from('tq');
const CODEC_MASK = 7;
const CONTROL_FLAG = 0x20;
/** Most bytes of the numbers around a record's key, value and tag. */
const RECORD_FRAME_BYTES = 48;

/** An upper bound of the bytes a record takes in a batch. */
export function recordBytes(record: BatchRecord): number {
  return record.key.length + record.value.length + RECORD_FRAME_BYTES;
}

/**
 * A batch as the broker stores it (https://kafka.apache.org/documentation/#recordbatch), uncompressed:
 *
 *     baseOffset i64 | length i32 | leaderEpoch i32 | magic i8 | crc u32 over all that follows
 *     attributes i16 | lastOffsetDelta i32 | baseTimestamp i64 | maxTimestamp i64
 *     producerId i64 | producerEpoch i16 | baseSequence i32 | count i32 | records
 *     record: length | attributes i8 | timestampDelta | offsetDelta | key | value | headers, numbers as zigzag varints
 */
export function encodeBatch(records: readonly BatchRecord[], { producerId, producerEpoch }: ProducerIdentity, baseSequence: number, nowMs: number): Buffer {
  const bytes = Buffer.allocUnsafe(BATCH_HEAD_BYTES + records.reduce((sum, record) => sum + recordBytes(record), 0));
  let at = BATCH_HEAD_BYTES;
  for (const [i, record] of records.entries()) at = writeRecord(bytes, at, i, record);
  bytes.writeBigInt64BE(0n, 0);
  bytes.writeInt32BE(at - 12, 8);
  bytes.writeInt32BE(-1, 12);
  bytes.writeInt8(MAGIC, 16);
  bytes.writeInt16BE(0, 21);
  bytes.writeInt32BE(records.length - 1, 23);
  bytes.writeBigInt64BE(BigInt(nowMs), 27);
  bytes.writeBigInt64BE(BigInt(nowMs), 35);
  bytes.writeBigInt64BE(producerId, 43);
  bytes.writeInt16BE(producerEpoch, 51);
  bytes.writeInt32BE(baseSequence, 53);
  bytes.writeInt32BE(records.length, 57);
  bytes.writeUInt32BE(crc32c(bytes.subarray(AFTER_CRC, at)), 17);
  return bytes.subarray(0, at);
}

function writeRecord(bytes: Buffer, start: number, offsetDelta: number, { key, value, tag }: BatchRecord): number {
  const tagBytes = tag === undefined ? undefined : Buffer.from(tag);
  const headers = tagBytes === undefined ? 1 : 1 + 1 + TAG_NAME.length + varintBytes(tagBytes.length) + tagBytes.length;
  const length = 1 + 1 + varintBytes(offsetDelta) + varintBytes(key.length) + key.length + varintBytes(value.length) + value.length + headers;
  let at = writeVarint(bytes, start, length);
  bytes[at++] = 0;
  bytes[at++] = 0;
  at = writeVarint(bytes, at, offsetDelta);
  at = writeField(bytes, at, key);
  at = writeField(bytes, at, value);
  at = writeVarint(bytes, at, tagBytes === undefined ? 0 : 1);
  return tagBytes === undefined ? at : writeField(bytes, writeField(bytes, at, TAG_NAME), tagBytes);
}

function writeField(bytes: Buffer, at: number, field: Buffer): number {
  const start = writeVarint(bytes, at, field.length);
  return start + field.copy(bytes, start);
}

/** Of numbers from 0 on. */
function writeVarint(bytes: Buffer, start: number, value: number): number {
  let at = start;
  let rest = value * 2;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes[at++] = (rest & 127) | 128;
  bytes[at++] = rest;
  return at;
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value * 2; rest > 127; rest = Math.floor(rest / 128)) bytes++;
  return bytes;
}

/** What a broker sent is no batch: damage on its disk or on the way. */
export class BrokenBatch extends Error {
  override readonly name = 'BrokenBatch';
}

/**
 * The records of all whole batches in a fetch answer, from offset `from` on; they are views of `bytes`. A fetch may cut
 * the last batch off. Also where the next fetch goes on, which a batch without records moves too.
 */
export function decodeBatches(bytes: Buffer, from: number): { readonly records: StoredRecord[]; readonly next: number } {
  const records: StoredRecord[] = [];
  let next = from;
  for (let at = 0; at + BATCH_HEAD_BYTES <= bytes.length;) {
    const end = at + 12 + bytes.readInt32BE(at + 8);
    if (end > bytes.length) break;
    if (end < at + BATCH_HEAD_BYTES) throw new BrokenBatch('its length is wrong');
    const batch = bytes.subarray(at, end);
    at = end;
    const after = Number(batch.readBigInt64BE(0)) + batch.readInt32BE(23) + 1;
    if (after <= next) continue;
    decodeBatch(batch, next, records);
    next = after;
  }
  return { records, next };
}

function decodeBatch(batch: Buffer, from: number, records: StoredRecord[]): void {
  if (batch[16] !== MAGIC) throw new BrokenBatch('its format is not known');
  if (crc32c(batch.subarray(AFTER_CRC)) !== batch.readUInt32BE(17)) throw new BrokenBatch('its checksum is wrong');
  const attributes = batch.readInt16BE(21);
  if ((attributes & CONTROL_FLAG) !== 0) return;
  const baseOffset = Number(batch.readBigInt64BE(0));
  const count = batch.readInt32BE(57);
  const cursor = new RecordCursor(decompressed(attributes & CODEC_MASK, batch.subarray(BATCH_HEAD_BYTES)));
  for (let i = 0; i < count; i++) {
    const record = cursor.record(baseOffset);
    if (record.offset >= from) records.push(record);
  }
}

/** We write no compressed batches, but a topic may be told to compress what it stores. */
function decompressed(codec: number, body: Buffer): Buffer {
  switch (codec) {
    case 0: return body;
    case 1: return gunzipSync(body, { maxOutputLength: MAX_DECOMPRESSED_BYTES });
    case 4: return zstdDecompressSync(body, { maxOutputLength: MAX_DECOMPRESSED_BYTES });
    default: throw new BrokenBatch('it is compressed by snappy or lz4: set compression.type of the topic to producer');
  }
}

const NO_BYTES = Buffer.alloc(0);

class RecordCursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  record(baseOffset: number): StoredRecord {
    const length = this.#varint();
    const end = this.#at + length;
    if (length < 0 || end > this.#bytes.length) throw new BrokenBatch('a record is cut off');
    this.#at += 1;
    this.#skipVarint();
    const offset = baseOffset + this.#varint();
    const key = this.#field();
    const value = this.#field();
    const headers = this.#varint();
    let tag: string | undefined;
    for (let i = 0; i < headers; i++) {
      const name = this.#field();
      const content = this.#field();
      if (name.equals(TAG_NAME)) tag = content.toString();
    }
    this.#at = end;
    return { offset, key, value, tag };
  }

  /** Null and empty are the same to us. */
  #field(): Buffer {
    const length = this.#varint();
    if (length <= 0) return NO_BYTES;
    const start = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) throw new BrokenBatch('a record is cut off');
    return this.#bytes.subarray(start, this.#at);
  }

  #varint(): number {
    let result = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new BrokenBatch('a record is cut off');
      result |= (byte & 127) << shift;
      if (byte < 128) return (result >>> 1) ^ -(result & 1);
    }
    throw new BrokenBatch('a number is too long');
  }

  /** Timestamps may pass 32 bits. */
  #skipVarint(): void {
    while ((this.#bytes[this.#at++] ?? 0) > 127);
  }
}
