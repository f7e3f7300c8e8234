import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { ClickHouseClient, ResponseHeaders } from '@clickhouse/client';
import { StoreUnavailable } from '../../contracts/store.ts';
import type { TableName } from '../../contracts/tables.ts';
import type { ClusterWrites } from '../config.ts';
import { StorageError } from '../errors.ts';
import { asStoreError } from './store-error.ts';

export interface StoreAddress {
  /**
   * `http://host:port` of the storage role or a ClickHouse server; of a cluster several, comma-separated, each of one
   * replica and none of a load balancer.
   */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** `tourniquet` when not named. */
  readonly database?: string;
  /** No call takes longer, whatever the network does; 30 s when not named. */
  readonly requestTimeoutMs?: number;
  readonly cluster?: ClusterWrites;
}

/** The addresses of the replicas, the preferred one first. */
export function replicaUrls(url: string): readonly string[] {
  return url.split(',').map((one) => one.trim()).filter((one) => one !== '');
}

interface Replica {
  readonly client: ClickHouseClient;
  /** When each table was last level with the others, by `performance.now()`. */
  readonly levelAtMs: Map<TableName, number>;
}

/** What one piece of work gets: the replica it stays on, and the signal its calls must end by. */
export interface ReplicaCall {
  readonly client: ClickHouseClient;
  readonly abort_signal: AbortSignal;
  /**
   * On a cluster: this replica holds what any replica had acknowledged `withinMs` before. Without it a replica that lags
   * counts too little, and the rows would be stored a second time.
   */
  level(tables: readonly TableName[], withinMs: number): Promise<void>;
  /** Rejects when no ClickHouse answered, or another server than the one that was brought level. */
  sameServer(headers: ResponseHeaders): void;
}

export const DEFAULT_TIMEOUT_MS = 30_000;

/** Clients of the replicas, one in use at a time: the next one is tried after a call that got no good answer. */
export class Replicas implements AsyncDisposable {
  readonly #replicas: readonly Replica[];
  readonly #timeoutMs: number;
  readonly #isCluster: boolean;
  #current = 0;

  constructor(address: StoreAddress) {
    this.#timeoutMs = address.requestTimeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#isCluster = address.cluster !== undefined;
    this.#replicas = replicaUrls(address.url).map((url) => ({ client: connect(address, url, this.#timeoutMs), levelAtMs: new Map() }));
  }

  /** Rejects with `StoreRefusal` or `StoreUnavailable`, after `requestTimeoutMs` at the latest. */
  async run<T>(work: (call: ReplicaCall) => Promise<T>): Promise<T> {
    const used = this.#current;
    const replica = this.#replicas[used];
    if (replica === undefined) throw new StoreUnavailable('the store has no address: see addresses.storage');
    try {
      return await work(this.#call(replica, AbortSignal.timeout(this.#timeoutMs)));
    } catch (cause) {
      const error = asStoreError(cause);
      // Calls that failed side by side move on by one together.
      if (error instanceof StoreUnavailable && this.#current === used) this.#current = (used + 1) % this.#replicas.length;
      throw error;
    }
  }

  #call(replica: Replica, abort_signal: AbortSignal): ReplicaCall {
    let server: string | undefined;
    const sameServer = (headers: ResponseHeaders): void => {
      const name = headers['x-clickhouse-server-display-name'];
      // A proxy's page with status 200 is no acknowledgement.
      if (typeof name !== 'string') throw new StorageError('storeAnswer');
      server ??= name;
      if (this.#isCluster && name !== server) throw new StorageError('severalServers', `${server}, ${name}`);
    };
    const level = async (tables: readonly TableName[], withinMs: number): Promise<void> => {
      if (!this.#isCluster) return;
      for (const table of tables) {
        const startedMs = performance.now();
        if (startedMs - (replica.levelAtMs.get(table) ?? Number.NEGATIVE_INFINITY) < withinMs) continue;
        const { response_headers } = await replica.client.command({ query: syncReplica(table), abort_signal, clickhouse_settings: { receive_timeout: Math.ceil(this.#timeoutMs / 1000) } });
        sameServer(response_headers);
        replica.levelAtMs.set(table, startedMs);
      }
    };
    return { client: replica.client, abort_signal, level, sameServer };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#replicas.map(({ client }) => client.close()));
  }
}

/** Waits for the fetches that stand in the replica's queue now, not for merges. */
export function syncReplica(table: TableName): string {
  return `SYSTEM SYNC REPLICA ${table} LIGHTWEIGHT`;
}

function connect(address: StoreAddress, url: string, timeoutMs: number): ClickHouseClient {
  return createClient({
    url,
    username: address.user,
    password: address.password,
    database: address.database ?? 'tourniquet',
    request_timeout: timeoutMs,
    max_open_connections: 16,
    keep_alive: { enabled: true, idle_socket_ttl: 2_500 },
    log: { level: ClickHouseLogLevel.OFF },
  });
}
