import { setTimeout as sleep } from 'node:timers/promises';
import type { LogBounds, LogPosition, LogRecord, PartitionedLog, ReadLimits } from '../../contracts/event-log.ts';
import { partitionOf } from '../../contracts/event-log.ts';
import { LogError } from './errors.ts';
import type { GroupCommit } from './group-commit.ts';
import { boundsOf, requireRecord } from './record-store.ts';
import type { RecordStore, StreamWriter } from './record-store.ts';

const MAX_VALUE_BYTES = 8 * 1024 * 1024;
const MAX_KEY_BYTES = 255;
const POLL_MS = 5;
const MOST_POLL_MS = 25;
const POLL_SLOWDOWN = 20;
/** Records removed by one transaction: some tens of milliseconds at most. */
const TRIM_CHUNK = 256;

export interface EmbeddedPartitionsOptions {
  readonly store: RecordStore;
  readonly commits: GroupCommit;
  readonly partitions: number;
  /** Stream of the first partition; the others follow. */
  readonly firstStream: number;
  readonly writer: StreamWriter;
}

export function embeddedPartitions({ store, commits, partitions, firstStream, writer }: EmbeddedPartitionsOptions): PartitionedLog {
  const streamOf = (partition: number): number => {
    commits.requireOpen();
    if (!Number.isInteger(partition) || partition < 0 || partition >= partitions) throw new LogError('TQ-LOG-07', `partition ${partition}`);
    return firstStream + partition;
  };
  const freshBounds = (partition: number): LogBounds => {
    const stream = streamOf(partition);
    store.root.resetReadTxn();
    return boundsOf(store, stream);
  };
  const appendTo = async (partition: number, key: string, value: Buffer): Promise<LogPosition> => {
    const record = encodeRecord(key, value);
    const stream = streamOf(partition);
    return { partition, position: await commits.submit(record.length, () => writer.append(stream, record)) };
  };
  return {
    partitions,
    appendTo,
    append: async (key, value) => appendTo(partitionOf(key, partitions), key, value),
    async read(partition, from, limits) {
      return readRecords(store, partition, firstStream + partition, from, limits, freshBounds(partition));
    },
    async waitFor(partition, from, timeoutMs, signal) {
      const startMs = performance.now();
      const deadlineMs = startMs + timeoutMs;
      for (;;) {
        const { first, next } = freshBounds(partition);
        if (Math.max(first, from) < next) return true;
        const nowMs = performance.now();
        if (nowMs >= deadlineMs || signal?.aborted === true) return false;
        // Another process may append, so the bounds are looked at again: soon at first, less often when nothing comes.
        const pauseMs = Math.min(MOST_POLL_MS, POLL_MS + (nowMs - startMs) / POLL_SLOWDOWN, deadlineMs - nowMs);
        await sleep(pauseMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
        if (commits.closed) return false;
      }
    },
    bounds: async (partition) => freshBounds(partition),
    async trim(partition, before) {
      const stream = streamOf(partition);
      // A reader that was killed would hold on to the pages let go of here.
      store.root.readerCheck();
      while (!(await commits.submit(0, () => writer.trim(stream, before, TRIM_CHUNK))));
    },
  };
}

function readRecords(store: RecordStore, partition: number, stream: number, from: number, limits: ReadLimits, { first, next }: LogBounds): readonly LogRecord[] {
  const records: LogRecord[] = [];
  let bytes = 0;
  for (let position = Math.max(first, from); position < next && records.length < limits.maxRecords; position++) {
    const record = decodeRecord(partition, position, requireRecord(store, stream, position));
    bytes += record.value.length;
    if (records.length > 0 && bytes > limits.maxBytes) break;
    records.push(record);
  }
  return records;
}

/** u8 bytes of key | key | value. A key is never empty, so a zero byte here is damage. */
function encodeRecord(key: string, value: Buffer): Buffer {
  const keyBytes = Buffer.from(key);
  if (keyBytes.length === 0 || keyBytes.length > MAX_KEY_BYTES || value.length > MAX_VALUE_BYTES) throw new LogError('TQ-LOG-05');
  return Buffer.concat([Uint8Array.of(keyBytes.length), keyBytes, value]);
}

function decodeRecord(partition: number, position: number, bytes: Buffer): LogRecord {
  const end = 1 + (bytes[0] ?? 0);
  if (end === 1 || end > bytes.length) throw new LogError('TQ-LOG-03', `record ${position} of partition ${partition} is no record`);
  return { partition, position, key: bytes.toString('utf8', 1, end), value: bytes.subarray(end) };
}
