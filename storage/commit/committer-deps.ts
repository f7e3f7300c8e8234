import type { CommitRecord, PrepareRecord } from '../../contracts/control.ts';
import type { EventLog, LogRecord } from '../../contracts/event-log.ts';
import type { Observation } from '../../contracts/observation.ts';
import type { SiteKeys, VaultEntry } from '../../contracts/keys.ts';
import type { Frontier } from '../../contracts/merkle.ts';
import type { Stage, StageVersions } from '../../contracts/stage.ts';
import type { GroupRange, GroupStore } from '../../contracts/store.ts';
import type { ChainLimits } from './chain-tracker.ts';
import type { Clock } from './clock.ts';
import type { CommitConfig } from './config.ts';
import type { OpenedBlock } from './derivation.ts';

/** What roles give the committer. */
export interface CommitterDeps {
  readonly partition: number;
  readonly log: EventLog;
  readonly store: GroupStore & {
    /** Copy of a commit into the store; a second call with the same record stores nothing more. */
    recordCommit(record: CommitRecord): Promise<void>;
  };
  /** The stage of these versions; a sealed pack is kept for as long as a group may be derived again. */
  readonly stageFor: (versions: StageVersions) => Promise<Stage>;
  /** Versions for a new group. */
  readonly currentVersions: () => StageVersions;
  /**
   * Unseals a record. An error whose `retryable` is false says that the record is damaged for good: it is put aside
   * with an alert. Any other error is tried again for ever.
   */
  readonly open: (record: LogRecord) => Promise<OpenedBlock>;
  readonly siteKeys: (site: string, epoch?: number) => Promise<SiteKeys>;
  readonly tree: { append(frontier: Frontier, leaves: Buffer): Frontier };
  readonly clock: Clock;
  /** Smaller in simulations, so that short histories reach them. */
  readonly chainLimits?: ChainLimits;
  /** The same for the tiles of trees: see `growTiles`. */
  readonly tileLeaves?: number;
  readonly config: Omit<CommitConfig, 'checkpoint_ms' | 'deployment_log_ms'>;
  /**
   * Tells the second stage, durably, once the store holds a group that has observations and before it is committed: also
   * with which rule set they were made. A group that is tried again is told again, with equal observations.
   */
  readonly publish?: (range: GroupRange, rules: string, observations: readonly Observation[]) => Promise<void>;
  /**
   * Puts masked values into the vault, durably, before the group is committed: what is stored masked can be revealed. A
   * group that is tried again brings the same values again.
   */
  readonly keep?: (entries: readonly VaultEntry[]) => Promise<void>;
  /** No worker needs control entries of this partition below `before` any more: see `control-release.ts`. */
  readonly releaseControl: (partition: number, before: number) => Promise<void>;
  /** Metrics and log lines. Must not throw. */
  readonly onEvent: (event: CommitterEvent) => void;
}

/** Roots of sites after a group: what a checkpoint may be signed for. */
export type SiteRoots = Readonly<Record<string, { readonly tree: string; readonly root: string }>>;

export type CommitterEvent =
  /** State is rebuilt; `roots` of all sites in the kept groups. `restored`: groups whose rows had vanished and are back. */
  | { readonly type: 'recovered'; readonly partition: number; readonly next: number; readonly restored: number; readonly roots: SiteRoots }
  /** The store holds the group and the control stream says so. `elapsedMs`: from claim to commit. */
  | { readonly type: 'committed'; readonly partition: number; readonly record: CommitRecord; readonly maskedSpans: number; readonly damaged: number; readonly elapsedMs: number }
  /** Something cannot be reached and is tried again. */
  | { readonly type: 'waiting'; readonly partition: number; readonly what: string; readonly tries: number; readonly error: unknown }
  /** A group another worker, or this one before a restart, had prepared. */
  | { readonly type: 'adopted'; readonly partition: number; readonly prepare: PrepareRecord }
  /** Lines the store refuses were put aside as dead letters. */
  | { readonly type: 'amended'; readonly partition: number; readonly first: number; readonly lines: number }
  | { readonly type: 'damaged_record'; readonly partition: number; readonly position: number; readonly error: unknown }
  /** Another worker is ahead: the state is rebuilt. */
  | { readonly type: 'overtaken'; readonly partition: number; readonly next: number }
  /** The log let go of these positions, both included, before anyone stored them. Told once by a worker; the trail has a gap and an alert. */
  | { readonly type: 'lost'; readonly partition: number; readonly from: number; readonly to: number }
  | { readonly type: 'trimmed'; readonly partition: number; readonly before: number };
