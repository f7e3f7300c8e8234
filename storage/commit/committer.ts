import type { AmendRecord, CommitRecord, PrepareRecord } from '../../contracts/control.ts';
import type { StageBlock } from '../../contracts/stage.ts';
import { StoreRefusal } from '../../contracts/store.ts';
import { createBlockOpener } from './block-opener.ts';
import type { CommitterDeps } from './committer-deps.ts';
import type { CommitterStatus } from './committer-status.ts';
import { createStatus } from './committer-status.ts';
import type { ControlTail } from './control-tail.ts';
import { openControlTail, parseControl } from './control-tail.ts';
import type { DerivedGroup } from './derivation.ts';
import { CommitError } from './errors.ts';
import { createGroupDerivation } from './group-derivation.ts';
import { createGroupWriter } from './group-writer.ts';
import type { PartitionState } from './partition-state.ts';
import { formatSnapshot } from './partition-state.ts';
import { findPoison } from './poison-search.ts';
import { commitOf, recover, resultOf } from './recovery.ts';
import { createRetry } from './retry.ts';
import { createSiteKeyring } from './site-keyring.ts';

export interface Committer {
  /**
   * Recovers, then turns the partition's blocks into stored groups until the signal aborts. Rejects when the
   * partition has to stop: `CommitError`, or what a dependency threw. Stopping at any moment loses nothing. Once.
   */
  run(signal: AbortSignal): Promise<void>;
  status(): Promise<CommitterStatus>;
}

/** A group whose boundaries are claimed. `fresh`: nobody can have stored any of it. */
interface PreparedGroup {
  readonly group: DerivedGroup;
  readonly fresh: boolean;
}

/** What the loop carries from group to group. */
interface Progress {
  readonly tail: ControlTail;
  state: PartitionState;
  /** Committed groups whose blocks the log still holds. */
  kept: readonly CommitRecord[];
  sinceSnapshot: number;
}

