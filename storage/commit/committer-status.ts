import type { CommitRecord } from '../../contracts/control.ts';
import type { CommitterDeps } from './committer-deps.ts';

const RATE_WINDOW_MS = 10_000;

/** Counts are since this process started. */
export interface CommitterStatus {
  readonly partition: number;
  /** Position of the last committed block, -1 before the first. */
  readonly position: number;
  /** Next position to commit. */
  readonly next: number;
  /** Positions the log is ahead. */
  readonly lag: number;
  readonly groups: number;
  readonly events: number;
  readonly duplicates: number;
  readonly deadLetters: number;
  readonly alerts: number;
  /** Over the last ten seconds. */
  readonly eventsPerSecond: number;
}

export interface StatusKeeper {
  recovered(next: number): void;
  committed(record: CommitRecord): void;
  next(): number;
  read(): Promise<CommitterStatus>;
}

export function createStatus({ partition, log, clock }: Pick<CommitterDeps, 'partition' | 'log' | 'clock'>): StatusKeeper {
  let next = 0;
  let groups = 0;
  let events = 0;
  let duplicates = 0;
  let deadLetters = 0;
  let alerts = 0;
  let recent: readonly (readonly [atMs: number, events: number])[] = [];
  const inWindow = (): typeof recent => recent.filter(([atMs]) => atMs > clock.elapsedMs() - RATE_WINDOW_MS);
  return {
    recovered: (position) => {
      next = position;
    },
    committed: ({ last, rows, duplicates: repeated }) => {
      next = last + 1;
      groups += 1;
      events += rows.events ?? 0;
      duplicates += repeated;
      deadLetters += rows.dead_letters ?? 0;
      alerts += rows.alerts ?? 0;
      recent = [...inWindow(), [clock.elapsedMs(), rows.events ?? 0]];
    },
    next: () => next,
    read: async () => {
      const bounds = await log.bounds(partition);
      const eventsPerSecond = inWindow().reduce((sum, [, n]) => sum + n, 0) / (RATE_WINDOW_MS / 1_000);
      return { partition, position: next - 1, next, lag: Math.max(0, bounds.next - next), groups, events, duplicates, deadLetters, alerts, eventsPerSecond };
    },
  };
}
