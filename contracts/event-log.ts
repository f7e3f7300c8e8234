/**
 * The event log: what stands between gateways and workers. Two implementations (embedded, Kafka) pass one contract
 * suite, `contracts/event-log.suite.ts`. Positions are per partition, rise by at least one a record, never repeat.
 */
export interface LogRecord {
  readonly partition: number;
  readonly position: number;
  /** The site's name; of an observation record the partition it was observed in, or `tick`. */
  readonly key: string;
  /** A log record as `contracts/log-record.ts` frames it. */
  readonly value: Buffer;
}

export interface LogPosition {
  readonly partition: number;
  readonly position: number;
}

export interface LogBounds {
  /** Position of the oldest record kept; equals `next` when none is. */
  readonly first: number;
  /** Position the next record gets, or a lower bound of it. */
  readonly next: number;
}

export interface ReadLimits {
  readonly maxRecords: number;
  /** Of values; the first record is always returned. */
  readonly maxBytes: number;
}

/** Partitions of records: of blocks, and of observations. */
export interface PartitionedLog {
  readonly partitions: number;
  /** `appendTo` the key's partition. */
  append(key: string, value: Buffer): Promise<LogPosition>;
  /**
   * Resolves when the record is durable (fsync, or acks from all in-sync replicas); rejects with `LogError` when it is
   * not known to be. A rejected append may still have happened: readers drop what was stored already.
   */
  appendTo(partition: number, key: string, value: Buffer): Promise<LogPosition>;
  /** Records from `from` on, in order, perhaps not all yet; empty when there are none. A hole in positions is no loss. */
  read(partition: number, from: number, limits: ReadLimits): Promise<readonly LogRecord[]>;
  /** Resolves true as soon as `read(partition, from)` would return something, false after `timeoutMs` or an abort. */
  waitFor(partition: number, from: number, timeoutMs: number, signal?: AbortSignal): Promise<boolean>;
  bounds(partition: number): Promise<LogBounds>;
  /** Lets go of all records below `before`. */
  trim(partition: number, before: number): Promise<void>;
}

/** Blocks keyed by site, and the streams beside them. */
export interface EventLog extends PartitionedLog, AsyncDisposable {
  readonly control: ControlStream;
  /** A second such stream that is never trimmed: registrations of sites and sealed rule sets. */
  readonly registry: ControlStream;
  /** What the second stage sees of all sites, keyed by what it correlates: see `contracts/observation.ts`. */
  readonly observations: PartitionedLog;
}

export interface ControlEntry {
  readonly offset: number;
  readonly key: string;
  readonly value: string;
}

/** One totally ordered stream beside the partitions; `control` holds prepares, commits and snapshots. */
export interface ControlStream {
  /** Durable when it resolves. Returns the entry's offset. */
  append(key: string, value: string): Promise<number>;
  /**
   * Like append, but the first value ever claimed for a key wins, also between processes: returns that entry, whether
   * ours or another's. Durable when it resolves. Keys of claims and appends do not mix.
   */
  claim(key: string, value: string): Promise<ControlEntry>;
  /** Entries from `from` on, in order, at most `max`. */
  read(from: number, max: number): Promise<readonly ControlEntry[]>;
  /** Offset of the oldest entry kept and of the next one. */
  bounds(): Promise<LogBounds>;
  /** Lets go of entries below `before`, and of their claims. */
  trim(before: number): Promise<void>;
}

/** Which partition a site's records go to: FNV-1a 32 over the UTF-8 name, modulo the number of partitions. */
export function partitionOf(site: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(site)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash % partitions;
}
