import { byTopic, WireReader, WireWriter } from './wire.ts';
import type { WireRequest } from './wire.ts';

export interface ProducedBatch {
  readonly topic: string;
  readonly partition: number;
  readonly bytes: Buffer;
}

export interface ProduceResult {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  readonly baseOffset: number;
}

/**
 * Produce, version 7, at most one batch a partition; the answer waits for all in-sync replicas.
 *
 *     transactional_id (null) | acks i16 | timeout_ms i32 | [topic [partition i32 | batch]]
 */
export function produceRequest(batches: readonly ProducedBatch[], timeoutMs: number): WireRequest {
  const writer = new WireWriter().int16(-1).int16(-1).int32(timeoutMs);
  writer.array(byTopic(batches), ([topic, items]) => {
    writer.string(topic).array(items, ({ partition, bytes }) => writer.int32(partition).int32(bytes.length).raw(bytes));
  });
  return { apiKey: 0, apiName: 'Produce', apiVersion: 7, parts: writer.parts };
}

/** [topic [partition i32 | error i16 | base_offset i64 | log_append_time i64 | log_start_offset i64]] | throttle_ms i32 */
export function parseProduceAnswer(payload: Buffer): readonly ProduceResult[] {
  const reader = new WireReader(payload);
  return reader.array(() => {
    const topic = reader.string();
    return reader.array(() => {
      const result = { topic, partition: reader.int32(), errorCode: reader.int16(), baseOffset: reader.int64() };
      reader.int64();
      reader.int64();
      return result;
    });
  }).flat();
}
