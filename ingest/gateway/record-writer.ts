import { constants, zstdCompressSync } from 'node:zlib';
import type { EventLog } from '../../contracts/event-log.ts';
import { encodeRecordHead, frameRecord } from '../../contracts/log-record.ts';
import type { RecordHead } from '../../contracts/log-record.ts';
import type { Admission } from './admission.ts';
import { GatewayError } from './errors.ts';
import type { Metrics } from './metrics.ts';

export type Seal = (headBytes: Buffer, body: Buffer) => Promise<Buffer> | Buffer;

export interface RecordWriter {
  /**
   * Resolves when the block is durable. When it rejects, the block may have become durable or not: the client sends it
   * again, and a chained block is stored once.
   */
  write(head: RecordHead, compressed: Buffer): Promise<void>;
  /** Why the newest append failed, while that is recent: once forgotten, traffic comes back and tries again. */
  recentFault(): unknown;
}

const FAULT_MEMORY_MS = 5_000;

export function createRecordWriter(log: EventLog, seal: Seal, admission: Admission, metrics: Metrics, timeoutMs: number): RecordWriter {
  let fault: { readonly error: unknown; readonly atMs: number } | undefined;
  return {
    recentFault: () => (fault !== undefined && performance.now() - fault.atMs < FAULT_MEMORY_MS ? fault.error : undefined),
    async write(head, compressed) {
      const end = admission.beginAppend();
      const startMs = performance.now();
      const appending = appendSealed(log, seal, head, compressed);
      // An append that outlives its timeout still counts as in flight.
      appending.then(end, end);
      try {
        await within(appending, timeoutMs);
        fault = undefined;
        metrics.appended((performance.now() - startMs) / 1000);
      } catch (error) {
        fault = { error, atMs: performance.now() };
        metrics.failedAppend();
        throw error;
      }
    },
  };
}

async function appendSealed(log: EventLog, seal: Seal, head: RecordHead, compressed: Buffer): Promise<void> {
  const headBytes = encodeRecordHead(head);
  await log.append(head.site, frameRecord(headBytes, await seal(headBytes, compressed)));
}

function within(work: Promise<void>, timeoutMs: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new GatewayError('TQ-GATEWAY-32', { retryAfterSeconds: 5 })), timeoutMs);
  work.then(resolve, reject).finally(() => clearTimeout(timer));
  return promise;
}

/** Level 1: three times the speed of the default for a tenth more bytes. */
export function compress(body: Buffer): Buffer {
  return zstdCompressSync(body, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
}
