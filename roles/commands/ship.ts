import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { ShipperError } from '../../ingest/shipper/errors.ts';
import type { Clock } from '../../ingest/shipper/gateway-client.ts';
import { shipOutbox } from '../../ingest/wordpress/spool/external-shipper.ts';
import type { Shipped } from '../../ingest/wordpress/spool/external-shipper.ts';
import { openOutbox, OutboxError } from '../../ingest/wordpress/spool/outbox.ts';
import { createProgress } from '../progress.ts';
import { UsageError } from '../usage-error.ts';

export interface ShipOptions {
  readonly spool: string;
  readonly once?: true;
  readonly json?: true;
}

/** Between looks at the outbox. */
const TURN_MS = 2_000;
/** With --once the gateway may be away for a minute; otherwise the next turn tries again anyway. */
const DEADLINE_MS = 60_000;

const CLOCK: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  },
};

/** Sends what the plugin sealed, once or until Ctrl-C. The spool's enrolment is read anew each turn. */
export async function ship(options: ShipOptions): Promise<number> {
  const stop = new AbortController();
  const end = (): void => stop.abort();
  process.once('SIGINT', end).once('SIGTERM', end);
  try {
    for (;;) {
      const failed = await turn(options, stop.signal);
      if (options.once === true || stop.signal.aborted) return failed ? 1 : 0;
      await sleep(TURN_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end);
  }
}

/** Whether the gateway took less than there was. */
async function turn(options: ShipOptions, signal: AbortSignal): Promise<boolean> {
  const progress = createProgress('blocks');
  try {
    const outbox = openOutbox(options.spool);
    const shipped = await shipOutbox({
      outbox, lock: path.join(options.spool, 'external.lock'), clock: CLOCK, deadlineMs: DEADLINE_MS, signal,
      onProgress: (s) => progress.update(s.blocks + s.refused, s.blocks + s.refused + s.waiting, `${s.lines} lines`),
    });
    progress.end();
    report(outbox.site, shipped, options);
    return shipped.refused > 0;
  } catch (error) {
    progress.end();
    if (error instanceof OutboxError && options.once === true) throw new UsageError(error.message);
    if (!(error instanceof ShipperError || error instanceof OutboxError)) throw error;
    if (!signal.aborted) process.stderr.write(`tourniquet: ${error.message}\n`);
    return !signal.aborted;
  }
}

function report(site: string, shipped: Shipped, options: ShipOptions): void {
  if (options.json === true) {
    if (shipped.blocks + shipped.refused > 0 || options.once === true) process.stdout.write(`${JSON.stringify({ site, ...shipped })}\n`);
    return;
  }
  const aside = shipped.refused === 0 ? '' : `; ${shipped.refused} blocks will never be taken and were put aside in refused/`;
  if (shipped.blocks + shipped.refused > 0) process.stdout.write(`${site}: ${shipped.lines} lines in ${shipped.blocks} blocks, acknowledged${aside}\n`);
  else if (options.once === true) process.stdout.write(`${site}: nothing waits\n`);
}
