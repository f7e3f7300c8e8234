import process from 'node:process';
import { loadNative } from '../detect/native/binding.ts';
import { loadPack } from '../detect/pack/load.ts';
import { createStage } from '../detect/stage.ts';
import { openBlockOpener } from '../ingest/sealing/block-opener.ts';
import { createGroupStore } from '../storage/client/group-store.ts';
import { createCheckpointPublisher } from '../storage/commit/checkpoint-publisher.ts';
import type { CheckpointPublisher } from '../storage/commit/checkpoint-publisher.ts';
import { systemClock } from '../storage/commit/clock.ts';
import { createCommitter } from '../storage/commit/committer.ts';
import type { CommitterEvent } from '../storage/commit/committer-deps.ts';
import type { CommitterStatus } from '../storage/commit/committer-status.ts';
import { connectKeys, storageAccess } from './connections.ts';
import { createControlTrimmer } from './control-trimmer.ts';
import { openEventLog } from './event-log.ts';
import { runRole } from './role-process.ts';
import type { RoleContext } from './role-process.ts';
import { openStages } from './stages.ts';

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What an operator should see of the committer; committed groups are in the status instead. */
function report(log: RoleContext['log'], event: CommitterEvent): void {
  switch (event.type) {
    case 'committed':
    case 'trimmed':
      return;
    case 'waiting':
      // The first tries of a restarting peer are no news.
      if (event.tries >= 5) log('waiting', { partition: event.partition, for: event.what, tries: event.tries, message: messageOf(event.error) });
      return;
    case 'recovered':
      if (event.restored > 0) log('restored', { partition: event.partition, groups: event.restored, reason: 'rows the store had lost were derived again' });
      return;
    case 'adopted':
      log('adopted', { partition: event.partition, first: event.prepare.first, last: event.prepare.last });
      return;
    case 'amended':
      log('amended', { partition: event.partition, first: event.first, lines: event.lines, reason: 'the store refused these lines; they are dead letters' });
      return;
    case 'damaged_record':
      log('damaged record', { partition: event.partition, position: event.position, message: messageOf(event.error) });
      return;
    case 'overtaken':
      log('overtaken', { partition: event.partition, next: event.next });
      return;
    default:
      event satisfies never;
  }
}

function openPublisher(context: RoleContext, deps: Pick<Parameters<typeof createCheckpointPublisher>[0], 'keys' | 'store'>): CheckpointPublisher {
  return createCheckpointPublisher({
    ...deps,
    clock: systemClock,
    tickMs: context.config.worker.checkpoint_ms,
    onEvent: (event) => {
      if (event.type !== 'published') context.log(`checkpoint ${event.type}`, { site: event.site, message: messageOf(event.error) });
    },
  });
}

await runRole('worker', async (context) => {
  const { home, config, signal } = context;
  const keys = await connectKeys(config, home, 'worker', signal);
  const native = await loadNative();
  const log = await openEventLog(config, home);
  const store = createGroupStore(await storageAccess(config, home, 'writer', signal));
  const stages = await openStages(log.registry, await loadPack(), (pack) => createStage({ pack, native, cacheDirectory: home.cache }));
  const opener = openBlockOpener(keys);
  const publisher = openPublisher(context, { keys, store });
  const releaseControl = createControlTrimmer(log.control, log.partitions);
  const committers = Array.from({ length: log.partitions }, (_, partition) =>
    createCommitter({
      partition,
      log,
      store,
      stageFor: (versions) => stages.stageFor(versions),
      currentVersions: () => stages.current,
      open: (record) => opener.open(record.value),
      siteKeys: (site, epoch) => keys.siteKeys(site, epoch),
      tree: native,
      clock: systemClock,
      config: config.worker,
      releaseControl,
      onEvent: (event) => {
        if (event.type === 'recovered') publisher.grew(event.roots);
        if (event.type === 'committed') publisher.grew(event.record.sites);
        report(context.log, event);
      },
    }),
  );
  const stop = new AbortController();
  const work = Promise.all([publisher.run(stop.signal), ...committers.map((c) => c.run(stop.signal))]);
  let partitions: readonly CommitterStatus[] = [];
  const statusTimer = setInterval(() => {
    Promise.all(committers.map((c) => c.status())).then(
      (s) => {
        partitions = s;
      },
      () => undefined,
    );
  }, 500);
  return {
    url: '',
    failed: work.then(() => new Promise<never>(() => undefined)),
    status: () => ({ partitions, pack: stages.current.pack, memory_bytes: process.memoryUsage.rss() }),
    async close() {
      clearInterval(statusTimer);
      stop.abort();
      await work.catch(() => undefined);
      await store.close();
      await log[Symbol.asyncDispose]();
    },
  };
});
