import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { ClickHouseClient } from '@clickhouse/client';
import type { EventLog } from '../contracts/event-log.ts';
import { readHolds } from '../storage/retention/holds.ts';
import { partitionStates, storedPartitions } from '../storage/retention/partitions.ts';
import type { PartitionState } from '../storage/retention/partitions.ts';
import { policyOf } from '../storage/retention/policy.ts';
import type { Policy } from '../storage/retention/policy.ts';
import type { Config } from './config/config.ts';
import { ConfigError } from './config/read.ts';
import { requireRunning, storageAccess } from './connections.ts';
import type { Home } from './home.ts';

/** The periods in force. Throws `ConfigError` with everything that is wrong with them. */
export function retentionPolicy(config: Config): Policy {
  const { policy, problems } = policyOf(config.retention);
  if (problems.length > 0) throw new ConfigError(problems);
  return policy;
}

/** The store as a user: `retention` only where something is to be dropped. */
export async function openRetentionStore(config: Config, home: Home, user: 'reader' | 'retention'): Promise<ClickHouseClient> {
  requireRunning(config, home, 'storage');
  const { url, password } = await storageAccess(config, home, user);
  return createClient({ url, username: user, password, database: 'tourniquet', request_timeout: 300_000, log: { level: ClickHouseLogLevel.OFF } });
}

/** What is stored and what becomes of it now, by month and tier. */
export async function retentionStates(client: ClickHouseClient, policy: Policy, log: EventLog): Promise<readonly PartitionState[]> {
  return partitionStates(await storedPartitions(client), policy, await readHolds(log.registry), Date.now());
}
