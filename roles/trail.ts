import os from 'node:os';
import type { EventLog } from '../contracts/event-log.ts';
import { encodeRecordHead, frameRecord } from '../contracts/log-record.ts';
import type { RecordHead } from '../contracts/log-record.ts';
import { SYSTEM_SITE } from '../contracts/names.ts';
import { openBlockSealer } from '../ingest/sealing/block-sealer.ts';
import type { Config } from './config/config.ts';
import { connectKeys } from './connections.ts';
import type { Home } from './home.ts';

/** The stream of the `_system` site that tells what people did with the product. */
const STREAM = 'acts';

/** Something a person did with the product. Nothing of it may be a secret or personal data in the clear. */
export interface Act {
  readonly action: string;
  readonly category: readonly string[];
  /** `unknown` for what is done only after this is written. */
  readonly outcome: 'success' | 'failure' | 'unknown';
  readonly reason: string;
  /** What it was done to, under `tourniquet`. */
  readonly about: Readonly<Record<string, string | number>>;
}

/** Puts the act on the trail: durable in the event log when it resolves, so before its effect is shown. */
export async function writeOnTrail(config: Config, home: Home, log: EventLog, { action, category, outcome, reason, about }: Act): Promise<void> {
  const sealer = await openBlockSealer(await connectKeys(config, home, 'gateway'));
  const nowMs = Date.now();
  const event = {
    '@timestamp': new Date(nowMs).toISOString(),
    event: { kind: 'event', category, action, outcome, dataset: 'tourniquet.acts', reason },
    user: { name: os.userInfo().username },
    tourniquet: about,
  };
  const body = Buffer.from(`${JSON.stringify(event)}\n`);
  const head: RecordHead = { v: 1, site: SYSTEM_SITE, stream: STREAM, provenance: 'system', received_at: nowMs, framing: 'plain', codec: 'none', lines: 1, bytes: body.length };
  const headBytes = encodeRecordHead(head);
  await log.append(SYSTEM_SITE, frameRecord(headBytes, sealer.seal(headBytes, body)));
}
