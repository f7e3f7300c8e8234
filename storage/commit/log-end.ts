import type { LogBounds } from '../../contracts/event-log.ts';
import type { CommitterDeps } from './committer-deps.ts';
import { CommitError } from './errors.ts';
import type { Retry } from './retry.ts';

/** A broker that just became leader may lag behind what another told: how often and how far apart the log is asked. */
const CHECKS = 5;
const BETWEEN_MS = 1_000;

/**
 * Rejects when the log ends before `next`, below which all is stored: what is appended there would never be read. So it
 * is when a topic was recreated, or a broker that lagged became leader.
 */
export async function requireLogEnd({ partition, log, clock }: Pick<CommitterDeps, 'partition' | 'log' | 'clock'>, retry: Retry, next: number, signal: AbortSignal): Promise<LogBounds> {
  for (let checks = 1; ; checks++) {
    const bounds = await retry('bounds', () => log.bounds(partition), signal);
    if (bounds.next >= next) return bounds;
    if (checks === CHECKS) throw new CommitError('TQ-COMMIT-10', `partition ${partition}: the log ends at ${bounds.next}, stored is all below ${next}`);
    await clock.sleep(BETWEEN_MS, signal);
  }
}
