import type { ConfigOf, Settings } from '../../contracts/settings.ts';

/** What correlations remember, in each partition. A change of these starts their memory anew. */
export const CORRELATION_SETTINGS = {
  lateness_s: { kind: 'integer', default: 300, least: 0, most: 86_400, comment: 'How far an event may be behind the newest one of its site and still be on time. What is later gives alerts marked late; windows that are told once they are over leave it out.' },
  idle_s: { kind: 'integer', default: 60, least: 1, most: 86_400, comment: 'After how long a silence the clock of a site goes on with the time of receipt.' },
  groups: { kind: 'integer', default: 50_000, least: 100, most: 1_000_000, comment: 'Groups of values remembered at most; beyond, the rule and site with the most gives up those seen longest ago, which is counted.' },
  bytes: { kind: 'integer', default: 3_500_000, least: 10_000, most: 1_000_000_000, comment: 'Size of what is remembered at most, about as large as it is in a snapshot.' },
} as const satisfies Settings;

export type CorrelationConfig = ConfigOf<typeof CORRELATION_SETTINGS>;

export interface CorrelationLimits {
  /** Infinity: only the end of all observations closes windows. */
  readonly latenessMs: number;
  readonly idleMs: number;
  readonly groups: number;
  readonly bytes: number;
}

export function limitsOf({ lateness_s, idle_s, groups, bytes }: CorrelationConfig): CorrelationLimits {
  return { latenessMs: lateness_s * 1_000, idleMs: idle_s * 1_000, groups, bytes };
}

/** Of events that are all there, in whatever order: nothing is late, and memory may be larger. For files and tests, not for snapshots. */
export const WHOLE_HISTORY: CorrelationLimits = { latenessMs: Infinity, idleMs: Infinity, groups: 1_000_000, bytes: 256_000_000 };
