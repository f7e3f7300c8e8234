import type { ConfigOf, Settings } from '../contracts/settings.ts';
import { StorageError } from './errors.ts';

export const STORAGE_SETTINGS = {
  host: { kind: 'text', default: '127.0.0.1', comment: 'Address the storage role listens on.' },
  port: { kind: 'integer', default: 7711, least: 0, most: 65_535, comment: 'Port of the ClickHouse HTTP protocol; 0 takes a free one.' },
  directory: { kind: 'text', default: '', comment: 'Data directory of the embedded engine; empty for `storage` below the data directory.' },
  readers: { kind: 'integer', default: 3, least: 1, most: 32, comment: 'Reads that run side by side; more wait.' },
  waiting_reads: { kind: 'integer', default: 64, least: 0, most: 10_000, comment: 'Reads that may wait for a reader; more are refused.' },
  read_threads: { kind: 'integer', default: 1, least: 1, most: 64, comment: 'Threads of one read. Few, so that inserts go on beside it.' },
  read_seconds: { kind: 'integer', default: 60, least: 1, most: 3_600, comment: 'Longest a read may run; clients may ask for less.' },
  read_megabytes: { kind: 'integer', default: 256, least: 16, most: 65_536, comment: 'Memory of one read; clients may ask for less.' },
  engine_megabytes: { kind: 'integer', default: 512, least: 256, most: 1_048_576, comment: 'Memory of the engine: reads, inserts and merges together.' },
  merge_threads: { kind: 'integer', default: 1, least: 1, most: 64, comment: 'Background merges that run side by side.' },
  request_timeout_ms: { kind: 'integer', default: 30_000, least: 1_000, most: 600_000, comment: 'Longest a worker waits for one answer of the store; then it tries again.' },
  cluster: { kind: 'text', default: '', comment: 'Name of the ClickHouse cluster, as its servers know it; empty for a single server or the storage role. Tables are replicated on a cluster.' },
  insert_quorum: { kind: 'text', default: 'auto', comment: 'Replicas that must hold an insert before it counts, on a cluster: "auto" for more than half of them, or a number.' },
  insert_quorum_timeout_ms: { kind: 'integer', default: 20_000, least: 1_000, most: 600_000, comment: 'Longest the store waits for that quorum; less than request_timeout_ms.' },
  spool_megabytes: { kind: 'integer', default: 1024, least: 1, most: 65_536, comment: 'Largest insert body, on disk while it is stored.' },
} as const satisfies Settings;

export type StorageConfig = ConfigOf<typeof STORAGE_SETTINGS>;

/** The defaults as a value: what tests and the demo start from. */
export function defaultStorageConfig(): StorageConfig {
  const entries = Object.entries(STORAGE_SETTINGS).map(([key, setting]) => [key, setting.default]);
  // Each key of the schema with its own default: exactly StorageConfig.
  return Object.freeze(Object.fromEntries(entries)) as StorageConfig;
}

/** How inserts are made on a cluster. */
export interface ClusterWrites {
  readonly name: string;
  readonly quorum: string;
  readonly quorumTimeoutMs: number;
}

/** Undefined for a single server. */
export function clusterOf(config: Pick<StorageConfig, 'cluster' | 'insert_quorum' | 'insert_quorum_timeout_ms' | 'request_timeout_ms'>): ClusterWrites | undefined {
  if (config.cluster === '') return undefined;
  if (!/^(auto|[1-9]\d?)$/.test(config.insert_quorum)) throw new StorageError('badQuorum', config.insert_quorum);
  if (config.insert_quorum_timeout_ms >= config.request_timeout_ms) throw new StorageError('quorumTooSlow');
  return { name: config.cluster, quorum: config.insert_quorum, quorumTimeoutMs: config.insert_quorum_timeout_ms };
}

/** What `createGroupStore` wants to know beside address and password. */
export function storeOptions(config: StorageConfig): { readonly requestTimeoutMs: number; readonly cluster?: ClusterWrites } {
  const cluster = clusterOf(config);
  return { requestTimeoutMs: config.request_timeout_ms, ...(cluster === undefined ? {} : { cluster }) };
}

/** Threads that are never a read's: a write, control, and file access of this process. */
const OTHER_THREADS = 8;
/** What libuv starts when UV_THREADPOOL_SIZE is not set. */
const LIBUV_DEFAULT = 4;

/**
 * Threads libuv needs so that reads, writes, the control session and file access never wait for one another. Set
 * `UV_THREADPOOL_SIZE` to this before the process starts; libuv reads it once.
 */
export function threadPoolSize(config: Pick<StorageConfig, 'readers'>): number {
  return config.readers + OTHER_THREADS;
}

/** Readers that this process has threads for: with too small a pool fewer read at once, rather than hold an insert. */
export function readersThatFit(config: Pick<StorageConfig, 'readers'>, poolSize = Number(process.env['UV_THREADPOOL_SIZE'] ?? LIBUV_DEFAULT)): number {
  return Math.max(1, Math.min(config.readers, poolSize - 3));
}
