import { createGroupStore } from '../storage/client/group-store.ts';
import { storeOptions } from '../storage/config.ts';
import type { Config } from './config/config.ts';
import { storageAccess } from './connections.ts';
import type { Home } from './home.ts';

/** On a cluster a checkpoint may come to a replica before the rows it covers: only the writer may have them brought together. */
export interface ReplicaLevel extends AsyncDisposable {
  /** Undefined on a single server, where there is nothing to bring together. */
  readonly bringLevel?: () => Promise<void>;
}

export async function openReplicaLevel(config: Config, home: Home, signal?: AbortSignal): Promise<ReplicaLevel> {
  if (config.storage.cluster === '') return { [Symbol.asyncDispose]: async () => undefined };
  const store = createGroupStore({ ...(await storageAccess(config, home, 'writer', signal)), ...storeOptions(config.storage) });
  return { bringLevel: () => store.level(), [Symbol.asyncDispose]: () => store.close() };
}
