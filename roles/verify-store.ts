import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { parseVerifier } from '../contracts/checkpoint.ts';
import { verifiersAt } from '../contracts/announced-key.ts';
import type { EventLog } from '../contracts/event-log.ts';
import { loadNative } from '../detect/native/binding.ts';
import { openBlockOpener } from '../ingest/sealing/block-opener.ts';
import { createKeysClient } from '../keys/client.ts';
import { createGroupStore } from '../storage/client/group-store.ts';
import { storeOptions } from '../storage/config.ts';
import { keptCheckpoints } from '../storage/verify/kept-checkpoints.ts';
import type { Finding, Problem } from '../storage/verify/problem.ts';
import type { RawBlocks } from '../storage/verify/raw-blocks.ts';
import { verifyAll, verifySite } from '../storage/verify/verification.ts';
import type { SiteResult, VerificationEvent, VerificationOptions } from '../storage/verify/verification.ts';
import { loadConfig } from './config/config.ts';
import type { Config } from './config/config.ts';
import { connectKeys, requireRunning, storageAccess } from './connections.ts';
import { DERIVATIONS } from './derivations.ts';
import { openEventLog } from './event-log.ts';
import type { Home } from './home.ts';
import { addressOf } from './run-file.ts';

export interface StoreVerdict {
  readonly ok: boolean;
  /** Events under a checkpoint that holds. */
  readonly events: number;
  readonly sites: readonly SiteResult[];
  readonly problems: readonly Problem[];
  readonly findings: readonly Finding[];
  readonly text: string;
}

export interface VerifyWhat extends Pick<VerificationOptions, 'deep' | 'window'> {
  /** One site; all without. */
  readonly site?: string;
  /** Text of a file of kept checkpoints, see `storage/verify/kept-checkpoints.ts`. */
  readonly against?: string;
  /** Raw blocks are opened while the event log keeps them; needs the worker's secret. */
  readonly rawBlocks?: boolean;
}

/** Re-derives each site's tree from the rows of a running instance and compares it with every root on record. */
export async function verifyStore(home: Home, onEvent: (event: VerificationEvent) => void = () => undefined, what: VerifyWhat = {}): Promise<StoreVerdict> {
  const config = loadConfig({ ...process.env, TOURNIQUET_HOME: home.root });
  requireRunning(config, home, 'storage');
  const access = await storageAccess(config, home, 'reader');
  // On a cluster rows may be on another replica than roots: only the writer may have them brought together.
  const writer = config.storage.cluster === '' ? undefined : createGroupStore({ ...(await storageAccess(config, home, 'writer')), ...storeOptions(config.storage) });
  const keys = createKeysClient({ url: await addressOf(home, 'keys', config.addresses.keys) });
  const native = await loadNative();
  const client = createClient({ url: access.url, username: access.user, password: access.password, database: 'tourniquet', request_timeout: 300_000, log: { level: ClickHouseLogLevel.OFF } });
  await using log = what.rawBlocks === true ? await openEventLog(config, home) : undefined;
  const sites: SiteResult[] = [];
  const problems: Problem[] = [];
  const findings: Finding[] = [];
  try {
    const checkpointKeys = await keys.checkpointVerifiers();
    const expiryVerifier = parseVerifier(await keys.expiryVerifier());
    const options: VerificationOptions = {
      client, checkpointKeys, expiryVerifiers: expiryVerifier === undefined ? [] : [expiryVerifier], append: (frontier, leaves) => native.append(frontier, leaves), derivations: DERIVATIONS,
      ...(what.deep === undefined ? {} : { deep: what.deep }), ...(what.window === undefined ? {} : { window: what.window }),
      ...(what.against === undefined ? {} : { kept: keptCheckpoints(what.against, verifiersAt(checkpointKeys)) }),
      ...(log === undefined ? {} : { rawBlocks: await rawBlocksOf(config, home, log) }), ...(writer === undefined ? {} : { level: () => writer.level() }),
    };
    for await (const event of what.site === undefined ? verifyAll(options) : verifySite(what.site, options)) {
      onEvent(event);
      if (event.type === 'site') sites.push(event);
      if (event.type === 'problem') problems.push(event);
      if (event.type === 'finding') findings.push(event);
    }
  } finally {
    await client.close();
    await writer?.close();
  }
  const events = sites.reduce((n, s) => n + s.attested, 0);
  const good = sites.filter((s) => s.ok).length;
  return { ok: problems.length === 0 && good === sites.length, events, sites, problems, findings, text: `${good} of ${sites.length} sites, ${events} events under signed checkpoints` };
}

async function rawBlocksOf(config: Config, home: Home, log: EventLog): Promise<RawBlocks> {
  const opener = openBlockOpener(await connectKeys(config, home, 'worker'));
  return {
    firstKept: async (partition) => (partition < log.partitions ? (await log.bounds(partition)).first : Infinity),
    async open(partition, position) {
      const [record] = await log.read(partition, position, { maxRecords: 1, maxBytes: 1 });
      return record?.position === position ? opener.open(record.value) : undefined;
    },
  };
}