export function createCommitter(deps: CommitterDeps): Committer {
  const { partition, log, store, clock, config, onEvent } = deps;
  const retry = createRetry(deps);
  const groups = createGroupDerivation(deps, retry, createBlockOpener(deps), createSiteKeyring(deps));
  const writer = createGroupWriter(deps, retry);
  const status = createStatus(deps);

  /** Reads what others wrote; rejects when groups were committed without us: then the state is old, and the log may be trimmed. */
  async function look({ tail, state }: Progress, signal: AbortSignal): Promise<void> {
    await retry('control', () => tail.refresh(), signal);
    const passed = [...tail.commits.keys()].some((first) => first >= state.next) || tail.snapshots.some((s) => s.record.next > state.next);
    if (passed) throw overtaken({ state });
  }

  const overtaken = ({ state }: Pick<Progress, 'state'>): CommitError => new CommitError('TQ-COMMIT-03', `partition ${partition}, position ${state.next}`);

  /**
   * After the claim the group's boundaries, versions, key epochs and verdicts stand for ever. A crash from here on is
   * finished by whoever claims the same start again. The second look tells a claim that lost from one that came
   * after the group was long stored and its claim forgotten.
   */
  async function prepare(progress: Progress, draft: DerivedGroup, signal: AbortSignal): Promise<PreparedGroup> {
    const { first } = draft.prepare;
    await look(progress, signal);
    const before = progress.tail.cursor;
    const ours = JSON.stringify(draft.prepare);
    const entry = await retry('prepare', () => log.control.claim(`prepare/${partition}/${first}`, ours), signal);
    await look(progress, signal);
    const amend = progress.tail.amends.get(first);
    if (entry.value === ours && amend === undefined) return { group: draft, fresh: entry.offset >= before };
    const record = parseControl<PrepareRecord>(entry, 'prepare');
    onEvent({ type: 'adopted', partition, prepare: record });
    return { group: await groups.again(progress.state, record, amend, signal), fresh: false };
  }

  /** Stores the group; when the store refuses lines, puts them aside first. Returns the group as stored. */
  async function put(progress: Progress, { group, fresh }: PreparedGroup, signal: AbortSignal): Promise<DerivedGroup> {
    const { first } = group.prepare;
    const amendedBefore = progress.tail.amends.has(first);
    try {
      await writer.write(group, fresh, signal);
      return group;
    } catch (refusal) {
      // Rows of another worker that put lines aside or went on meanwhile look like damage.
      if (refusal instanceof CommitError) await look(progress, signal);
      if (refusal instanceof CommitError && progress.tail.amends.has(first) && !amendedBefore) throw overtaken(progress);
      if (!(refusal instanceof StoreRefusal)) throw refusal;
      if (amendedBefore) throw new CommitError('TQ-COMMIT-04', `partition ${partition}, position ${first}`, { cause: refusal });
      const amend = await setAside(progress, group.prepare, refusal, signal);
      onEvent({ type: 'amended', partition, first, lines: amend.rejects.length });
      const amended = await groups.again(progress.state, group.prepare, amend, signal);
      await writer.complete(amended, signal);
      return amended;
    }
  }

  /** After the claim the lines are dead letters on every later derivation of the group. */
  async function setAside({ state }: Progress, prepared: PrepareRecord, refusal: StoreRefusal, signal: AbortSignal): Promise<AmendRecord> {
    const { first } = prepared;
    const pieces: StageBlock[] = [];
    await groups.again(state, prepared, undefined, signal, (piece) => pieces.push(piece));
    const rejects = await findPoison({
      stage: await deps.stageFor(prepared.versions), pieces, refusal, where: `partition ${partition}, position ${first}`,
      probe: async (parts) => {
        for (const part of parts) if (part.rows > 0) await retry('probe', () => store.probe(part), signal);
      },
    });
    const record: AmendRecord = { type: 'amend', partition, first, rejects };
    return parseControl<AmendRecord>(await retry('amend', () => log.control.claim(`amend/${partition}/${first}`, JSON.stringify(record)), signal), 'amend');
  }

  /**
   * After the claim the group is done; only its copy in the store may be missing, which the next start repeats. A worker
   * that stood still between look and claim may write a second, equal record behind the trimmed one: readers of the
   * stream pass over a commit that starts before the end of another.
   */
  async function commit(progress: Progress, group: DerivedGroup, sinceMs: number, signal: AbortSignal): Promise<void> {
    await look(progress, signal);
    const ours = commitOf(group, clock.nowMs());
    const entry = await retry('commit', () => log.control.claim(`commit/${partition}/${ours.first}`, JSON.stringify(ours)), signal);
    const record = parseControl<CommitRecord>(entry, 'commit');
    if (resultOf(record) !== resultOf(ours)) throw new CommitError('TQ-COMMIT-02', `partition ${partition}, position ${ours.first}`);
    await retry('recordCommit', () => store.recordCommit(record), signal);
    progress.state = group.after;
    progress.kept = [...progress.kept, record];
    progress.sinceSnapshot += 1;
    const { maskedSpans, damaged } = group;
    status.committed(record);
    onEvent({ type: 'committed', partition, record, maskedSpans, damaged, elapsedMs: clock.nowMs() - sinceMs });
  }

  /**
   * Lets go of blocks and control records behind the kept groups, once these are counted. A snapshot is behind when
   * every kept group starts after it.
   */
  async function tidy(progress: Progress, signal: AbortSignal): Promise<void> {
    const { tail } = progress;
    if (progress.sinceSnapshot >= config.snapshot_every) {
      await retry('snapshot', () => log.control.append(`snapshot/${partition}`, JSON.stringify(formatSnapshot(partition, progress.state))), signal);
      progress.sinceSnapshot = 0;
    }
    if (progress.kept.length < 2 * config.recount_groups) return;
    const leaving = progress.kept.slice(0, -config.recount_groups);
    if (!(await writer.holds(leaving, signal))) throw new CommitError('TQ-COMMIT-05', `partition ${partition}, positions ${leaving[0]?.first} to ${leaving.at(-1)?.last}`);
    progress.kept = progress.kept.slice(-config.recount_groups);
    const before = progress.kept[0]?.first ?? progress.state.next;
    await retry('trim', () => log.trim(partition, before), signal);
    onEvent({ type: 'trimmed', partition, before });
    const snapshot = tail.snapshots.findLast((s) => s.record.next <= before);
    if (snapshot === undefined) return;
    tail.forget(snapshot.record.next);
    await retry('releaseControl', () => deps.releaseControl(partition, snapshot.offset), signal);
  }

  async function start(signal: AbortSignal): Promise<Progress> {
    const tail = openControlTail(log.control, partition);
    const { state, kept, restored, roots, sinceSnapshot } = await recover(deps, retry, tail, groups, writer, signal);
    const last = kept.at(-1);
    for (const record of new Set([...restored, ...(last === undefined ? [] : [last])])) await retry('recordCommit', () => store.recordCommit(record), signal);
    status.recovered(state.next);
    onEvent({ type: 'recovered', partition, next: state.next, restored: restored.length, roots });
    return { tail, state, kept, sinceSnapshot };
  }

  /**
   * One group after the other. While the store takes in a group, the next one is read and derived from its after-state;
   * it is claimed only once the group before is committed, and thrown away when that one came out otherwise.
   */
  async function work(progress: Progress, signal: AbortSignal): Promise<void> {
    let draft = await groups.draft(progress.state, undefined, signal);
    while (draft !== undefined) {
      const sinceMs = clock.nowMs();
      const prepared = await prepare(progress, draft, signal);
      using ahead = startAhead(prepared.group, signal);
      const stored = await put(progress, prepared, signal);
      await commit(progress, stored, sinceMs, signal);
      await tidy(progress, signal);
      draft = stored === prepared.group ? await ahead.draft : await groups.draft(progress.state, stored, signal);
    }
  }

  function startAhead(group: DerivedGroup, signal: AbortSignal): { readonly draft: Promise<DerivedGroup | undefined> } & Disposable {
    const stop = new AbortController();
    const draft = groups.draft(group.after, group, AbortSignal.any([signal, stop.signal]));
    draft.catch(() => {}); // Met where it is awaited; a draft that is thrown away may fail unheard.
    return { draft, [Symbol.dispose]: () => stop.abort(null) };
  }

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await work(await start(signal), signal);
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof CommitError) || error.code !== 'TQ-COMMIT-03') throw error;
        onEvent({ type: 'overtaken', partition, next: status.next() });
      }
    }
  }

  return { run, status: () => status.read() };
}
