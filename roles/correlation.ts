import type { EventLog } from '../contracts/event-log.ts';
import { createManySites } from '../detect/correlation/many-sites.ts';
import type { BlockOpener } from '../ingest/sealing/block-opener.ts';
import type { BlockSealer } from '../ingest/sealing/block-sealer.ts';
import { systemClock } from '../storage/commit/clock.ts';
import { createCorrelator } from '../storage/correlate/correlator.ts';
import type { Correlator } from '../storage/correlate/correlator.ts';
import type { CorrelatorEvent } from '../storage/correlate/correlator-deps.ts';
import type { Config } from './config/config.ts';
import { messageOf } from './error-message.ts';
import type { RoleContext } from './role-process.ts';

function report(log: RoleContext['log'], event: CorrelatorEvent): void {
  const { type, partition } = event;
  switch (type) {
    case 'recovered':
    case 'found':
      return;
    case 'waiting':
      // The first tries of a restarting peer are no news.
      if (event.tries >= 5) log('correlation waiting', { partition, for: event.what, tries: event.tries, message: messageOf(event.error) });
      return;
    case 'damaged_record':
      log('correlation damaged record', { partition, position: event.position, message: messageOf(event.error) });
      return;
    case 'overtaken':
    case 'lost':
    case 'cut':
    case 'changed': {
      const { type: _type, ...facts } = event;
      log(`correlation ${type}`, facts);
      return;
    }
    default:
      event satisfies never;
  }
}

export interface CorrelationParts {
  readonly partition: number;
  readonly log: EventLog;
  readonly opener: BlockOpener;
  readonly sealer: BlockSealer;
  readonly config: Config;
  readonly logLine: RoleContext['log'];
}

/** The second stage on one partition of the observations. */
export function createCorrelation({ partition, log, opener, sealer, config, logLine }: CorrelationParts): Correlator {
  return createCorrelator({
    partition,
    log,
    open: (record) => opener.open(record.value),
    seal: (headBytes, body) => sealer.seal(headBytes, body),
    stage: createManySites(config.correlation),
    clock: systemClock,
    config: { ...config.worker, ...config.correlation },
    onEvent: (event) => report(logLine, event),
  });
}
