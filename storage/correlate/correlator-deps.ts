import type { EventLog, LogRecord } from '../../contracts/event-log.ts';
import type { KeyedStage } from '../../contracts/keyed-stage.ts';
import type { Clock } from '../commit/clock.ts';
import type { CommitterDeps, CommitterEvent } from '../commit/committer-deps.ts';
import type { OpenedBlock } from '../commit/derivation.ts';
import type { CorrelateConfig } from './config.ts';
import type { ReceiptHorizon } from './receipt-horizon.ts';
import type { Seal } from './sealed-record.ts';

/** What roles give the correlator. */
export interface CorrelatorDeps {
  /** Of `log.observations`. */
  readonly partition: number;
  readonly log: EventLog;
  /** As the committer's: an error whose `retryable` is false says that the record is damaged for good. */
  readonly open: (record: LogRecord) => Promise<OpenedBlock>;
  readonly seal: Seal;
  readonly stage: KeyedStage;
  /** Up to when everything was observed. The correlators of a process may share one. */
  readonly horizon: ReceiptHorizon;
  readonly clock: Clock;
  /** How it waits and tries again is the committer's. */
  readonly config: CommitterDeps['config'] & CorrelateConfig;
  /** Metrics and log lines. Must not throw. */
  readonly onEvent: (event: CorrelatorEvent) => void;
}

export type CorrelatorEvent =
  | Extract<CommitterEvent, { readonly type: 'waiting' | 'damaged_record' }>
  /** The state is rebuilt: all before `next` is done. */
  | { readonly type: 'recovered'; readonly partition: number; readonly next: number; readonly epoch: number }
  /** The findings of a record of observations are durable in the event log. */
  | { readonly type: 'found'; readonly partition: number; readonly position: number; readonly findings: number }
  /** Another worker is ahead: the state is rebuilt. */
  | { readonly type: 'overtaken'; readonly partition: number; readonly next: number }
  /** The log let go of observations, from and to included, before they were looked at: a correlation may be missed. */
  | { readonly type: 'lost'; readonly partition: number; readonly from: number; readonly to: number }
  /** The log ends before what was read of it: it was made anew, or a lagging copy took over. It is read from its start. */
  | { readonly type: 'cut'; readonly partition: number; readonly next: number; readonly end: number }
  /** Another rule set came into use. */
  | { readonly type: 'rules'; readonly partition: number; readonly version: string }
  /** Limits or code changed, or the snapshot cannot be opened any more: what the stage remembered is let go of. */
  | { readonly type: 'changed'; readonly partition: number; readonly version: string };
