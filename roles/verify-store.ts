import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { loadNative } from '../detect/native/binding.ts';
import { createKeysClient } from '../keys/client.ts';
import { createGroupStore } from '../storage/client/group-store.ts';
import { storeOptions } from '../storage/config.ts';
import { verifyAll } from '../storage/verify/verification.ts';
import type { Problem, SiteResult, VerificationEvent } from '../storage/verify/verification.ts';
import { loadConfig } from './config/config.ts';
import { requireRunning, storageAccess } from './connections.ts';
import type { Home } from './home.ts';
import { addressOf } from './run-file.ts';

export interface StoreVerdict {
  readonly ok: boolean;
  /** Events under a checkpoint that holds. */
  readonly events: number;
  readonly sites: readonly SiteResult[];
  readonly problems: readonly Problem[];
  readonly text: string;
}

/** Re-derives each site's tree from the rows of a running instance and compares it with the signed checkpoints. */
export async function verifyStore(home: Home, onEvent: (event: VerificationEvent) => void = () => undefined): Promise<StoreVerdict> {
  const config = loadConfig({ ...process.env, TOURNIQUET_HOME: home.root });
  requireRunning(config, home, 'storage');
  const access = await storageAccess(config, home, 'reader');
  // On a cluster rows may be on another replica than roots: only the writer may have them brought together.
  const writer = config.storage.cluster === '' ? undefined : createGroupStore({ ...(await storageAccess(config, home, 'writer')), ...storeOptions(config.storage) });
  const keys = createKeysClient({ url: await addressOf(home, 'keys', config.addresses.keys) });
  const native = await loadNative();
  const client = createClient({ url: access.url, username: access.user, password: access.password, database: 'tourniquet', request_timeout: 300_000, log: { level: ClickHouseLogLevel.OFF } });
  const sites: SiteResult[] = [];
  const problems: Problem[] = [];
  try {
    const checkpointVerifier = await keys.checkpointVerifier();
    for await (const event of verifyAll({ client, checkpointVerifier, append: (frontier, leaves) => native.append(frontier, leaves), ...(writer === undefined ? {} : { level: () => writer.level() }) })) {
      onEvent(event);
      if (event.type === 'site') sites.push(event);
      if (event.type === 'problem') problems.push(event);
    }
  } finally {
    await client.close();
    await writer?.close();
  }
  const events = sites.reduce((n, s) => n + s.attested, 0);
  const good = sites.filter((s) => s.ok).length;
  return { ok: problems.length === 0 && good === sites.length, events, sites, problems, text: `${good} of ${sites.length} sites, ${events} events under signed checkpoints` };
}
