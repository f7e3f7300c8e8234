import { createKeysClient } from '../keys/client.ts';
import type { KeysClient } from '../keys/client.ts';
import type { Config } from './config/config.ts';
import { readSecret } from './config/read.ts';
import type { Home } from './home.ts';
import { addressOf } from './run-file.ts';
import { readSecretFile } from './secret-files.ts';

export interface StorageAccess {
  readonly url: string;
  readonly user: 'writer' | 'reader';
  readonly password: string;
}

/** Address and password of the storage role or of ClickHouse; waits until it is up when it runs on this home. */
export async function storageAccess(config: Config, home: Home, user: 'writer' | 'reader', signal?: AbortSignal): Promise<StorageAccess> {
  const password = readSecret(user === 'writer' ? config.secrets.storage_writer : config.secrets.storage_reader) ?? readSecretFile(home, `storage-${user}`);
  return { url: await addressOf(home, 'storage', config.addresses.storage, signal), user, password };
}

/** The keys role as this role may use it; waits until it is up when it runs on this home. */
export async function connectKeys(config: Config, home: Home, role: 'gateway' | 'worker', signal?: AbortSignal): Promise<KeysClient> {
  const secret = readSecret(role === 'gateway' ? config.secrets.keys_gateway : config.secrets.keys_worker) ?? readSecretFile(home, `keys-${role}`);
  return createKeysClient({ url: await addressOf(home, 'keys', config.addresses.keys, signal), role, secret });
}
