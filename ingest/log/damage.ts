import { LogError } from './errors.ts';
import { boundsOf, requireRecord } from './record-store.ts';
import type { RecordStore } from './record-store.ts';

/**
 * Reads every record once, when LMDB's file was shorter than it should be and was filled up: damage in the trees makes
 * LMDB throw, damage in a record leaves zeros.
 */
export function walkRecords(store: RecordStore, streams: readonly number[]): void {
  for (const stream of streams) {
    const { first, next } = boundsOf(store, stream);
    for (let position = first; position < next; position++) {
      const record = requireRecord(store, stream, position);
      if (record.every((byte) => byte === 0)) throw new LogError('TQ-LOG-03', `record ${position} of stream ${stream} is empty`);
    }
  }
}
