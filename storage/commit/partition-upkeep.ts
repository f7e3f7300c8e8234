import type { CommitRecord } from '../../contracts/control.ts';
import type { CommitterDeps } from './committer-deps.ts';
import type { ControlTail } from './control-tail.ts';
import { CommitError } from './errors.ts';
import type { GroupWriter } from './group-writer.ts';
import type { PartitionState } from './partition-state.ts';
import { formatSnapshot } from './partition-state.ts';
import type { Retry } from './retry.ts';

/** What the committer carries from group to group. */
export interface Progress {
  readonly tail: ControlTail;
  state: PartitionState;
  /** Committed groups whose blocks the log still holds. */
  kept: readonly CommitRecord[];
  sinceSnapshot: number;
  /** When the last group was committed, or parking was looked at; by the clock for durations. */
  activeAtMs: number;
}

export interface PartitionUpkeep {
  /** After a group: snapshots, and lets go of blocks and control records behind the kept groups. */
  tidy(progress: Progress, signal: AbortSignal): Promise<void>;
  /** Whether nothing came for long enough to look at `park`. */
  parkDue(progress: Progress): boolean;
  /** Lets go of all blocks, and of control records up to a fresh snapshot. The tail was refreshed. */
  park(progress: Progress, signal: AbortSignal): Promise<void>;
}

/** Entries of all partitions that may gather on the control stream since a partition's snapshot, in groups between two. */
const GROWTH = 10;

export function createPartitionUpkeep(deps: CommitterDeps, retry: Retry, writer: GroupWriter): PartitionUpkeep {
  const { partition, log, clock, config, onEvent } = deps;
  const grownSince = (offset: number, { cursor }: ControlTail): boolean => cursor - offset > GROWTH * config.snapshot_every;

  async function snapshot(progress: Progress, signal: AbortSignal): Promise<void> {
    await retry('snapshot', () => log.control.append(`snapshot/${partition}`, JSON.stringify(formatSnapshot(partition, progress.state))), signal);
    progress.sinceSnapshot = 0;
  }

  /** Blocks leave the log once their rows were counted. A snapshot is behind when every group still kept starts after it. */
  async function letGo(progress: Progress, groups: number, signal: AbortSignal): Promise<void> {
    const { tail, kept, state } = progress;
    const leaving = kept.slice(0, groups);
    if (!(await writer.holds(leaving, signal))) throw new CommitError('TQ-COMMIT-05', `partition ${partition}, positions ${leaving[0]?.first} to ${leaving.at(-1)?.last}`);
    progress.kept = kept.slice(groups);
    const before = progress.kept[0]?.first ?? state.next;
    await retry('trim', () => log.trim(partition, before), signal);
    onEvent({ type: 'trimmed', partition, before });
    const behind = tail.snapshots.findLast((s) => s.record.next <= before);
    if (behind === undefined) return;
    tail.forget(behind.record.next);
    await retry('releaseControl', () => deps.releaseControl(partition, behind.offset), signal);
  }

  return {
    async tidy(progress, signal) {
      const { tail } = progress;
      if (progress.sinceSnapshot >= config.snapshot_every || grownSince(tail.snapshots.at(-1)?.offset ?? tail.released, tail)) await snapshot(progress, signal);
      if (progress.kept.length >= 2 * config.recount_groups) await letGo(progress, progress.kept.length - config.recount_groups, signal);
    },
    parkDue: ({ activeAtMs }) => clock.elapsedMs() - activeAtMs >= config.park_ms,
    async park(progress, signal) {
      const { tail, kept } = progress;
      progress.activeAtMs = clock.elapsedMs();
      if (kept.length === 0 && !grownSince(tail.released, tail)) return;
      if (!tail.used) return retry('releaseControl', () => deps.releaseControl(partition, tail.cursor), signal);
      await snapshot(progress, signal);
      await retry('control', () => tail.refresh(), signal);
      await letGo(progress, kept.length, signal);
    },
  };
}
