import { partitionOf } from './event-log.ts';

/**
 * What a worker tells the second stage: that a rule some correlation refers to matched an event.
 *
 * For each group and each partition of the observations it touches, the worker appends one log record, before the
 * group's commit: head `{site: "_system", stream: "observations", provenance: "system", framing: "plain", observed}`,
 * sealed body of one JSON line an observation. A group that is tried again appends equal records again, and a group's
 * records always stand before those of its partition's next group: a reader that keeps the last `observed` range of each
 * source partition sees every observation once, in order. What does not fit a body of `MAX_BLOCK_BYTES` stands in records
 * of their own, `observed.part` 0, 1, …: of a range, the reader takes each part after the one before, once.
 * `observed.rules` is the sealed rule set the group was derived with.
 *
 * A record whose head has a `tick` holds no observation: it tells that all observations of what was received before that
 * time (Unix ms) stand before it, but for partitions that could not be stored for long.
 */
export interface Observation {
  /** What is correlated by, and its value: they pick the partition. `site` and the site, or a correlation across sites and the values it groups by. */
  readonly by: string;
  readonly value: string;
  readonly site: string;
  readonly leaf: number;
  /** Unix ms, of the event; never later than `received_at`. */
  readonly timestamp: number;
  /** Unix ms. */
  readonly received_at: number;
  /** The rule that matched. */
  readonly rule: string;
  /** The fields correlations read of it, under their names in the rules; absent ones are left out. Of a list its texts. */
  readonly fields: Readonly<Record<string, ObservedValue>>;
}

export type ObservedValue = string | number | boolean | null | readonly (string | number | boolean | null)[];

/** `by` of what is correlated within its site. */
export const BY_SITE = 'site';

/** The partition of all observations that share a value. */
export function observationPartition({ by, value }: Pick<Observation, 'by' | 'value'>, partitions: number): number {
  return partitionOf(`${by}=${value}`, partitions);
}
