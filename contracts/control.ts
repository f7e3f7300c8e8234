import type { GroupRange } from './store.ts';
import type { StageVersions } from './stage.ts';
import type { DeadLetterReason } from './line-status.ts';
import type { TableName } from './tables.ts';

/**
 * Records of the control stream, as JSON. Their keys:
 *
 *     prepare/<partition>/<first>    claimed: the first for a start position wins
 *     amend/<partition>/<first>      claimed: lines the store refused, put aside
 *     commit/<partition>/<first>     claimed
 *     snapshot/<partition>           appended
 *     release/<partition>            appended: its entries below an offset are needed no more
 *     keyed-part/<partition>         appended: a piece of what a partition of the second stage remembers
 *     keyed/<partition>              appended, after its pieces: its snapshot, `KeyedRecord`
 *
 * The registry stream, which is never trimmed, holds:
 *
 *     rules/<version>/<of>.<i>       claimed: pieces of a sealed rule set, so that recovery can derive with it
 *     rules/<version>                claimed, after its pieces: the seal, see `contracts/rule-set.ts`
 *     site/<name>/…                  registrations, see `contracts/site.ts`
 *     respond/command-key            appended: the key that signs commands, base64url; the newest counts
 *     hold/<id>, hold/<id>/released  claimed: legal holds, see `storage/retention/holds.ts`
 *     erasure/<id>/<state>           claimed: what must stay erased, see `roles/erasures/tombstone.ts`
 */
export interface PrepareRecord extends GroupRange {
  readonly type: 'prepare';
  readonly versions: StageVersions;
  /** Key epoch of each site in the group. */
  readonly key_epochs: Readonly<Record<string, number>>;
  /** Unix ms: receipt times of the first and last block; within one month (UTC). */
  readonly received_from: number;
  readonly received_to: number;
  /** Old repeats the store was asked about: position to verdict. */
  readonly known_blocks?: Readonly<Record<string, boolean>>;
  /** Positions before `first` that the log let go of before anyone stored them: both included. */
  readonly lost?: { readonly from: number; readonly to: number };
}

/** Lines of a prepared group that the store can never hold: position, line index, reason. */
export interface AmendRecord {
  readonly type: 'amend';
  readonly partition: number;
  readonly first: number;
  readonly rejects: readonly (readonly [position: number, line: number, reason: DeadLetterReason])[];
}

/** State of one site after a group: all that deriving its next block needs. */
export interface SiteState {
  /** `formatFrontier` of the site's tree. */
  readonly tree: string;
  /** `GrowingTree.runs` in base64. Absent: none, or, in records of earlier versions, unknown. */
  readonly runs?: string;
  readonly streams: Readonly<Record<string, StreamState>>;
}

/** Chains and counters of one stream of a site. */
export interface StreamState {
  /** Next sequence of lines that have no chain, by our epoch 0. */
  readonly plainSeq: number;
  /** Of a stream out of the ingress topic: the offset its next line must have at least. */
  readonly ingressNext?: number;
  readonly chains: readonly ChainState[];
  /** The last epoch we gave. */
  readonly lastEpoch: number;
}

/** One branch of a chain. A fork makes a second one with the same shipper epoch and a new epoch of ours. */
export interface ChainState {
  readonly epoch: number;
  readonly shipperEpoch: number;
  readonly nextSeq: number;
  /** Head after `nextSeq - 1`, base64url. */
  readonly head: string;
  /** Ends of the newest blocks, oldest first: [last sequence, head]. */
  readonly recent: readonly (readonly [number, string])[];
  readonly gaps: readonly GapState[];
}

export interface GapState {
  readonly from: number;
  readonly to: number;
  /** Head before `from`, base64url. */
  readonly head: string;
  /** Head after `to`. */
  readonly tail: string;
}

export interface CommitRecord extends GroupRange {
  readonly type: 'commit';
  readonly committed_at: number;
  /** Where the group before ended, plus one: who finds another end there lacks a commit. Absent in records before 0.2. */
  readonly continues?: number;
  readonly versions: StageVersions;
  readonly received_from: number;
  readonly received_to: number;
  /** Rows stored by this group, a table each. */
  readonly rows: Readonly<Partial<Record<TableName, number>>>;
  readonly duplicates: number;
  /** After-state of each site the group touched, with its tree's root in base64. */
  readonly sites: Readonly<Record<string, SiteState & { readonly root: string }>>;
}

/** All states of a partition after the group that ends before `next`: where recovery starts reading. */
export interface SnapshotRecord {
  readonly type: 'snapshot';
  readonly partition: number;
  readonly next: number;
  readonly sites: Readonly<Record<string, SiteState>>;
}

/** Of a snapshot of the second stage what others need to know: see `storage/correlate/correlator-state.ts`. */
export interface KeyedRecord {
  readonly type: 'keyed';
  /** Grows where equal findings can no longer be vouched for. */
  readonly epoch: number;
  /** Position of the next record of observations. */
  readonly next: number;
  /** Offsets of its pieces, ascending: the stream keeps them as long as the snapshot. */
  readonly memory: readonly number[];
}

/** Of a partition's snapshots the one that is ahead of all others counts, wherever it stands: one behind it comes from a worker left behind. */
export function isAhead(a: Pick<KeyedRecord, 'epoch' | 'next'>, b: Pick<KeyedRecord, 'epoch' | 'next'>): boolean {
  return a.epoch > b.epoch || (a.epoch === b.epoch && a.next > b.next);
}

/**
 * Nobody needs this partition's entries below the offset. The stream is trimmed below the least of all partitions'
 * newest releases, by whoever sees them all.
 */
export interface ReleaseRecord {
  readonly type: 'release';
  readonly partition: number;
  readonly before: number;
}
