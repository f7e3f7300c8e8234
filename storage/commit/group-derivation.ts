import type { AmendRecord, PrepareRecord } from '../../contracts/control.ts';
import type { LogRecord } from '../../contracts/event-log.ts';
import type { SiteKeys } from '../../contracts/keys.ts';
import { parseRecord } from '../../contracts/log-record.ts';
import type { StageBlock, StageVersions } from '../../contracts/stage.ts';
import type { BlockOpener } from './block-opener.ts';
import type { CommitterDeps } from './committer-deps.ts';
import type { Derivation, DerivationInput, DerivedGroup } from './derivation.ts';
import { beginDerivation, endOf } from './derivation.ts';
import { CommitError } from './errors.ts';
import type { PartitionState } from './partition-state.ts';
import type { Retry } from './retry.ts';
import type { SiteKeyring } from './site-keyring.ts';

const READ_RECORDS = 32;
const READ_BYTES = 8 * 1024 * 1024;

/** Groups out of the log: a new one as it comes in, or a prepared one exactly as it was cut. */
export interface GroupDerivation {
  /**
   * Waits for blocks and derives them as they arrive, until the group is full, its month ends or the linger is over.
   * Undefined when the signal aborts. `pending`: the group before, which the store may not hold yet. `onIdle` is awaited
   * each time nothing came.
   */
  draft(before: PartitionState, pending: DerivedGroup | undefined, onIdle: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<DerivedGroup | undefined>;
  /** `onPiece` sees each block the stage derives. */
  again(before: PartitionState, prepare: PrepareRecord, amend: AmendRecord | undefined, signal: AbortSignal, onPiece?: (block: StageBlock) => void): Promise<DerivedGroup>;
}

/** Year and month (UTC) of a receipt time as one number. */
function monthOf(ms: number): number {
  const date = new Date(ms);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** What the next record would add; a record without a frame adds nothing. */
interface Weight {
  readonly events: number;
  readonly bytes: number;
  readonly month: number | undefined;
}

function weightOf(record: LogRecord): Weight {
  const head = parseRecord(record.value)?.head;
  return head === undefined ? { events: 1, bytes: record.value.length, month: undefined } : { events: head.lines, bytes: head.bytes, month: monthOf(head.received_at) };
}

export function createGroupDerivation(deps: CommitterDeps, retry: Retry, openBlock: BlockOpener, keyring: SiteKeyring): GroupDerivation {
  const { partition, log, store, clock, config } = deps;

  async function begin(before: PartitionState, versions: StageVersions, rest: Pick<DerivationInput, 'keysOf'> & Partial<DerivationInput>): Promise<Derivation> {
    // Records of before rule sets name a `pack` in its place.
    if (typeof versions.rules !== 'string') throw new CommitError('TQ-COMMIT-13', `partition ${partition}, position ${rest.prepared?.first ?? before.next}`);
    const stage = await deps.stageFor(versions);
    return beginDerivation({ partition, before, stage, versions, append: (f, l) => deps.tree.append(f, l), nowMs: () => clock.nowMs(), limits: deps.chainLimits, tileLeaves: deps.tileLeaves, ...rest });
  }

  /** Positions [from, to) that the log let go of. What it never gave is no loss. */
  async function lostBetween(from: number, to: number, signal: AbortSignal): Promise<PrepareRecord['lost']> {
    if (from >= to) return undefined;
    const { first } = await retry('bounds', () => log.bounds(partition), signal);
    return first > from ? { from, to: Math.min(first, to) - 1 } : undefined;
  }

  function beginDraft(before: PartitionState, pending: DerivedGroup | undefined, lost: PrepareRecord['lost'], signal: AbortSignal): Promise<Derivation> {
    // One key epoch a site and group, whenever keys are rotated: the prepare record names it.
    const keys = new Map<string, SiteKeys>();
    return begin(before, deps.currentVersions(), {
      lost,
      keysOf: async (site) => {
        const known = keys.get(site) ?? await retry('keys', () => keyring.newest(site), signal);
        keys.set(site, known);
        return known;
      },
      ask: async (site, stream, lastSeq, head) =>
        pending?.ends.has(endOf(site, stream, lastSeq, head)) === true || retry('hasBlock', () => store.hasBlock(site, stream, lastSeq, head), signal),
    });
  }

  /** Opens side by side, derives in order; lets input and output be served between blocks. */
  async function addAll(derivation: Derivation, records: readonly LogRecord[], signal: AbortSignal): Promise<void> {
    const opening = records.map((r) => openBlock(r, signal));
    for (const later of opening) later.catch(() => {}); // The loop below meets the first rejection.
    for (const [i, record] of records.entries()) {
      await derivation.add(record, await opening[i]);
      await clock.sleep(0);
    }
  }

  async function draft(before: PartitionState, pending: DerivedGroup | undefined, onIdle: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<DerivedGroup | undefined> {
    let derivation: Derivation | undefined;
    let from = before.next;
    let closesAtMs = Infinity;
    const room = createRoom(config);
    for (;;) {
      const records = await retry('read', () => log.read(partition, from, { maxRecords: READ_RECORDS, maxBytes: READ_BYTES }), signal);
      const lost = await lostBetween(from, records[0]?.position ?? from, signal);
      // A group names what was lost before it, so one that meets a loss ends there.
      if (lost !== undefined && derivation !== undefined) return derivation.finish();
      const fitting = room.take(records);
      if (fitting.length > 0) {
        if (derivation === undefined) closesAtMs = clock.elapsedMs() + config.linger_ms;
        derivation ??= await beginDraft(before, pending, lost, signal);
        await addAll(derivation, fitting, signal);
        from = (fitting.at(-1)?.position ?? from) + 1;
      }
      if (derivation !== undefined && (room.full() || fitting.length < records.length)) return derivation.finish();
      if (records.length > 0) continue;
      const waitMs = Math.min(config.idle_ms, closesAtMs - clock.elapsedMs());
      const more = waitMs > 0 && await retry('read', () => log.waitFor(partition, from, waitMs, signal), signal);
      if (signal.aborted) return undefined;
      if (more) continue;
      if (derivation === undefined) await onIdle(signal);
      else if (clock.elapsedMs() >= closesAtMs) return derivation.finish();
    }
  }

  async function again(before: PartitionState, prepare: PrepareRecord, amend: AmendRecord | undefined, signal: AbortSignal, onPiece?: (block: StageBlock) => void): Promise<DerivedGroup> {
    const derivation = await begin(before, prepare.versions, {
      prepared: prepare, amend, ...(onPiece === undefined ? {} : { onPiece }),
      keysOf: (site) => retry('keys', () => keyring.of(site, prepare.key_epochs[site] ?? 0), signal),
    });
    for (let from = prepare.first; from <= prepare.last;) {
      const records = await retry('read', () => log.read(partition, from, { maxRecords: READ_RECORDS, maxBytes: READ_BYTES }), signal);
      const mine = records.filter((r) => r.position <= prepare.last);
      const last = mine.at(-1);
      if (last === undefined || (from === prepare.first && mine[0]?.position !== prepare.first)) throw new CommitError('TQ-COMMIT-03', `partition ${partition}, positions ${from} to ${prepare.last}`);
      await addAll(derivation, mine, signal);
      from = last.position + 1;
    }
    return derivation.finish();
  }

  return { draft, again };
}

/** Where a group must be cut: at its limits and at the end of a month of receipt. The first record always fits. */
function createRoom({ max_group_events, max_group_bytes }: Pick<CommitterDeps['config'], 'max_group_events' | 'max_group_bytes'>): { take(records: readonly LogRecord[]): readonly LogRecord[]; full(): boolean } {
  let events = 0;
  let bytes = 0;
  let month: number | undefined;
  return {
    take(records) {
      const fitting: LogRecord[] = [];
      for (const record of records) {
        const weight = weightOf(record);
        const cut = month !== undefined && weight.month !== undefined && weight.month !== month;
        if (cut || (events > 0 && (events + weight.events > max_group_events || bytes + weight.bytes > max_group_bytes))) break;
        events += weight.events;
        bytes += weight.bytes;
        month ??= weight.month;
        fitting.push(record);
      }
      return fitting;
    },
    full: () => events >= max_group_events || bytes >= max_group_bytes,
  };
}
