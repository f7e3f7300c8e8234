import type { ConfigOf, Settings } from '../../contracts/settings.ts';

/** What the second stage looks for over all sites. A change starts its memory anew. */
export const CORRELATION_SETTINGS = {
  sites: { kind: 'integer', default: 3, least: 2, most: 100, comment: 'Sites one address must attack (matches of level high or critical) before it is an alert of its own.' },
  window_s: { kind: 'integer', default: 600, least: 10, most: 86_400, comment: 'Within how many seconds, by the time of the events.' },
  lateness_s: { kind: 'integer', default: 1_800, least: 0, most: 86_400, comment: 'How far an event may be behind the newest one seen and still count: covers sites that were offline and partitions that lag.' },
  addresses: { kind: 'integer', default: 20_000, least: 100, most: 30_000, comment: 'Addresses remembered at most in each partition; beyond, the one seen longest ago is forgotten, which is counted.' },
} as const satisfies Settings;

export type CorrelationConfig = ConfigOf<typeof CORRELATION_SETTINGS>;
