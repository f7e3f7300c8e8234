import type { EventLog } from '../contracts/event-log.ts';
import type { DEPLOYMENT_SITE, SYSTEM_SITE } from '../contracts/names.ts';
import { bodiesOf } from '../storage/correlate/line-bodies.ts';
import { sealedRecord } from '../storage/correlate/sealed-record.ts';
import type { Seal } from '../storage/correlate/sealed-record.ts';

/** Puts lines of our own (without line feeds) on the trail of a site of our own: durable in the event log when it resolves. */
export type OwnLines = (lines: readonly string[]) => Promise<void>;

/** No shipper can write to these sites: names of theirs begin with a letter or digit. */
export function ownLines(log: EventLog, seal: Seal, site: typeof SYSTEM_SITE | typeof DEPLOYMENT_SITE, stream: string): OwnLines {
  return async (lines) => {
    for (const { lines: count, body } of bodiesOf(lines)) await log.append(site, await sealedRecord(seal, site, { stream, received_at: Date.now(), framing: 'plain', lines: count }, body));
  };
}
