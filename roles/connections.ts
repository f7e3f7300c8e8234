import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { ClickHouseClient } from '@clickhouse/client';
import { createKeysClient } from '../keys/client.ts';
import type { KeysClient } from '../keys/client.ts';
import { replicaUrls } from '../storage/client/replicas.ts';
import type { Config } from './config/config.ts';
import type { Home } from './home.ts';
import { addressOf, readRunFile } from './run-file.ts';
import { secretOf } from './secrets.ts';

export interface StorageAccess {
  readonly url: string;
  readonly user: 'writer' | 'reader' | 'retention';
  readonly password: string;
}

/**
 * Address and password of the storage role or of ClickHouse; waits until it is up when it runs on this home. A writer gets
 * the addresses of all replicas, a reader the first.
 */
export async function storageAccess(config: Config, home: Home, user: StorageAccess['user'], signal?: AbortSignal): Promise<StorageAccess> {
  const password = secretOf(config, home, `storage-${user}`);
  const url = await addressOf(home, 'storage', config.addresses.storage, signal);
  return { url: user === 'writer' ? url : (replicaUrls(url)[0] ?? url), user, password };
}

/** Throws when the role neither runs on this home nor has an address elsewhere: a command must not wait for it. */
export function requireRunning(config: Config, home: Home, role: 'storage' | 'keys'): void {
  if (config.addresses[role] !== '' || readRunFile(home, role) !== undefined) return;
  const what = role === 'storage' ? 'the store' : 'the keys role';
  throw new Error(`nothing runs on ${home.root}. Start it with "npm start", or name ${what} under addresses.${role} in the configuration.`);
}

/** The keys role as this role may use it; waits until it is up when it runs on this home. */
export async function connectKeys(config: Config, home: Home, role: 'gateway' | 'worker' | 'compliance' | 'operator' | 'retention' | 'console' | 'respond', signal?: AbortSignal): Promise<KeysClient> {
  const secret = secretOf(config, home, `keys-${role}`);
  return createKeysClient({ url: await addressOf(home, 'keys', config.addresses.keys, signal), role, secret });
}

/** Reads that a person asked for: bounded by the store, not by the client. */
export function readingClient({ url, user, password }: StorageAccess): ClickHouseClient {
  return createClient({ url, username: user, password, database: 'tourniquet', request_timeout: 3_600_000, log: { level: ClickHouseLogLevel.OFF } });
}
