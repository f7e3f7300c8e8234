import type { Observation } from './observation.ts';

/**
 * What sees the observations of all sites that share a value, in the order of their log. Pure and deterministic: what
 * it says depends on the observations since `begin` and on the snapshot alone, never on a clock.
 */
export interface KeyedStage {
  /** Equal versions say the same of the same observations: it changes with rules, settings and code. */
  readonly version: string;
  /** Begins with nothing, or where a snapshot of the same version was taken. */
  begin(snapshot?: unknown): KeyedRun;
}

export interface KeyedRun {
  /** What the observation completes, each as an event of the `_system` site: one line of JSON, see `detect/correlation/finding.ts`. */
  observe(observation: Observation): readonly string[];
  /** JSON of a few MiB at most. */
  snapshot(): unknown;
  counts(): KeyedCounts;
}

/** The first is a level, the others count since the first `begin`: they are part of the snapshot. */
export interface KeyedCounts {
  /** Values held in memory. */
  readonly values: number;
  /** Observations that came too late to be looked at. */
  readonly late: number;
  /** Values forgotten because there were too many. */
  readonly evicted: number;
}
