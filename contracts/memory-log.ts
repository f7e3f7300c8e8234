import { setTimeout } from 'node:timers/promises';
import type { ControlEntry, ControlStream, EventLog, LogRecord, PartitionedLog } from './event-log.ts';
import { partitionOf } from './event-log.ts';

/** Every effect on a fake passes here: a test delays it, fails it before or after, or dies in it. */
export type Gate = <T>(what: string, effect: () => T) => Promise<T>;

export const openGate: Gate = async (_what, effect) => effect();

/** Resolves after `ms`, or at once when the signal aborts. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

const systemSleep: Sleep = (ms, signal) => setTimeout(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);

const MAX_VALUE_BYTES = 8 * 1024 * 1024;

/** What survives a crash. Handles on one disk see each other's writes. */
export interface LogDisk {
  readonly partitions: PartitionDisk[];
  readonly observations: PartitionDisk[];
  readonly control: ControlDisk;
  readonly registry: ControlDisk;
  readonly waiters: Set<() => void>;
}

interface PartitionDisk {
  first: number;
  readonly records: LogRecord[];
}

interface ControlDisk {
  first: number;
  readonly entries: ControlEntry[];
  readonly claims: Map<string, ControlEntry>;
}

export function createLogDisk(partitions: number): LogDisk {
  const control = (): ControlDisk => ({ first: 0, entries: [], claims: new Map() });
  const empty = (): PartitionDisk[] => Array.from({ length: partitions }, () => ({ first: 0, records: [] }));
  return { partitions: empty(), observations: empty(), control: control(), registry: control(), waiters: new Set() };
}

/** The fake's only error. */
export class MemoryLogError extends Error {
  override readonly name = 'LogError';
  readonly retryable: boolean;
  constructor(message: string, retryable: boolean) {
    super(message);
    this.retryable = retryable;
  }
}

/**
 * A fake event log on a disk in memory. Its effects are named `append`, `read`, `trim`, of the observations
 * `observe`, `read observations`, `trim observations`, and of both control streams `control append`, `claim`,
 * `control trim`.
 */
export function openMemoryLog(disk: LogDisk, gate: Gate = openGate, sleep: Sleep = systemSleep): EventLog {
  let closed = false;
  const requireOpen = (): void => {
    if (closed) throw new MemoryLogError('the log is closed', false);
  };
  const wakeAll = (): void => {
    for (const wake of disk.waiters) wake();
  };
  const shared = { gate, sleep, requireOpen, closed: () => closed, waiters: disk.waiters, wakeAll };
  return {
    ...openPartitions(disk.partitions, ['append', 'read', 'trim'], shared),
    observations: openPartitions(disk.observations, ['observe', 'read observations', 'trim observations'], shared),
    control: openControl(disk.control, gate, requireOpen),
    registry: openControl(disk.registry, gate, requireOpen),
    async [Symbol.asyncDispose]() {
      closed = true;
      wakeAll();
    },
  };
}

interface Shared {
  readonly gate: Gate;
  readonly sleep: Sleep;
  readonly requireOpen: () => void;
  readonly closed: () => boolean;
  readonly waiters: Set<() => void>;
  readonly wakeAll: () => void;
}

function openPartitions(disks: readonly PartitionDisk[], [appending, reading, trimming]: readonly [string, string, string], { gate, sleep, requireOpen, closed, waiters, wakeAll }: Shared): PartitionedLog {
  const part = (partition: number): PartitionDisk => {
    requireOpen();
    const found = disks[partition];
    if (found === undefined) throw new MemoryLogError('no such partition', false);
    return found;
  };
  const readable = (partition: number, from: number): boolean => {
    const { first, records } = part(partition);
    return Math.max(from, first) < first + records.length;
  };
  const log: PartitionedLog = {
    partitions: disks.length,
    append: async (key, value) => log.appendTo(partitionOf(key, disks.length), key, value),
    async appendTo(partition, key, value) {
      requireFit(key, value.length);
      part(partition);
      const copy = Buffer.from(value);
      return gate(appending, () => {
        const { first, records } = part(partition);
        const position = first + records.length;
        records.push({ partition, position, key, value: copy });
        wakeAll();
        return { partition, position };
      });
    },
    async read(partition, from, { maxRecords, maxBytes }) {
      part(partition);
      return gate(reading, () => {
        const { first, records } = part(partition);
        const found: LogRecord[] = [];
        let bytes = 0;
        for (const record of records.slice(Math.max(0, from - first), Math.max(0, from - first) + maxRecords)) {
          bytes += record.value.length;
          if (found.length > 0 && bytes > maxBytes) break;
          found.push({ ...record, value: Buffer.from(record.value) });
        }
        return found;
      });
    },
    async waitFor(partition, from, timeoutMs, signal) {
      if (readable(partition, from)) return true;
      if (timeoutMs <= 0 || signal?.aborted === true) return false;
      const done = new AbortController();
      const stop = (): void => done.abort(null);
      const wake = (): void => {
        if (closed() || readable(partition, from)) stop();
      };
      waiters.add(wake);
      signal?.addEventListener('abort', stop);
      await sleep(timeoutMs, done.signal);
      waiters.delete(wake);
      signal?.removeEventListener('abort', stop);
      return !(signal?.aborted ?? false) && readable(partition, from);
    },
    async bounds(partition) {
      const { first, records } = part(partition);
      return { first, next: first + records.length };
    },
    async trim(partition, before) {
      part(partition);
      return gate(trimming, () => {
        const kept = part(partition);
        kept.first += kept.records.splice(0, Math.max(0, before - kept.first)).length;
      });
    },
  };
  return log;
}

function requireFit(key: string, valueBytes: number): void {
  if (key === '' || valueBytes > MAX_VALUE_BYTES) throw new MemoryLogError('an empty key or too large a value', false);
}

function openControl(disk: ControlDisk, gate: Gate, requireOpen: () => void): ControlStream {
  const push = (key: string, value: string): ControlEntry => {
    const entry = { offset: disk.first + disk.entries.length, key, value };
    disk.entries.push(entry);
    return entry;
  };
  return {
    async append(key, value) {
      requireOpen();
      requireFit(key, Buffer.byteLength(value));
      return gate('control append', () => push(key, value).offset);
    },
    async claim(key, value) {
      requireOpen();
      requireFit(key, Buffer.byteLength(value));
      return gate('claim', () => {
        const entry = disk.claims.get(key) ?? push(key, value);
        disk.claims.set(key, entry);
        return entry;
      });
    },
    async read(from, max) {
      requireOpen();
      const start = Math.max(0, from - disk.first);
      return disk.entries.slice(start, start + max);
    },
    async bounds() {
      requireOpen();
      return { first: disk.first, next: disk.first + disk.entries.length };
    },
    async trim(before) {
      requireOpen();
      return gate('control trim', () => {
        const gone = disk.entries.splice(0, Math.max(0, before - disk.first));
        disk.first += gone.length;
        for (const entry of gone) if (disk.claims.get(entry.key) === entry) disk.claims.delete(entry.key);
      });
    },
  };
}
