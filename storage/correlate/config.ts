import type { ConfigOf, Settings } from '../../contracts/settings.ts';

/** How the second stage keeps its memory. */
export const CORRELATE_SETTINGS = {
  snapshot_every: { kind: 'integer', default: 1_000, least: 1, most: 100_000, comment: 'Records of observations between two snapshots of the second stage in the control stream: what a restart reads again.' },
  snapshot_ms: { kind: 'integer', default: 30_000, least: 100, most: 3_600_000, comment: 'How long what was observed waits for a snapshot at most.' },
} as const satisfies Settings;

export type CorrelateConfig = ConfigOf<typeof CORRELATE_SETTINGS>;
