import type { EventLog } from '../contracts/event-log.ts';
import { limitsOf } from '../detect/correlation/config.ts';
import { createCorrelationStage } from '../detect/correlation/correlation-stage.ts';
import type { BlockOpener } from '../ingest/sealing/block-opener.ts';
import type { BlockSealer } from '../ingest/sealing/block-sealer.ts';
import { systemClock } from '../storage/commit/clock.ts';
import { createCorrelator } from '../storage/correlate/correlator.ts';
import type { Correlator } from '../storage/correlate/correlator.ts';
import type { CorrelatorEvent } from '../storage/correlate/correlator-deps.ts';
import { createReceiptHorizon } from '../storage/correlate/receipt-horizon.ts';
import type { Config } from './config/config.ts';
import { messageOf } from './error-message.ts';
import type { RoleContext } from './role-process.ts';
import type { RuleSets } from './rules/rule-sets.ts';

function report(log: RoleContext['log'], event: CorrelatorEvent): void {
  const { type, partition } = event;
  switch (type) {
    case 'recovered':
    case 'found':
    case 'rules':
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
  readonly log: EventLog;
  readonly opener: BlockOpener;
  readonly sealer: BlockSealer;
  readonly rules: Pick<RuleSets, 'correlationsOf'>;
  readonly config: Config;
  readonly logLine: RoleContext['log'];
}

/** Makes the second stage on a partition of the observations. All of a process share what they know of the time. */
export function openCorrelations({ log, opener, sealer, rules, config, logLine }: CorrelationParts): (partition: number) => Correlator {
  const horizon = createReceiptHorizon({ log, clock: systemClock, stallMs: config.correlation.stall_s * 1_000 });
  const stage = createCorrelationStage((version) => rules.correlationsOf(version), limitsOf(config.correlation));
  return (partition) => createCorrelator({
    partition,
    log,
    open: (record) => opener.open(record.value),
    seal: (headBytes, body) => sealer.seal(headBytes, body),
    stage,
    horizon,
    clock: systemClock,
    config: { ...config.worker, ...config.correlation },
    onEvent: (event) => report(logLine, event),
  });
}
