import { setTimeout as sleep } from 'node:timers/promises';
import { zstdCompressSync } from 'node:zlib';
import type { ClickHouseClient } from '@clickhouse/client';
import type { EventLog } from '../../contracts/event-log.ts';
import { encodeRecordHead, frameRecord } from '../../contracts/log-record.ts';
import type { RecordHead } from '../../contracts/log-record.ts';
import { openBlockSealer } from '../../ingest/sealing/block-sealer.ts';
import type { BlockSealer } from '../../ingest/sealing/block-sealer.ts';
import { loadConfig } from '../../roles/config/config.ts';
import { connectKeys } from '../../roles/connections.ts';
import { openEventLog } from '../../roles/event-log.ts';
import type { Home } from '../../roles/home.ts';
import { STANDSTILL_MS } from '../pipeline.ts';
import { numberOf } from '../store-reader.ts';
import type { TrailBlock } from './trail-events.ts';

/** Events that may wait in the log. */
const MOST_BEHIND = 400_000;

/**
 * Puts blocks into an instance's event log as its own gateway would once it had checked their chain, with receipt times
 * of the past: thirty days are stored within minutes.
 */
export interface TrailAppender extends AsyncDisposable {
  append(block: TrailBlock): Promise<void>;
}

export async function openTrailAppender(home: Home): Promise<TrailAppender> {
  const config = loadConfig({ TOURNIQUET_HOME: home.root });
  const [log, sealer] = await Promise.all([openEventLog(config, home), connectKeys(config, home, 'gateway').then((keys) => openBlockSealer(keys))]);
  return { append: (block) => appendBlock(log, sealer, block), [Symbol.asyncDispose]: () => log[Symbol.asyncDispose]() };
}

async function appendBlock(log: EventLog, sealer: BlockSealer, { site, stream, provenance, receivedAtMs, lines, body }: TrailBlock): Promise<void> {
  const head: RecordHead = { v: 1, site, stream, provenance, received_at: receivedAtMs, framing: 'plain', codec: 'zstd', lines, bytes: body.length };
  const headBytes = encodeRecordHead(head);
  await log.append(site, frameRecord(headBytes, sealer.seal(headBytes, zstdCompressSync(body))));
}

/** Events of a site that are stored and committed. */
export function committed(client: ClickHouseClient, site: string): Promise<number> {
  return numberOf(client, `SELECT max(tree_sizes[indexOf(sites, '${site}')]) AS n FROM tourniquet.commits WHERE has(sites, '${site}')`);
}

/** Appends all blocks, never far ahead of what is stored, and resolves once it is. `onStored` hears how far it is. */
export async function fillStore(appender: TrailAppender, client: ClickHouseClient, site: string, blocks: Iterable<TrailBlock>, onStored: (events: number) => void): Promise<number> {
  let sent = 0;
  const before = await committed(client, site);
  for (const block of blocks) {
    await appender.append(block);
    sent += block.lines;
    if (sent % 50_000 < block.lines) await untilCommitted(client, site, before + sent - MOST_BEHIND, onStored);
  }
  await untilCommitted(client, site, before + sent, onStored);
  return sent;
}

async function untilCommitted(client: ClickHouseClient, site: string, events: number, onStored: (events: number) => void): Promise<void> {
  for (let last = -1, lastAt = performance.now(); ;) {
    const stored = await committed(client, site);
    onStored(stored);
    if (stored >= events) return;
    if (stored !== last) lastAt = performance.now();
    last = stored;
    if (performance.now() - lastAt > STANDSTILL_MS) throw new Error(`the store stopped at ${stored} of ${events} events`);
    await sleep(50);
  }
}
