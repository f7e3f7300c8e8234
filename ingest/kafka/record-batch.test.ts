import { createRequire } from 'node:module';
import { zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { crc32c } from './crc32c.ts';
import { BrokenBatch, decodeBatches, encodeBatch, recordBytes } from './record-batch.ts';
import type { BatchRecord } from './record-batch.ts';

const require = createRequire(import.meta.url);
const PRODUCER = { producerId: 123_456_789_012n, producerEpoch: 3 };
const NOW_MS = 1_763_700_000_000;

interface KafkajsRecord {
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer>>;
  readonly batchContext: { readonly producerId: string; readonly producerEpoch: number; readonly firstSequence: number; readonly lastOffsetDelta: number };
}

// Shapes of the pinned version, whose decoder is the oracle here.
const Decoder = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => object;
const decodeWithKafkajs = require('kafkajs/src/protocol/recordBatch/v0/decoder') as (decoder: object) => Promise<{ readonly records: readonly KafkajsRecord[] }>;

/** The broker gives a batch its place. */
function placed(batch: Buffer, baseOffset: number): Buffer {
  const bytes = Buffer.from(batch);
  bytes.writeBigInt64BE(BigInt(baseOffset), 0);
  return bytes;
}

function record(key: string, value: string, tag?: string): BatchRecord {
  return { key: Buffer.from(key), value: Buffer.from(value), ...(tag === undefined ? {} : { tag }) };
}

test('CRC-32C has the check values of RFC 3720 B.4, at every length and alignment that of byte by byte', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
  expect(crc32c(Buffer.alloc(32, 0xff))).toBe(0x62a8ab43);
  const bytes = Buffer.from(Uint8Array.from({ length: 80 }, (_, i) => i * 37));
  const slow = require('kafkajs/src/protocol/recordBatch/crc32C') as (part: Buffer) => number;
  for (let from = 0; from < 9; from++) for (let to = from; to < 80; to++) expect(crc32c(bytes.subarray(from, to))).toBe(slow(bytes.subarray(from, to)));
});

test('kafkajs reads a batch as we wrote it', async () => {
  const batch = encodeBatch([record('shop', 'one'), record('', '', 'cz'), record('ü', 'x'.repeat(70_000))], PRODUCER, 41, NOW_MS);
  const { records } = await decodeWithKafkajs(new Decoder(placed(batch, 1_000)));
  expect(records.map(({ offset, key, value }) => [offset, key?.toString(), value?.length])).toEqual([['1000', 'shop', 3], ['1001', '', 0], ['1002', 'ü', 70_000]]);
  expect(records[1]?.headers['tq']?.toString()).toBe('cz');
  expect(records[0]?.batchContext).toMatchObject({ producerId: '123456789012', producerEpoch: 3, firstSequence: 41, lastOffsetDelta: 2 });
});

test('batches are read from the offset asked for, and a batch that is cut off is left for the next fetch', () => {
  const first = placed(encodeBatch([record('a', '0'), record('b', '1')], PRODUCER, 0, NOW_MS), 10);
  const second = placed(encodeBatch([record('c', '2')], PRODUCER, 2, NOW_MS), 12);
  const both = Buffer.concat([first, second]);
  expect(decodeBatches(both, 11).records.map(({ offset, key }) => [offset, key.toString()])).toEqual([[11, 'b'], [12, 'c']]);
  expect(decodeBatches(both, 11).next).toBe(13);
  for (let cut = 0; cut < second.length; cut++) expect(decodeBatches(both.subarray(0, first.length + cut), 10)).toMatchObject({ next: 12, records: { length: 2 } });
  expect(decodeBatches(Buffer.alloc(0), 5)).toEqual({ records: [], next: 5 });
});

test('a batch that the broker compressed is read', () => {
  const plain = encodeBatch([record('a', 'x'.repeat(500))], PRODUCER, 0, NOW_MS);
  const packed = Buffer.concat([plain.subarray(0, 61), zstdCompressSync(plain.subarray(61))]);
  packed.writeInt16BE(4, 21);
  packed.writeInt32BE(packed.length - 12, 8);
  packed.writeUInt32BE(crc32c(packed.subarray(21)), 17);
  expect(decodeBatches(packed, 0).records.map(({ value }) => value.length)).toEqual([500]);
});

test('each changed byte of a batch is found out, or lies where nothing is read', () => {
  const batch = placed(encodeBatch([record('key', 'value', 'a')], PRODUCER, 0, NOW_MS), 0);
  for (let i = 16; i < batch.length; i++) {
    const changed = Buffer.from(batch);
    changed[i] = (changed[i] ?? 0) ^ 1;
    expect(() => decodeBatches(changed, 0), `byte ${i}`).toThrow(BrokenBatch);
  }
});

test('any records come back as they were, and never take more than was reckoned', async () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
  const random = seededRandom(seed);
  for (let round = 0; round < 200; round++) {
    const records = Array.from({ length: 1 + Math.floor(random() * 40) }, (): BatchRecord => {
      const bytes = (most: number): Buffer => Buffer.from(Uint8Array.from({ length: Math.floor(random() ** 3 * most) }, () => Math.floor(random() * 256)));
      return { key: bytes(300), value: bytes(5_000), ...(random() < 0.5 ? { tag: 'cz' } : {}) };
    });
    const baseOffset = Math.floor(random() * 2 ** 45);
    const batch = encodeBatch(records, PRODUCER, round, NOW_MS);
    expect(batch.length).toBeLessThanOrEqual(61 + records.reduce((sum, r) => sum + recordBytes(r), 0));
    const decoded = decodeBatches(placed(batch, baseOffset), baseOffset);
    expect(decoded.records, `SEED=${seed}`).toEqual(records.map(({ key, value, tag }, i) => ({ offset: baseOffset + i, key, value, tag })));
    expect(decoded.next).toBe(baseOffset + records.length);
    expect((await decodeWithKafkajs(new Decoder(placed(batch, baseOffset)))).records, `SEED=${seed}`).toHaveLength(records.length);
  }
});
