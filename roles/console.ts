import type { ClickHouseClient } from '@clickhouse/client';
import type { FastifyInstance } from 'fastify';
import type { EventLog } from '../contracts/event-log.ts';
import type { Trail } from '../contracts/trail.ts';
import { loadNative } from '../detect/native/binding.ts';
import { openBlockSealer } from '../ingest/sealing/block-sealer.ts';
import type { KeysClient } from '../keys/client.ts';
import { addAuditRoutes } from '../storage/audit/audit-routes.ts';
import { AUDIT_PATHS } from '../storage/audit/audit-paths.ts';
import { addBundleRoutes, BUNDLE_PATHS } from '../storage/bundle/bundle-routes.ts';
import { readBundle } from '../storage/bundle/read-bundle.ts';
import { consoleServer } from '../storage/console/server.ts';
import { createLedgerReader } from '../storage/ledger/ledger-reader.ts';
import type { LedgerReader } from '../storage/ledger/ledger-reader.ts';
import { addLogRoutes, LOG_PATHS } from '../storage/ledger/log-routes.ts';
import { createScopeStore } from '../storage/scope/clickhouse-store.ts';
import { SCOPE_PATHS } from '../storage/scope/scope-paths.ts';
import { addScopeRoutes } from '../storage/scope/scope-routes.ts';
import { startAnchors } from './anchor.ts';
import { openAudit } from './audit-client.ts';
import { connectKeys, readingClient, storageAccess } from './connections.ts';
import { messageOf } from './error-message.ts';
import { openEventLog } from './event-log.ts';
import { keptFor } from './kept-for.ts';
import { createAdmission } from './people/admission.ts';
import { peopleAdmin } from './people/people-admin.ts';
import { openPeopleRegister } from './people/people-register.ts';
import type { PeopleRegister } from './people/people-register.ts';
import { addPeopleRoutes, PEOPLE_PATHS } from './people/people-routes.ts';
import { openReplicaLevel } from './replica-level.ts';
import type { ReplicaLevel } from './replica-level.ts';
import { runRole } from './role-process.ts';
import type { RoleContext } from './role-process.ts';
import { openSealedRuleSets } from './rules/sealed-rule-sets.ts';
import { trailOf } from './trail.ts';

const VERIFIERS_FOR_MS = 5_000;

/** What its routes work with; each folder brings its own. */
interface ConsoleParts {
  readonly context: RoleContext;
  readonly log: EventLog;
  readonly keys: KeysClient;
  readonly client: ClickHouseClient;
  readonly replicas: ReplicaLevel;
  readonly ledger: LedgerReader;
  readonly trail: Trail;
  readonly people: PeopleRegister;
}

function consoleOf({ context: { config, log: logLine }, log, keys, client, replicas, ledger, trail, people }: ConsoleParts): FastifyInstance {
  const server = consoleServer({
    config: config.console,
    paths: { ...AUDIT_PATHS, ...PEOPLE_PATHS, ...SCOPE_PATHS, ...BUNDLE_PATHS, ...LOG_PATHS },
    onFault: (error) => logLine('fault', { message: messageOf(error) }),
  });
  const admit = createAdmission({ people, trail, attemptsPerMinute: config.console.attempts_per_minute });
  const store = createScopeStore(client);
  const ruleSets = openSealedRuleSets(log.registry);
  addAuditRoutes(server, { audit: openAudit({ config, client, replicas, registry: log.registry, trail, keys: async () => keys }), admit, pageRows: config.console.page_rows });
  addPeopleRoutes(server, { people: peopleAdmin(log.registry, trail), admit });
  addScopeRoutes(server, { store, admit, trail });
  addBundleRoutes(server, { store, admit, trail, bundleOf: (report) => readBundle({ client, ledger, keys, ruleSet: async (version) => (await ruleSets.read(version)).ruleSet }, report) });
  addLogRoutes(server, { reader: ledger });
  return server;
}

await runRole('console', async (context) => {
  const { home, config, signal, log: logLine } = context;
  const log = await openEventLog(config, home, logLine);
  const [keys, access, native] = await Promise.all([connectKeys(config, home, 'console', signal), storageAccess(config, home, 'reader', signal), loadNative()]);
  const [sealer, people, replicas] = await Promise.all([openBlockSealer(keys), openPeopleRegister(log.registry), openReplicaLevel(config, home, signal)]);
  const client = readingClient(access);
  const ledger = createLedgerReader({ client, ...(replicas.bringLevel === undefined ? {} : { bringLevel: replicas.bringLevel }), keys: keptFor(VERIFIERS_FOR_MS, () => keys.checkpointVerifiers()), append: (frontier, leaves) => native.append(frontier, leaves) });
  const server = consoleOf({ context, log, keys, client, replicas, ledger, trail: trailOf(log, sealer), people });
  const url = await server.listen({ host: config.console.host, port: config.console.port });
  const anchors = await startAnchors(context, { log, sealer, keys, client, ledger });
  return {
    url,
    status: () => ({ memory_bytes: process.memoryUsage.rss(), anchors: anchors.status(), stuck: anchors.status().stuck }),
    async close() {
      await server.close();
      await anchors[Symbol.asyncDispose]();
      await replicas[Symbol.asyncDispose]();
      await client.close();
      await log[Symbol.asyncDispose]();
    },
  };
});
