import type { ConfigOf, Settings } from '../../contracts/settings.ts';

/** How the second stage keeps its memory and learns the time. */
export const CORRELATE_SETTINGS = {
  snapshot_every: { kind: 'integer', default: 1_000, least: 1, most: 100_000, comment: 'Records of observations between two snapshots of the second stage in the control stream: what a restart reads again.' },
  snapshot_ms: { kind: 'integer', default: 30_000, least: 100, most: 3_600_000, comment: 'How long what was observed waits for a snapshot at most.' },
  tick_ms: { kind: 'integer', default: 10_000, least: 100, most: 3_600_000, comment: 'How often the time is told while windows wait for it to close (conditions with lt, lte, eq, averages, "not").' },
  stall_s: { kind: 'integer', default: 21_600, least: 1, most: 2_592_000, comment: 'A partition of the log that lags holds that time back, unless nothing of it was stored for so long: then the windows close without it.' },
} as const satisfies Settings;

export type CorrelateConfig = ConfigOf<typeof CORRELATE_SETTINGS>;
