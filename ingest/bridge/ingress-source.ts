import type { IngressRecord } from './ingress-record.ts';

/**
 * The ingress topic as a member of the bridges' consumer group sees it. Two implementations: `kafka-source.ts`, and
 * `fake-source.ts` for tests.
 */
export interface IngressSource extends AsyncDisposable {
  /** Joins the group. Calls the handlers until it is disposed of; goes on by itself after outages of the broker. */
  run(handlers: SourceHandlers): Promise<void>;
  /** The topic's id. Rejects when it cannot be had now. */
  topicId(): Promise<string>;
  /** Where every partition of the topic stands. Rejects when it cannot be had now. */
  places(): Promise<ReadonlyMap<number, PartitionPlace>>;
  /** No batches of the partition until `resume`; one under way goes on. */
  pause(partition: number): void;
  resume(partition: number, from: number): void;
  /** Rejects when the source ended by itself; never resolves. */
  readonly failed: Promise<never>;
}

export interface PartitionPlace {
  readonly topicId: string;
  /** Undefined when the group has none. `topicId`: of the topic it was committed for, empty when someone else did. */
  readonly committed: { readonly next: number; readonly topicId: string } | undefined;
  /** Offset of the oldest record kept; equals `next` when none is. */
  readonly first: number;
  readonly next: number;
}

export interface SourceHandlers {
  /** These partitions are ours now, and no others: each is paused until `resume`. */
  assigned(partitions: readonly number[]): void;
  /**
   * One batch of a partition at a time, several partitions at once. Without a `commit` the same records come again.
   * What it rejects with goes to the source: a failed heartbeat makes it join anew.
   */
  batch(batch: IngressBatch): Promise<void>;
}

export interface IngressBatch {
  readonly partition: number;
  /** Offsets ascending, perhaps with holes; at least one. */
  readonly records: readonly IngressRecord[];
  /** The offset behind the last one the batch covers, whether or not a record is there. */
  readonly end: number;
  /** Offset the partition's next record gets. */
  readonly next: number;
  /** Keeps the membership alive; rejects when it is lost. */
  heartbeat(): Promise<void>;
  /** Everything below `end` is durable elsewhere. Rejects when that could not be recorded. */
  commit(topicId: string): Promise<void>;
}
