import type { StoredCheckpoint } from './checkpoint-publisher.ts';
import type { Clock } from './clock.ts';

/**
 * The log over the checkpoints of all sites: lines of the site `_deployment`, whose own tree and checkpoints come as any
 * site's do. Whoever holds one of its checkpoints can prove what was published of every site before.
 *
 *     {"@timestamp": …, "event": {"kind": "event", "category": ["configuration"], "action": "checkpoints-published", …},
 *      "tourniquet": {"checkpoints": [{"site", "size", "root" (base64)}, …]}}
 */
export interface DeploymentLog {
  /** Keeps a published checkpoint for the next line; of one site the newest. */
  published(checkpoint: StoredCheckpoint): void;
  /**
   * Writes what was published, durably, unless the last line is younger than `everyMs` and `now` is not set. What cannot
   * be written is kept for the next call. After a crash the newest checkpoints are published again, and so written again.
   */
  write(when?: 'now'): Promise<void>;
}

export interface DeploymentLogDeps {
  /** Lines without line feeds; durable in the event log when it resolves. */
  readonly append: (lines: readonly string[]) => Promise<void>;
  readonly clock: Clock;
  readonly everyMs: number;
  readonly onDelayed: (error: unknown) => void;
}

/** Of one line, so that it stays within `MAX_LINE_BYTES` and `MAX_KEYS`: a checkpoint is at most 180 bytes and three keys. */
const MOST_OF_A_LINE = 200;

export function createDeploymentLog({ append, clock, everyMs, onDelayed }: DeploymentLogDeps): DeploymentLog {
  const waiting = new Map<string, StoredCheckpoint>();
  let lastMs = Number.NEGATIVE_INFINITY;
  return {
    published(checkpoint) {
      waiting.set(checkpoint.site, checkpoint);
    },
    async write(when) {
      const startMs = clock.elapsedMs();
      if (waiting.size === 0 || (startMs - lastMs < everyMs && when !== 'now')) return;
      const mine = [...waiting.values()];
      try {
        await append(publishedLines(mine, clock.nowMs()));
      } catch (error) {
        return onDelayed(error);
      }
      lastMs = startMs;
      for (const checkpoint of mine) if (waiting.get(checkpoint.site) === checkpoint) waiting.delete(checkpoint.site);
    },
  };
}

function publishedLines(checkpoints: readonly StoredCheckpoint[], nowMs: number): readonly string[] {
  const sorted = checkpoints.toSorted((a, b) => (a.site < b.site ? -1 : 1));
  return Array.from({ length: Math.ceil(sorted.length / MOST_OF_A_LINE) }, (_, i) => {
    const named = sorted.slice(i * MOST_OF_A_LINE, (i + 1) * MOST_OF_A_LINE).map(({ site, size, root }) => ({ site, size, root: root.toString('base64') }));
    return JSON.stringify({
      '@timestamp': new Date(nowMs).toISOString(),
      event: { kind: 'event', category: ['configuration'], action: 'checkpoints-published', outcome: 'success', dataset: 'tourniquet.checkpoints' },
      tourniquet: { checkpoints: named },
    });
  });
}
