import { setTimeout as sleep } from 'node:timers/promises';
import type { Alert } from '../contracts/alert.ts';
import type { CommitRecord } from '../contracts/control.ts';
import type { ControlEntry, ControlStream, LogBounds } from '../contracts/event-log.ts';
import type { GroupRange } from '../contracts/store.ts';
import type { TailState } from './delivery-queue.ts';
import { RespondError } from './errors.ts';
import type { ResponderEvent } from './responder-event.ts';

/** Alerts of the blocks in a range, received between the two times (Unix ms, both included). */
export type AlertsOf = (range: GroupRange, receivedFromMs: number, receivedToMs: number) => Promise<readonly Alert[]>;

/** What a committed group gave rise to. */
export interface RaisedGroup {
  readonly range: GroupRange;
  readonly receivedFromMs: number;
  readonly receivedToMs: number;
  readonly alerts: readonly Alert[];
  /** Rows of `gaps`. */
  readonly gaps: number;
}

export interface CommitTailDeps {
  readonly control: ControlStream;
  readonly alertsOf: AlertsOf;
  /** Called before any alert of a group is told, until it resolves: the trail hears of it first. After a crash the same group may come again. */
  readonly record?: (group: RaisedGroup) => Promise<void>;
  readonly pollMs: number;
  readonly onEvent: (event: ResponderEvent) => void;
  readonly signal: AbortSignal;
}

/** Alerts of one commit, and the state once they are queued. */
export interface TailStep {
  readonly alerts: readonly Alert[];
  readonly committedAtMs: number;
  readonly after: TailState;
}

const READ_ENTRIES = 256;
/** Control entries without alerts after which the state is written anyway. */
const WRITE_EVERY_ENTRIES = 1_000;
/** Times that a group with too few alerts is asked for again: about 20 s. */
const SHORT_READS = 10;
const MAX_BACKOFF_MS = 4_000;

/** Where a partition stands before its first commit. */
const BEFORE_ALL = { last: -1, receivedTo: 0 } as const;

function startOf(bounds: LogBounds): TailState {
  return { next: bounds.first, fromStart: bounds.first === 0, partitions: {} };
}

/** undefined for other entries; throws for a commit that cannot be read. */
function parseCommit(entry: ControlEntry): CommitRecord | undefined {
  if (!entry.key.startsWith('commit/')) return undefined;
  // Our own committer wrote it; what we read of it is checked here.
  const record = JSON.parse(entry.value) as Partial<CommitRecord> | null;
  const numbers = [record?.partition, record?.first, record?.last, record?.received_from, record?.received_to];
  if (numbers.some((n) => !Number.isSafeInteger(n)) || typeof record?.rows !== 'object' || record.rows === null) throw new TypeError('not a commit record');
  return record as CommitRecord;
}

/**
 * Follows the control stream's commits. Yields when there is something to write down; goes on once the caller has
 * written it. Ends with the signal, never because of an error: alerts wait until they can be read.
 *
 * Where a commit does not continue its partition's last known one, the stream was trimmed while nobody followed it (or
 * the log left positions out): the store is asked for the alerts between the two.
 */
export async function* followCommits(deps: CommitTailDeps, start: TailState | undefined): AsyncGenerator<TailStep> {
  const { control, signal } = deps;
  let state = start ?? startOf(await patiently(deps, () => control.bounds()));
  let unwritten = 0;
  while (!signal.aborted) {
    const entries = await patiently(deps, () => control.read(state.next, READ_ENTRIES));
    for (const entry of entries) {
      if (signal.aborted) return;
      const step = await stepOf(deps, entry, state);
      state = step.after;
      unwritten++;
      if (step.alerts.length === 0 && unwritten < WRITE_EVERY_ENTRIES) continue;
      unwritten = 0;
      yield step;
    }
    if (entries.length < READ_ENTRIES) await sleep(deps.pollMs, undefined, { signal }).catch(() => undefined);
  }
}

async function stepOf(deps: CommitTailDeps, entry: ControlEntry, state: TailState): Promise<TailStep> {
  const next = entry.offset + 1;
  let commit: CommitRecord | undefined;
  try {
    commit = parseCommit(entry);
  } catch (cause) {
    deps.onEvent({ type: 'tail_problem', error: new RespondError('TQ-RESPOND-13', `control offset ${entry.offset}`, { cause }) });
  }
  if (commit === undefined) return { alerts: [], committedAtMs: 0, after: { ...state, next } };
  const { partition, first, last, received_from: receivedFrom, received_to: receivedTo } = commit;
  const key = String(partition);
  const alerts: Alert[] = [];
  const before = state.partitions[key] ?? (state.fromStart ? BEFORE_ALL : undefined);
  // A worker left behind may commit a group once more after the first record of it was trimmed.
  if (before !== undefined && first <= before.last) return { alerts: [], committedAtMs: 0, after: { ...state, next } };
  if (before !== undefined && first > before.last + 1) {
    alerts.push(...await patiently(deps, () => deps.alertsOf({ partition, first: before.last + 1, last: first - 1 }, before.receivedTo, receivedFrom), 'TQ-RESPOND-12'));
  }
  const expected = commit.rows.alerts ?? 0;
  if (expected > 0) alerts.push(...await groupAlerts(deps, commit, expected));
  const gaps = commit.rows.gaps ?? 0;
  if (alerts.length + gaps > 0) await patiently(deps, async () => deps.record?.({ range: { partition, first, last }, receivedFromMs: receivedFrom, receivedToMs: receivedTo, alerts, gaps }), 'TQ-RESPOND-17');
  const partitions = { ...state.partitions, [key]: { last, receivedTo } };
  return { alerts, committedAtMs: commit.committed_at, after: { ...state, next, partitions } };
}

/** The commit was written after its rows were durable, so a short read is a store that lags behind, or a loss. */
async function groupAlerts(deps: CommitTailDeps, commit: CommitRecord, expected: number): Promise<readonly Alert[]> {
  const { partition, first, last } = commit;
  for (let round = 0; ; round++) {
    const alerts = await patiently(deps, () => deps.alertsOf({ partition, first, last }, commit.received_from, commit.received_to), 'TQ-RESPOND-12');
    if (alerts.length >= expected || round >= SHORT_READS || deps.signal.aborted) return alerts;
    if (round % 5 === 0) deps.onEvent({ type: 'tail_problem', error: new RespondError('TQ-RESPOND-14', `${alerts.length} of ${expected}`) });
    await sleep(Math.min(MAX_BACKOFF_MS, 20 * 2 ** round), undefined, { signal: deps.signal }).catch(() => undefined);
  }
}

/** Tries until it works; rejects only once the signal fires. */
async function patiently<T>(deps: CommitTailDeps, attempt: () => Promise<T>, code: 'TQ-RESPOND-12' | 'TQ-RESPOND-16' | 'TQ-RESPOND-17' = 'TQ-RESPOND-16'): Promise<T> {
  for (let round = 0; ; round++) {
    try {
      return await attempt();
    } catch (cause) {
      deps.signal.throwIfAborted();
      deps.onEvent({ type: 'tail_problem', error: new RespondError(code, '', { cause }) });
      await sleep(Math.min(MAX_BACKOFF_MS, 50 * 2 ** round), undefined, { signal: deps.signal });
    }
  }
}
