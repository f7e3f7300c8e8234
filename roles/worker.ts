import os from 'node:os';
import process from 'node:process';
import type { ControlStream, EventLog } from '../contracts/event-log.ts';
import { DEPLOYMENT_SITE } from '../contracts/names.ts';
import type { PartitionOwnership } from '../contracts/ownership.ts';
import type { Trail } from '../contracts/trail.ts';
import { loadNative } from '../detect/native/binding.ts';
import { openBlockOpener } from '../ingest/sealing/block-opener.ts';
import { openBlockSealer } from '../ingest/sealing/block-sealer.ts';
import type { KeysClient } from '../keys/client.ts';
import { createGroupStore } from '../storage/client/group-store.ts';
import { createCheckpointPublisher } from '../storage/commit/checkpoint-publisher.ts';
import type { CheckpointPublisher } from '../storage/commit/checkpoint-publisher.ts';
import { systemClock } from '../storage/commit/clock.ts';
import { createCommitter } from '../storage/commit/committer.ts';
import type { Committer } from '../storage/commit/committer.ts';
import type { CommitterEvent } from '../storage/commit/committer-deps.ts';
import { createDeploymentLog } from '../storage/commit/deployment-log.ts';
import { createControlRelease } from '../storage/commit/control-release.ts';
import { createVaultKeeper } from '../storage/commit/vault-keeper.ts';
import { storeOptions } from '../storage/config.ts';
import { createObservationPublisher } from '../storage/correlate/observation-publisher.ts';
import { connectKeys, storageAccess } from './connections.ts';
import { createWaits, reportCommitter } from './committer-report.ts';
import { openCorrelations } from './correlation.ts';
import { messageOf } from './error-message.ts';
import { openEventLog, openPartitions } from './event-log.ts';
import { openNoted } from './noted.ts';
import { noteConfiguration, noteRules } from './noted-acts.ts';
import { ownLines } from './own-lines.ts';
import type { OwnLines } from './own-lines.ts';
import { workOnOwned } from './partition-work.ts';
import { runRole } from './role-process.ts';
import type { RoleContext } from './role-process.ts';
import { compileRules } from './rules/compiled-rules.ts';
import type { RuleFigures } from './rules/compiled-rules.ts';
import { readConfiguredRules } from './rules/configured-rules.ts';
import { configuredFingerprint, refusalOf, startRuleReload } from './rules/rule-reload.ts';
import type { RuleReload } from './rules/rule-reload.ts';
import { openRuleSets } from './rules/rule-sets.ts';
import type { RuleSets } from './rules/rule-sets.ts';
import { openTrail } from './trail.ts';

const STATUS_EVERY_MS = 500;
/** Once or twice is no fault: whoever takes a partition over may be faster. Where the history is wrong, each growth is refused. */
const FAULTY_REFUSALS = 3;

interface Publishing {
  readonly publisher: CheckpointPublisher;
  /** Sites whose history the keys role does not vouch for; empty when there are none. */
  stuck(): string;
}

function openPublisher({ config, log: logLine }: RoleContext, append: OwnLines, deps: Pick<Parameters<typeof createCheckpointPublisher>[0], 'keys' | 'store'>): Publishing {
  const refused = new Map<string, { readonly message: string; readonly times: number }>();
  const deploymentLog = createDeploymentLog({ append, clock: systemClock, everyMs: config.worker.deployment_log_ms, onDelayed: (error) => logLine('deployment log delayed', { message: messageOf(error) }) });
  const publisher = createCheckpointPublisher({
    ...deps,
    clock: systemClock,
    tickMs: config.worker.checkpoint_ms,
    onEvent: (event) => {
      if (event.type === 'published') refused.delete(event.site);
      else logLine(`checkpoint ${event.type}`, { site: event.site, message: messageOf(event.error) });
      if (event.type === 'refused') refused.set(event.site, { message: messageOf(event.error), times: (refused.get(event.site)?.times ?? 0) + 1 });
    },
    deploymentLog,
  });
  return { publisher, stuck: () => [...refused].filter(([, { times }]) => times >= FAULTY_REFUSALS).map(([site, { message }]) => `no checkpoint of ${site}: ${message}`).join('; ') };
}

/** The rules of the settings, and what puts changed ones to use. */
async function openRules(context: RoleContext, registry: ControlStream, keys: KeysClient, trail: Trail): Promise<{ readonly sets: RuleSets; readonly reload: RuleReload }> {
  const { home, config, signal, log } = context;
  const noted = openNoted(home);
  await noteConfiguration(noted, trail, 'worker', config);
  const native = await loadNative();
  const fingerprintKey = await keys.fingerprintKey();
  const taken = await configuredFingerprint(config.rules);
  let refused = '';
  const sets = await openRuleSets(
    registry,
    (prepared) => compileRules(prepared, { native, cacheDirectory: home.cache, fingerprintKey, signal }),
    () => readConfiguredRules(config.rules),
    (error) => {
      refused = refusalOf(error);
      log('rules refused', { message: refused });
    },
    (version) => noteRules(noted, trail, version),
  );
  return { sets, reload: startRuleReload(context, sets, taken, refused) };
}

