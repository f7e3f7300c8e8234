import type { CommitRecord } from '../../contracts/control.ts';
import type { CommitterDeps, SiteRoots } from './committer-deps.ts';
import type { ControlTail } from './control-tail.ts';
import type { DerivedGroup } from './derivation.ts';
import { CommitError } from './errors.ts';
import type { GroupDerivation } from './group-derivation.ts';
import type { GroupWriter } from './group-writer.ts';
import { requireLogEnd } from './log-end.ts';
import type { PartitionState } from './partition-state.ts';
import { applyCommit, EMPTY_PARTITION, formatTouched, parseSnapshot } from './partition-state.ts';
import type { Retry } from './retry.ts';

export interface Recovered {
  readonly state: PartitionState;
  /** Committed groups whose blocks the log still holds, oldest first. */
  readonly kept: readonly CommitRecord[];
  /** Those whose rows had vanished. */
  readonly restored: readonly CommitRecord[];
  /** The last committed group, when the control stream still holds it: its copy in the store may be missing. */
  readonly last: CommitRecord | undefined;
  /** Groups committed after the newest snapshot. */
  readonly sinceSnapshot: number;
  readonly roots: SiteRoots;
}

/** Equal for equal results, whoever derived them and when. */
export function resultOf({ rows, duplicates, sites, last, versions }: Omit<CommitRecord, 'committed_at'>): string {
  const counts = Object.entries(rows).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify({ last, versions, duplicates, counts, sites });
}

export function commitOf({ prepare, rows, duplicates, touched, continues }: DerivedGroup, committedAtMs: number): CommitRecord {
  const { partition, first, last, versions, received_from, received_to } = prepare;
  return { type: 'commit', partition, first, last, committed_at: committedAtMs, continues, versions, received_from, received_to, rows, duplicates, sites: formatTouched(touched) };
}

interface History {
  readonly base: PartitionState;
  readonly commits: readonly CommitRecord[];
}

/**
 * The newest snapshot from before the oldest block kept, so that each kept group can be derived again, and the commits
 * after it. When the log let go of more or the stream of less than it should, any snapshot serves whose commits go on
 * without a hole. Undefined when none does: then the stream lacks records.
 */
function history({ snapshots, commits }: ControlTail, oldestKept: number): History | undefined {
  const records = [...commits.values()].map((c) => c.record).toSorted((a, b) => a.first - b.first);
  const bases = [undefined, ...snapshots.map((s) => s.record)];
  const end = snapshots.at(-1)?.record.next ?? 0;
  const behind = bases.findLastIndex((b) => (b?.next ?? 0) <= oldestKept);
  for (const base of bases.slice(behind)) {
    const next = base?.next ?? 0;
    const linked = follow(next, records);
    if (linked !== undefined && (linked.at(-1)?.last ?? next - 1) + 1 >= end) return { base: base === undefined ? EMPTY_PARTITION : parseSnapshot(base), commits: linked };
  }
  return undefined;
}

/** The commits from `next` on; undefined when one is missing. One that starts before the end of another came from a worker left behind. */
function follow(next: number, records: readonly CommitRecord[]): readonly CommitRecord[] | undefined {
  const linked: CommitRecord[] = [];
  let end = next;
  for (const record of records) {
    if (record.first < end) continue;
    if ((record.continues ?? end) !== end) return undefined;
    linked.push(record);
    end = record.last + 1;
  }
  return linked;
}

/** Long after any receipt. */
const LATEST_MS = Date.UTC(2100, 0);

/** A control stream that knows nothing of a store's groups belongs to another log: its positions would be taken for stored. */
async function requireOwnStore({ partition, store }: CommitterDeps, retry: Retry, tail: ControlTail, signal: AbortSignal): Promise<void> {
  const everything = { partition, first: 0, last: Number.MAX_SAFE_INTEGER };
  if (tail.used || (await retry('count', () => store.count('blocks', everything, 0, LATEST_MS), signal)) === 0) return;
  // Another worker may have stored the first group just now.
  await retry('control', () => tail.refresh(), signal);
  if (!tail.used) throw new CommitError('TQ-COMMIT-12', `partition ${partition}`);
}

/**
 * State from the control stream; then the kept groups are counted in the store, and what a power loss took is derived
 * with the very same boundaries, versions, key epochs, verdicts and amendments, and stored with the same tokens.
 */
export async function recover(deps: CommitterDeps, retry: Retry, tail: ControlTail, groups: GroupDerivation, writer: GroupWriter, signal: AbortSignal): Promise<Recovered> {
  const { partition, log, config } = deps;
  await retry('control', () => tail.refresh(), signal);
  await requireOwnStore(deps, retry, tail, signal);
  const bounds = await retry('bounds', () => log.bounds(partition), signal);
  const found = history(tail, bounds.first);
  if (found === undefined) throw new CommitError('TQ-COMMIT-09', `partition ${partition}`);
  const { base, commits } = found;
  const last = commits.at(-1);
  await requireLogEnd(deps, retry, (last?.last ?? base.next - 1) + 1, signal);
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
      await writer.complete(group, true, signal);
      restored.push(commit);
    }
    state = applyCommit(state, commit);
  }
  const snapshotNext = tail.snapshots.at(-1)?.record.next ?? 0;
  const sinceSnapshot = commits.filter((c) => c.first >= snapshotNext).length;
  return { state, kept: kept.slice(-2 * config.recount_groups), restored, last, sinceSnapshot, roots };
}
