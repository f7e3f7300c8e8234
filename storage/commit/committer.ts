import type { AmendRecord, CommitRecord, PrepareRecord } from '../../contracts/control.ts';
import type { StageBlock } from '../../contracts/stage.ts';
import { StoreRefusal } from '../../contracts/store.ts';
import { withinGrace } from './abort-grace.ts';
import { createBlockOpener } from './block-opener.ts';
import type { CommitterDeps } from './committer-deps.ts';
import type { CommitterStatus } from './committer-status.ts';
import { createStatus } from './committer-status.ts';
import { openControlTail, parseControl } from './control-tail.ts';
import type { DerivedGroup } from './derivation.ts';
import { CommitError } from './errors.ts';
import { createGroupDerivation } from './group-derivation.ts';
import { createGroupWriter } from './group-writer.ts';
import { requireLogEnd } from './log-end.ts';
import type { Progress } from './partition-upkeep.ts';
import { createPartitionUpkeep } from './partition-upkeep.ts';
import { findPoison } from './poison-search.ts';
import { commitOf, recover, resultOf } from './recovery.ts';
import { createRetry } from './retry.ts';
import { createSiteKeyring } from './site-keyring.ts';

export interface Committer {
  /**
   * Recovers, then turns the partition's blocks into stored groups until the signal aborts. Rejects when the
   * partition has to stop: `CommitError`, or what a dependency threw. Resolves within a second or so of the abort, also
   * when the store or the log hangs: what was under way may then still happen, and does no harm. Stopping at any moment
   * loses nothing. Once.
   */
  run(signal: AbortSignal): Promise<void>;
  status(): Promise<CommitterStatus>;
}

/** A group whose boundaries are claimed. `fresh`: nobody can have stored any of it. */
interface PreparedGroup {
  readonly group: DerivedGroup;
  readonly fresh: boolean;
}

