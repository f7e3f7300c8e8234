import { byTopic, WireReader, WireWriter } from './wire.ts';
import type { WireRequest } from './wire.ts';

export interface FetchPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly maxBytes: number;
}

export interface FetchResult {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly logStart: number;
  /** Batches; the last one may be cut off. */
  readonly records: Buffer;
}

/**
 * Fetch, version 11, without a session. The answer comes as soon as there is a byte, after `maxWaitMs` at the latest.
 *
 *     replica i32 | max_wait_ms i32 | min_bytes i32 | max_bytes i32 | isolation i8 | session i32 | session_epoch i32
 *     [topic [partition i32 | leader_epoch i32 | offset i64 | log_start i64 | max_bytes i32]] | [forgotten] | rack
 */
export function fetchRequest(places: readonly FetchPlace[], maxWaitMs: number, maxBytes: number): WireRequest {
  const writer = new WireWriter().int32(-1).int32(maxWaitMs).int32(1).int32(maxBytes).int8(0).int32(0).int32(-1);
  writer.array(byTopic(places), ([topic, items]) => {
    writer.string(topic).array(items, ({ partition, offset, maxBytes: most }) => writer.int32(partition).int32(-1).int64(offset).int64(-1).int32(most));
  });
  writer.int32(0).string('');
  return { apiKey: 1, apiName: 'Fetch', apiVersion: 11, parts: writer.parts };
}

/**
 *     throttle_ms i32 | error i16 | session i32 | [topic [partition i32 | error i16 | high_watermark i64
 *     | last_stable_offset i64 | log_start i64 | [aborted: i64 i64] | preferred_replica i32 | records]]
 */
export function parseFetchAnswer(payload: Buffer): { readonly errorCode: number; readonly results: readonly FetchResult[] } {
  const reader = new WireReader(payload);
  reader.int32();
  const errorCode = reader.int16();
  reader.int32();
  const results = reader.array(() => {
    const topic = reader.string();
    return reader.array(() => {
      const partition = reader.int32();
      const partitionError = reader.int16();
      const highWatermark = reader.int64();
      reader.int64();
      const logStart = reader.int64();
      reader.array(() => reader.int64() + reader.int64());
      reader.int32();
      return { topic, partition, errorCode: partitionError, highWatermark, logStart, records: reader.bytes() };
    });
  }).flat();
  return { errorCode, results };
}
