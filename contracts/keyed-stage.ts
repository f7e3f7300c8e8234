import type { Observation } from './observation.ts';

/**
 * What correlates observations, in the order of their log. Pure and deterministic: what it says depends on what it was
 * told since `begin` and on the snapshot alone, never on a clock.
 */
export interface KeyedStage {
  /** Names the code and its limits: a snapshot is read by the version that wrote it only. */
  readonly version: string;
  /** The correlations of a sealed rule set. Rejects while the set cannot be read. */
  rules(ruleSet: string): Promise<KeyedRules>;
  /** Begins with nothing, or where a snapshot of the same version was taken. It says nothing before its first `use`. */
  begin(snapshot?: unknown): KeyedRun;
}

/** Correlations made ready; else opaque. */
export interface KeyedRules {
  /** Of the sealed rule set. */
  readonly version: string;
  /** Of two sets the one with the greater order came later into use. */
  readonly order: number;
}

export interface KeyedRun {
  /**
   * From here on these rules hold. What a rule remembers goes on where the rule and all it depends on are the same; a new
   * or changed rule begins with nothing. A set older than the one in use changes nothing.
   */
  use(rules: KeyedRules): void;
  /** What the observation completes. */
  observe(observation: Observation): readonly Finding[];
  /**
   * All that was received before `receivedAtMs` (Unix ms) was observed, except what comes late. Closes windows of sites
   * that fell silent. Never goes back.
   */
  advance(receivedAtMs: number): readonly Finding[];
  /** JSON of a few MiB at most. */
  snapshot(): unknown;
  counts(): KeyedCounts;
}

/** One line of JSON, an event as `detect/correlation/finding.ts` writes it, for the trail of `site`. */
export interface Finding {
  /** The site it is about; `_system` when it is about several. */
  readonly site: string;
  readonly line: string;
}

/** Levels, and counts since the first `begin`: these are part of the snapshot. */
export interface KeyedCounts {
  /** Groups held in memory. */
  readonly groups: number;
  /** Their size as the limit counts it. */
  readonly bytes: number;
  /** Windows that only the passing of time can close: while there are some, somebody has to tell the time. */
  readonly waiting: number;
  /** Observations behind the watermark, counted since the first `begin`. */
  readonly late: number;
  /** Groups forgotten because there were too many, counted since the first `begin`. */
  readonly evicted: number;
}
