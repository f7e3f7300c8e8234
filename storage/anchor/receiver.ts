import { createHash } from 'node:crypto';
import type { Post } from './post.ts';
import type { SignedCheckpoint } from './signed-checkpoint.ts';

/**
 * Checkpoints posted to one URL, as a webhook: `{"type": "checkpoints.published", "timestamp", "data": {"checkpoints":
 * [{site, size, root, note}]}}`. A newer checkpoint stands for the older, so what waits is bounded by the number of
 * sites. After a start the newest of every site is posted again.
 */
export interface Receiver {
  /** Those that are larger than what was added of their site before. */
  add(checkpoints: readonly SignedCheckpoint[]): void;
  /** Posts what waits; keeps it for the next call when that fails, and rejects. */
  send(nowMs: number): Promise<void>;
}

/** Signs as webhooks are signed. */
export type WebhookSignature = (id: string, timestampS: number, body: string) => string;

const MOST_OF_A_POST = 1_000;

export function createReceiver(url: string, post: Post, signature: WebhookSignature): Receiver {
  const waiting = new Map<string, SignedCheckpoint>();
  const added = new Map<string, number>();
  return {
    add(checkpoints) {
      for (const checkpoint of checkpoints) {
        if (checkpoint.size <= (added.get(checkpoint.site) ?? -1)) continue;
        added.set(checkpoint.site, checkpoint.size);
        waiting.set(checkpoint.site, checkpoint);
      }
    },
    async send(nowMs) {
      while (waiting.size > 0) {
        const mine = [...waiting.values()].slice(0, MOST_OF_A_POST);
        const body = JSON.stringify({ type: 'checkpoints.published', timestamp: new Date(nowMs).toISOString(), data: { checkpoints: mine.map(({ site, size, root, note }) => ({ site, size, root, note })) } });
        // The same checkpoints again have the same id, so that a receiver can tell a repeat.
        const id = `checkpoints_${createHash('sha256').update(mine.map(({ note }) => note).join('')).digest('hex').slice(0, 32)}`;
        const timestampS = Math.floor(nowMs / 1_000);
        const { status } = await post(url, { 'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': `${timestampS}`, 'webhook-signature': signature(id, timestampS, body) }, body);
        if (status < 200 || status > 299) throw new Error(`the receiver of checkpoints answered with status ${status}: check that it runs, and the URL under anchor.urls`);
        for (const checkpoint of mine) if (waiting.get(checkpoint.site) === checkpoint) waiting.delete(checkpoint.site);
      }
    },
  };
}
