import type { CommitRecord } from '../../contracts/control.ts';
import type { CommitterDeps, SiteRoots } from './committer-deps.ts';
import type { ControlTail } from './control-tail.ts';
import type { DerivedGroup } from './derivation.ts';
import { CommitError } from './errors.ts';
import type { GroupDerivation } from './group-derivation.ts';
import type { GroupWriter } from './group-writer.ts';
import type { PartitionState } from './partition-state.ts';
import { applyCommit, EMPTY_PARTITION, formatTouched, parseSnapshot } from './partition-state.ts';
import type { Retry } from './retry.ts';

export interface Recovered {
  readonly state: PartitionState;
  /** Committed groups whose blocks the log still holds, oldest first. */
  readonly kept: readonly CommitRecord[];
  /** Those whose rows had vanished. */
  readonly restored: readonly CommitRecord[];
  /** Groups committed after the newest snapshot. */
  readonly sinceSnapshot: number;
  readonly roots: SiteRoots;
}

/** Equal for equal results, whoever derived them and when. */
export function resultOf({ rows, duplicates, sites, last, versions }: Omit<CommitRecord, 'committed_at'>): string {
  const counts = Object.entries(rows).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify({ last, versions, duplicates, counts, sites });
}

export function commitOf({ prepare, rows, duplicates, touched }: DerivedGroup, committedAtMs: number): CommitRecord {
  const { partition, first, last, versions, received_from, received_to } = prepare;
  return { type: 'commit', partition, first, last, committed_at: committedAtMs, versions, received_from, received_to, rows, duplicates, sites: formatTouched(touched) };
}

/**
 * The newest snapshot from before the oldest block kept, and the commits after it. Without one nothing was ever let go
 * of, so history starts at nothing. A commit that starts before the end of another came from a worker left behind.
 */
function history(tail: ControlTail, oldestKept: number): { readonly base: PartitionState; readonly commits: readonly CommitRecord[] } {
  const snapshot = tail.snapshots.findLast((s) => s.record.next <= oldestKept);
  const base = snapshot === undefined ? EMPTY_PARTITION : parseSnapshot(snapshot.record);
  let { next } = base;
  const commits: CommitRecord[] = [];
  for (const { record } of [...tail.commits.values()].toSorted((a, b) => a.record.first - b.record.first)) {
    if (record.first < next) continue;
    commits.push(record);
    next = record.last + 1;
  }
  return { base, commits };
}

/**
 * State from the control stream; then the kept groups are counted in the store, and what a power loss took is derived
 * with the very same boundaries, versions, key epochs, verdicts and amendments, and stored with the same tokens.
 */
export async function recover(deps: CommitterDeps, retry: Retry, tail: ControlTail, groups: GroupDerivation, writer: GroupWriter, signal: AbortSignal): Promise<Recovered> {
  const { partition, log, config } = deps;
  await retry('control', () => tail.refresh(), signal);
  const bounds = await retry('bounds', () => log.bounds(partition), signal);
  const { base, commits } = history(tail, bounds.first);
  const kept = commits.filter((c) => c.first >= bounds.first);
  const whole = await writer.holds(kept, signal);
  const recounted = new Set((whole ? [] : kept).map((c) => c.first));
  const restored: CommitRecord[] = [];
  const roots: Record<string, { readonly tree: string; readonly root: string }> = {};
  let state = base;
  for (const commit of commits) {
    for (const [site, { tree, root }] of Object.entries(commit.sites)) roots[site] = { tree, root };
    if (recounted.has(commit.first) && !(await writer.holds([commit], signal))) {
      const prepare = tail.prepares.get(commit.first)?.record;
      if (prepare === undefined) throw new CommitError('TQ-COMMIT-06', `partition ${partition}, position ${commit.first}: no prepare record`);
      const group = await groups.again(state, prepare, tail.amends.get(commit.first), signal);
      if (resultOf(commitOf(group, 0)) !== resultOf(commit)) throw new CommitError('TQ-COMMIT-02', `partition ${partition}, position ${commit.first}`);
      await writer.complete(group, signal);
      restored.push(commit);
    }
    state = applyCommit(state, commit);
  }
  const snapshotNext = tail.snapshots.at(-1)?.record.next ?? 0;
  const sinceSnapshot = commits.filter((c) => c.first >= snapshotNext).length;
  return { state, kept: kept.slice(-2 * config.recount_groups), restored, roots, sinceSnapshot };
}