/** Everything a committer of any partition needs. */
async function openCommitters({ home, config, signal }: RoleContext, log: EventLog, keys: KeysClient, rules: RuleSets, onEvent: (event: CommitterEvent) => void) {
  const native = await loadNative();
  const store = createGroupStore({ ...(await storageAccess(config, home, 'writer', signal)), ...storeOptions(config.storage) });
  const opener = openBlockOpener(keys);
  const sealer = await openBlockSealer(keys);
  const observations = createObservationPublisher({ log: log.observations, seal: (headBytes, body) => sealer.seal(headBytes, body), clock: systemClock });
  const control = createControlRelease(log.control, log.partitions);
  const keep = createVaultKeeper((entries) => keys.put(entries));
  const create = (partition: number): Committer =>
    createCommitter({
      partition,
      log,
      store,
      stageFor: (versions) => rules.stageFor(versions),
      currentVersions: () => rules.versions(),
      open: (record) => opener.open(record.value),
      siteKeys: (site, epoch) => keys.siteKeys(site, epoch),
      tree: native,
      clock: systemClock,
      config: config.worker,
      keep,
      publish: (range, ruleSet, seen) => observations.publish(range, ruleSet, seen),
      releaseControl: (of, before) => control.release(of, before),
      onEvent,
    });
  return { create, store, opener, sealer };
}

interface PartitionWorker {
  run(signal: AbortSignal): Promise<void>;
  status(): Promise<unknown>;
}

interface Working extends AsyncDisposable {
  /** Of the partitions worked on now, as of a moment ago. */
  statuses(): readonly unknown[];
  /** Which partitions are stopped, and why; empty when none is. */
  stopped(): string;
}

/** A worker of its own for each owned partition, new at each start. */
function workWith(what: string, ownership: PartitionOwnership, create: (partition: number) => PartitionWorker, log: RoleContext['log']): Working {
  const running = new Map<number, PartitionWorker>();
  const stopped = new Map<number, string>();
  const work = workOnOwned(
    ownership,
    async (partition, signal) => {
      const worker = create(partition);
      running.set(partition, worker);
      stopped.delete(partition);
      await worker.run(signal).finally(() => running.delete(partition));
    },
    (partition, error, retryMs) => {
      stopped.set(partition, `${what} ${partition} stopped: ${messageOf(error)}`);
      log(`${what} stopped`, { partition, message: messageOf(error), retry_ms: retryMs });
    },
  );
  let statuses: readonly unknown[] = [];
  const timer = setInterval(() => {
    Promise.all(Array.from(running.values(), (w) => w.status())).then(
      (s) => {
        statuses = s;
      },
      () => undefined,
    );
  }, STATUS_EVERY_MS);
  return {
    statuses: () => statuses,
    stopped: () => [...stopped].filter(([partition]) => ownership.owned.has(partition)).map(([, why]) => why).join('; '),
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await work[Symbol.asyncDispose]();
    },
  };
}

function ruleStatus(sets: RuleSets, reload: RuleReload) {
  return { version: sets.current.ruleSet.version, ...sets.figures(), refused: reload.refused() };
}

/** Says so when rules that were loaded are not considered: none may be left out silently. */
function leftOut({ sigma, considered_each }: RuleFigures): string {
  return considered_each === sigma ? '' : `${sigma} Sigma rules are loaded, but ${considered_each} are considered for an event; report this`;
}

// Somebody waits for an answer of the store; lines that the worker has not stored yet are durable in the log.
os.setPriority(5);
await runRole('worker', async (context) => {
  const { home, config, signal, log: logLine } = context;
  const keys = await connectKeys(config, home, 'worker', signal);
  const log = await openEventLog(config, home, logLine);
  const waits = createWaits();
  const onEvent = (event: CommitterEvent): void => {
    waits.seen(event);
    if (event.type === 'recovered') publisher.grew(event.roots);
    if (event.type === 'committed') {
      publisher.grew(event.record.sites);
      blocks.done(event.partition, event.record.last + 1);
    }
    reportCommitter(logLine, event);
  };
  const { sets, reload } = await openRules(context, log.registry, keys, await openTrail(log, keys));
  const committers = await openCommitters(context, log, keys, sets, onEvent);
  const { sealer } = committers;
  const { publisher, stuck: unvouched } = openPublisher(context, ownLines(log, (headBytes, body) => sealer.seal(headBytes, body), DEPLOYMENT_SITE, 'checkpoints'), { keys, store: committers.store });
  const [blocks, observations] = await Promise.all([openPartitions(config, log.partitions, 'blocks', logLine), openPartitions(config, log.observations.partitions, 'observations', logLine)]);
  const committing = workWith('partition', blocks, committers.create, logLine);
  const correlating = workWith('correlation', observations, openCorrelations({ log, ...committers, rules: sets, config, logLine }), logLine);
  const stop = new AbortController();
  const publishing = publisher.run(stop.signal);
  return {
    url: '',
    failed: Promise.race([blocks.failed, observations.failed]),
    status: () => ({
      partitions: committing.statuses(), correlations: correlating.statuses(),
      rules: ruleStatus(sets, reload),
      stuck: [leftOut(sets.figures()), committing.stopped(), correlating.stopped(), waits.stuck(blocks.owned), unvouched()].filter((t) => t !== '').join('; '), memory_bytes: process.memoryUsage.rss(),
    }),
    async close() {
      // Others take over while this one finishes what it is at: both may do the same, nothing is stored twice.
      await Promise.all([reload[Symbol.asyncDispose](), blocks[Symbol.asyncDispose](), observations[Symbol.asyncDispose](), committing[Symbol.asyncDispose](), correlating[Symbol.asyncDispose]()]);
      stop.abort();
      await publishing.catch(() => undefined);
      await committers.store.close();
      await log[Symbol.asyncDispose]();
    },
  };
});