export function createCommitter(deps: CommitterDeps): Committer {
  const { partition, log, store, clock, config, onEvent } = deps;
  const retry = createRetry(deps);
  const groups = createGroupDerivation(deps, retry, createBlockOpener(deps), createSiteKeyring(deps));
  const writer = createGroupWriter(deps, retry);
  const upkeep = createPartitionUpkeep(deps, retry, writer);
  const status = createStatus(deps);

  /** Reads what others wrote; rejects when groups were committed without us: then the state is old, and the log may be trimmed. */
  async function look({ tail, state }: Pick<Progress, 'tail' | 'state'>, signal: AbortSignal): Promise<void> {
    await retry('control', () => tail.refresh(), signal);
    if (tail.committed > state.next) throw overtaken({ state });
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
    await requireNoneStranded(progress, first, signal);
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

  /**
   * A group prepared at a position that the log let go of cannot be derived again. When the store holds nothing of it,
   * it is lost with the positions before the draft, and nothing else happens; otherwise no one can tell what is missing.
   * Once a group with the draft's start was prepared, that was decided.
   */
  async function requireNoneStranded(progress: Progress, before: number, signal: AbortSignal): Promise<void> {
    const { tail, state } = progress;
    const stranded = [...tail.prepares.values()].find(({ record }) => record.first >= state.next && record.first < before)?.record;
    if (stranded === undefined || tail.prepares.has(before) || !(await writer.holdsAny(stranded, signal))) return;
    // Another worker may have gone on just now.
    await look(progress, signal);
    if (!tail.prepares.has(before)) throw new CommitError('TQ-COMMIT-11', `partition ${partition}, positions ${stranded.first} to ${stranded.last}`);
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
      await writer.complete(amended, false, signal);
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
   * stream pass over a commit that starts before the end of another, and the look after the claim keeps its copy out of
   * the store.
   */
  async function commit(progress: Progress, group: DerivedGroup, sinceMs: number, signal: AbortSignal): Promise<void> {
    await look(progress, signal);
    const { first, last, versions } = group.prepare;
    const { publish, keep } = deps;
    if (keep !== undefined && group.recoverable.length > 0) await retry('vault', () => keep(group.recoverable), signal);
    if (publish !== undefined && group.observations.length > 0) await retry('publish', () => publish({ partition, first, last }, versions.rules, group.observations), signal);
    const ours = commitOf(group, clock.nowMs());
    const entry = await retry('commit', () => log.control.claim(`commit/${partition}/${ours.first}`, JSON.stringify(ours)), signal);
    const record = parseControl<CommitRecord>(entry, 'commit');
    if (resultOf(record) !== resultOf(ours)) throw new CommitError('TQ-COMMIT-02', `partition ${partition}, position ${ours.first}`);
    await look({ tail: progress.tail, state: group.after }, signal);
    await retry('recordCommit', () => store.recordCommit(record), signal);
    progress.state = group.after;
    progress.kept = [...progress.kept, record];
    progress.sinceSnapshot += 1;
    progress.activeAtMs = clock.elapsedMs();
    const { maskedSpans, damaged } = group;
    status.committed(record);
    onEvent({ type: 'committed', partition, record, maskedSpans, damaged, elapsedMs: clock.elapsedMs() - sinceMs });
  }

  async function start(signal: AbortSignal): Promise<Progress> {
    const tail = openControlTail(log.control, partition);
    const { state, kept, restored, last, roots, sinceSnapshot } = await recover(deps, retry, tail, groups, writer, signal);
    for (const record of new Set([...restored, ...(last === undefined ? [] : [last])])) await retry('recordCommit', () => store.recordCommit(record), signal);
    status.recovered(state.next);
    onEvent({ type: 'recovered', partition, next: state.next, restored: restored.length, roots });
    return { tail, state, kept, sinceSnapshot, activeAtMs: clock.elapsedMs() };
  }

  /**
   * One group after the other. While the store takes in a group, the next one is read and derived from its after-state;
   * it is claimed only once the group before is committed, and thrown away when that one came out otherwise.
   */
  async function work(progress: Progress, signal: AbortSignal): Promise<void> {
    let busy = false;
    const onIdle = async (idleSignal: AbortSignal): Promise<void> => {
      if (!busy) await idle(progress, idleSignal);
    };
    let draft = await groups.draft(progress.state, undefined, onIdle, signal);
    while (draft !== undefined) {
      busy = true;
      const sinceMs = clock.elapsedMs();
      noteLost(draft.prepare.lost);
      const prepared = await prepare(progress, draft, signal);
      using ahead = startAhead(prepared.group, onIdle, signal);
      const stored = await put(progress, prepared, signal);
      await commit(progress, stored, sinceMs, signal);
      await upkeep.tidy(progress, signal);
      busy = false;
      draft = stored === prepared.group ? await ahead.draft : await groups.draft(progress.state, stored, onIdle, signal);
    }
  }

  /** While nothing comes. */
  async function idle(progress: Progress, signal: AbortSignal): Promise<void> {
    const { next } = progress.state;
    const { first } = await requireLogEnd(deps, retry, next, signal);
    if (first > next) noteLost({ from: next, to: first - 1 });
    if (!upkeep.parkDue(progress)) return;
    await look(progress, signal);
    await upkeep.park(progress, signal);
  }

  let lostTo = -1;
  function noteLost(lost: PrepareRecord['lost']): void {
    if (lost === undefined || lost.to <= lostTo) return;
    lostTo = lost.to;
    onEvent({ type: 'lost', partition, from: lost.from, to: lost.to });
  }

  function startAhead(group: DerivedGroup, onIdle: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): { readonly draft: Promise<DerivedGroup | undefined> } & Disposable {
    const stop = new AbortController();
    const draft = groups.draft(group.after, group, onIdle, AbortSignal.any([signal, stop.signal]));
    draft.catch(() => {}); // Met where it is awaited; a draft that is thrown away may fail unheard.
    return { draft, [Symbol.dispose]: () => stop.abort(null) };
  }

  async function workOn(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await work(await start(signal), signal);
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof CommitError) || error.code !== 'TQ-COMMIT-03') throw error;
        onEvent({ type: 'overtaken', partition, next: status.next() });
        await clock.sleep(config.retry_first_ms, signal);
      }
    }
  }

  return { run: (signal) => withinGrace(workOn(signal), clock, signal), status: () => status.read() };
}
