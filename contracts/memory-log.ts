import { setTimeout } from 'node:timers/promises';
import type { ControlEntry, ControlStream, EventLog, LogRecord } from './event-log.ts';
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
  readonly partitions: readonly { first: number; readonly records: LogRecord[] }[];
  readonly control: ControlDisk;
  readonly registry: ControlDisk;
  readonly waiters: Set<() => void>;
}

interface ControlDisk {
  first: number;
  readonly entries: ControlEntry[];
  readonly claims: Map<string, ControlEntry>;
}

export function createLogDisk(partitions: number): LogDisk {
  const control = (): ControlDisk => ({ first: 0, entries: [], claims: new Map() });
  return { partitions: Array.from({ length: partitions }, () => ({ first: 0, records: [] })), control: control(), registry: control(), waiters: new Set() };
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
 * A fake event log on a disk in memory. Its effects are named `append`, `read`, `trim`, and of both control streams
 * `control append`, `claim`, `control trim`.
 */
export function openMemoryLog(disk: LogDisk, gate: Gate = openGate, sleep: Sleep = systemSleep): EventLog {
  let closed = false;
  const requireOpen = (): void => {
    if (closed) throw new MemoryLogError('the log is closed', false);
  };
  const part = (partition: number): LogDisk['partitions'][number] => {
    requireOpen();
    const found = disk.partitions[partition];
    if (found === undefined) throw new MemoryLogError('no such partition', false);
    return found;
  };
  const readable = (partition: number, from: number): boolean => {
    const { first, records } = part(partition);
    return Math.max(from, first) < first + records.length;
  };
  const wakeAll = (): void => {
    for (const wake of disk.waiters) wake();
  };
  return {
    partitions: disk.partitions.length,
    async append(key, value) {
      requireFit(key, value.length);
      const partition = partitionOf(key, disk.partitions.length);
      part(partition);
      const copy = Buffer.from(value);
      return gate('append', () => {
        const { first, records } = part(partition);
        const position = first + records.length;
        records.push({ partition, position, key, value: copy });
        wakeAll();
        return { partition, position };
      });
    },
    async read(partition, from, { maxRecords, maxBytes }) {
      part(partition);
      return gate('read', () => {
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
        if (closed || readable(partition, from)) stop();
      };
      disk.waiters.add(wake);
      signal?.addEventListener('abort', stop);
      await sleep(timeoutMs, done.signal);
      disk.waiters.delete(wake);
      signal?.removeEventListener('abort', stop);
      return !(signal?.aborted ?? false) && readable(partition, from);
    },
    async bounds(partition) {
      const { first, records } = part(partition);
      return { first, next: first + records.length };
    },
    async trim(partition, before) {
      part(partition);
      return gate('trim', () => {
        const kept = part(partition);
        kept.first += kept.records.splice(0, Math.max(0, before - kept.first)).length;
      });
    },
    control: openControl(disk.control, gate, requireOpen),
    registry: openControl(disk.registry, gate, requireOpen),
    async [Symbol.asyncDispose]() {
      closed = true;
      wakeAll();
    },
  };
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
