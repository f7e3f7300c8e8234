import type { ConfigOf, Settings } from '../../contracts/settings.ts';

/** How the worker cuts the event log into groups and what it keeps for recovery. */
export const COMMIT_SETTINGS = {
  max_group_events: { kind: 'integer', default: 65_536, least: 1, most: 1_000_000, comment: 'Lines of one group at most: each group is one insert a table.' },
  max_group_bytes: { kind: 'integer', default: 50_331_648, least: 1_048_576, most: 1_073_741_824, comment: 'Bytes of lines of one group at most, before compression. Two groups are held in memory.' },
  linger_ms: { kind: 'integer', default: 150, least: 0, most: 10_000, comment: 'How long a group waits for more blocks. Longer makes fewer inserts, shorter makes alerts faster.' },
  idle_ms: { kind: 'integer', default: 1_000, least: 1, most: 60_000, comment: 'How long one wait for new blocks lasts.' },
  recount_groups: { kind: 'integer', default: 8, least: 1, most: 1_000, comment: 'Newest groups kept in the event log and counted in the store at start; what a power loss took is stored again. Up to twice as many are kept.' },
  snapshot_every: { kind: 'integer', default: 200, least: 1, most: 100_000, comment: 'Groups between two snapshots of all chains and trees in the control stream.' },
  park_ms: { kind: 'integer', default: 60_000, least: 100, most: 3_600_000, comment: 'An idle partition lets go of its blocks and control records after so long, once its newest groups were counted.' },
  retry_first_ms: { kind: 'integer', default: 50, least: 1, most: 60_000, comment: 'First wait when the store or the log cannot be reached; doubles each time.' },
  retry_most_ms: { kind: 'integer', default: 5_000, least: 1, most: 600_000, comment: 'Longest wait between two tries.' },
  key_refresh_ms: { kind: 'integer', default: 60_000, least: 0, most: 3_600_000, comment: 'How long a site\'s newest keys are used before the keys role is asked again.' },
  checkpoint_ms: { kind: 'integer', default: 1_000, least: 10, most: 3_600_000, comment: 'Time between two signed checkpoints of a site whose tree grew.' },
  deployment_log_ms: { kind: 'integer', default: 10_000, least: 0, most: 3_600_000, comment: 'Time between two lines of the log that lists the checkpoints of all sites.' },
} as const satisfies Settings;

export type CommitConfig = ConfigOf<typeof COMMIT_SETTINGS>;
