import { existsSync } from 'node:fs';
import type { ClickHouseClient } from '@clickhouse/client';
import type { ControlStream } from '../contracts/event-log.ts';
import { DEPLOYMENT_SITE, SYSTEM_SITE } from '../contracts/names.ts';
import type { Trail } from '../contracts/trail.ts';
import { listSites } from '../ingest/sites/site-admin.ts';
import type { KeysClient } from '../keys/client.ts';
import { auditFolders } from '../storage/audit/audit-folders.ts';
import type { AuditFolders } from '../storage/audit/audit-folders.ts';
import { auditService } from '../storage/audit/audit-service.ts';
import type { AuditService } from '../storage/audit/audit-service.ts';
import type { Config } from './config/config.ts';
import { ConfigError } from './config/read.ts';
import { keptFor } from './kept-for.ts';
import type { ReplicaLevel } from './replica-level.ts';

const SITES_FOR_MS = 5_000;

/** Every site there is, our own among them; read again after some seconds. */
export function knownSites(registry: ControlStream): () => Promise<readonly string[]> {
  return keptFor(SITES_FOR_MS, async () => [DEPLOYMENT_SITE, SYSTEM_SITE, ...(await listSites(registry)).map(({ site }) => site)].toSorted());
}

/** The shipped queries and those of the configuration. Throws `ConfigError` when a folder of these is not there. */
export function savedQueries({ audit }: Config): AuditFolders {
  const missing = audit.paths.filter((folder) => !existsSync(folder));
  if (missing.length > 0) throw new ConfigError(missing.map((folder) => `audit.paths: there is no folder ${folder}`));
  return auditFolders(audit.paths);
}

export interface AuditParts {
  readonly config: Config;
  readonly client: ClickHouseClient;
  readonly registry: ControlStream;
  readonly trail: Trail;
  /** The keys role as compliance may use it; asked for when the first identifier is looked up. */
  readonly keys: () => Promise<Pick<KeysClient, 'lookup'>>;
  readonly replicas: ReplicaLevel;
}

export function openAudit({ config, client, registry, trail, keys, replicas }: AuditParts): AuditService {
  return auditService({
    client, trail, folders: savedQueries(config), sites: knownSites(registry),
    ...(replicas.bringLevel === undefined ? {} : { bringLevel: replicas.bringLevel }),
    lookup: async (kind, identifier, sites, reason) => (await keys()).lookup(kind, identifier, sites, reason),
  });
}
