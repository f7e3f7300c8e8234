import { partitionOf } from './event-log.ts';
import type { Level } from './pack.ts';

/**
 * What a worker tells the second stage, which sees all sites: that a rule hit a line, by the values to correlate.
 *
 * For each group and each partition of the observations it touches, the worker appends one log record, before the
 * group's commit: head `{site: "_system", stream: "observations", provenance: "system", framing: "plain", observed}`,
 * sealed body of one JSON line an observation. A group that is tried again appends equal records again, and a group's
 * records always stand before those of its partition's next group: a reader that keeps the last `observed` range of each
 * source partition sees every observation once, in order. What does not fit a body of `MAX_BLOCK_BYTES` stands in records
 * of their own, `observed.part` 0, 1, …: of a range, the reader takes each part after the one before, once.
 */
export interface Observation {
  /** What is correlated by: picks the partition. */
  readonly by: ObservationKey;
  /** Its value, as the stored event holds it. */
  readonly value: string;
  readonly site: string;
  readonly leaf: number;
  /** Unix ms, of the event; never later than `received_at`. */
  readonly timestamp: number;
  /** Unix ms. */
  readonly received_at: number;
  readonly rule: string;
  readonly level: Level;
  readonly class: string;
}

export const OBSERVATION_KEYS = ['source.ip'] as const;
export type ObservationKey = (typeof OBSERVATION_KEYS)[number];

/** The partition of all observations that share a value. */
export function observationPartition({ by, value }: Pick<Observation, 'by' | 'value'>, partitions: number): number {
  return partitionOf(`${by}=${value}`, partitions);
}
