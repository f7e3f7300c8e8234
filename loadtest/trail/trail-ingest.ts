import { setTimeout as sleep } from 'node:timers/promises';
import { homeAt } from '../../roles/home.ts';
import { trailBlocks } from './trail-events.ts';
import type { TrailLoad } from './trail-events.ts';
import { openTrailAppender } from './trail-fill.ts';

/** A process that adds events of now to an instance, so many a second, until it is told to stop by SIGTERM. */
export interface IngestOrder {
  readonly home: string;
  readonly rate: number;
  readonly load: Omit<TrailLoad, 'fromMs' | 'toMs' | 'events'>;
}

// Only trail.ts starts this process, with exactly one IngestOrder.
const { home, rate, load } = JSON.parse(process.argv[2] ?? '{}') as IngestOrder;
await using appender = await openTrailAppender(homeAt(home));
let stopped = false;
process.once('SIGTERM', () => (stopped = true));
const startedAt = performance.now();
const nowMs = Date.now();
let sent = 0;
for (const block of trailBlocks({ ...load, events: rate * 3_600, fromMs: nowMs, toMs: nowMs + 3_600_000 })) {
  if (stopped) break;
  await appender.append({ ...block, receivedAtMs: Date.now() });
  sent += block.lines;
  const aheadMs = (sent / rate) * 1000 - (performance.now() - startedAt);
  if (aheadMs > 5) await sleep(aheadMs);
}
process.stdout.write(`${JSON.stringify({ events: sent, seconds: (performance.now() - startedAt) / 1000 })}\n`);
