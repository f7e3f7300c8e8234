import type { WorkerKeys } from '../../contracts/keys.ts';
import { parseFrontier } from '../../contracts/merkle.ts';
import { DEPLOYMENT_SITE } from '../../contracts/names.ts';
import type { Clock } from './clock.ts';
import type { SiteRoots } from './committer-deps.ts';
import type { DeploymentLog } from './deployment-log.ts';
import { isRetryable } from './retry.ts';

export interface StoredCheckpoint {
  readonly site: string;
  readonly size: number;
  /** 32 bytes. */
  readonly root: Buffer;
  /** Unix ms. */
  readonly signedAtMs: number;
  /** C2SP signed note. */
  readonly note: string;
}

export interface CheckpointPublisherDeps {
  readonly keys: Pick<WorkerKeys, 'signCheckpoint'>;
  readonly store: {
    /** A second call with the same site and size stores nothing more. */
    recordCheckpoint(checkpoint: StoredCheckpoint): Promise<void>;
  };
  readonly clock: Clock;
  /** Milliseconds between two checkpoints of a site. */
  readonly tickMs: number;
  readonly onEvent: (event: CheckpointEvent) => void;
  /** Told of every site's checkpoints but its own. */
  readonly deploymentLog?: DeploymentLog;
}

export type CheckpointEvent =
  | { readonly type: 'published'; readonly site: string; readonly size: number }
  /** Tried again on the next tick. */
  | { readonly type: 'delayed'; readonly site: string; readonly error: unknown }
  /** The key vouches for another history: this root is never published. Someone has to look. */
  | { readonly type: 'refused'; readonly site: string; readonly size: number; readonly error: unknown };

/**
 * Signs each site's newest committed root once a tick. Only roots of committed groups are given to it, and a group is
 * committed only after the store has fsynced its rows. A crash between signing and storing is harmless: the same root
 * is signed again from the roots that recovery reports.
 */
export interface CheckpointPublisher {
  /** Roots of a `committed` or `recovered` event. */
  grew(roots: SiteRoots): void;
  /** Publishes what grew, now. */
  publish(): Promise<void>;
  /** Publishes every tick until the signal aborts, and once more then. */
  run(signal: AbortSignal): Promise<void>;
}

interface Grown {
  readonly size: number;
  readonly root: Buffer;
}

export function createCheckpointPublisher({ keys, store, clock, tickMs, onEvent, deploymentLog }: CheckpointPublisherDeps): CheckpointPublisher {
  const waiting = new Map<string, Grown>();
  const published = new Map<string, number>();

  async function publishSite(site: string, grown: Grown): Promise<void> {
    let checkpoint: StoredCheckpoint;
    try {
      const note = await keys.signCheckpoint(site, grown.size, grown.root);
      checkpoint = { site, size: grown.size, root: grown.root, signedAtMs: clock.nowMs(), note };
      await store.recordCheckpoint(checkpoint);
    } catch (error) {
      if (isRetryable(error)) return onEvent({ type: 'delayed', site, error });
      forget(site, grown);
      return onEvent({ type: 'refused', site, size: grown.size, error });
    }
    forget(site, grown);
    published.set(site, grown.size);
    // Or it would grow by its own growth, for ever.
    if (site !== DEPLOYMENT_SITE) deploymentLog?.published(checkpoint);
    onEvent({ type: 'published', site, size: grown.size });
  }

  /** Unless it grew again meanwhile. */
  function forget(site: string, grown: Grown): void {
    if (waiting.get(site) === grown) waiting.delete(site);
  }

  async function publish(): Promise<void> {
    for (const [site, grown] of Array.from(waiting)) await publishSite(site, grown);
    await deploymentLog?.write();
  }

  return {
    grew(roots) {
      for (const [site, { tree, root }] of Object.entries(roots)) {
        const { size } = parseFrontier(tree);
        if (size > (published.get(site) ?? 0)) waiting.set(site, { size, root: Buffer.from(root, 'base64') });
      }
    },
    publish,
    async run(signal) {
      while (!signal.aborted) {
        await clock.sleep(tickMs, signal);
        await publish();
      }
      await deploymentLog?.write('now');
    },
  };
}
