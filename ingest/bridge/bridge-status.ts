import type { IngressBlock } from './ingress-block.ts';
import type { IngressRecord } from './ingress-record.ts';

/** Counts of this process since it started. What is bridged again counts again. */
export interface BridgeStatus {
  readonly records: number;
  /** Bytes of the records' values, decompressed. */
  readonly record_bytes: number;
  readonly lines: number;
  /** Of `lines`: what cannot be an event. */
  readonly dead_letters: number;
  readonly log_records: number;
  readonly log_bytes: number;
  /** Records that were deleted before they were bridged. */
  readonly lost_records: number;
  readonly retries: number;
  /** Of the partitions this member has now. `lag`: records not bridged yet, when it was last looked. */
  readonly partitions: Readonly<Record<number, { readonly next: number; readonly lag: number }>>;
}

export interface BridgeCounts {
  assigned(partitions: readonly number[]): void;
  at(partition: number, next: number, end: number): void;
  bridged(records: readonly IngressRecord[]): void;
  appended(block: IngressBlock, valueBytes: number): void;
  lost(range: { readonly from: number; readonly to: number }): void;
  retried(): void;
  status(): BridgeStatus;
}

export function createBridgeCounts(): BridgeCounts {
  const counts = { records: 0, record_bytes: 0, lines: 0, dead_letters: 0, log_records: 0, log_bytes: 0, lost_records: 0, retries: 0 };
  const partitions = new Map<number, { readonly next: number; readonly lag: number }>();
  return {
    assigned: (ours) => {
      for (const partition of partitions.keys()) if (!ours.includes(partition)) partitions.delete(partition);
    },
    at: (partition, next, end) => void partitions.set(partition, { next, lag: Math.max(0, end - next) }),
    bridged: (records) => {
      counts.records += records.length;
      for (const { value } of records) counts.record_bytes += value?.length ?? 0;
    },
    appended: (block, valueBytes) => {
      counts.lines += block.lines;
      counts.dead_letters += block.deadLetters;
      counts.log_records += 1;
      counts.log_bytes += valueBytes;
    },
    lost: ({ from, to }) => void (counts.lost_records += to - from + 1),
    retried: () => void (counts.retries += 1),
    status: () => ({ ...counts, partitions: Object.fromEntries(partitions) }),
  };
}
