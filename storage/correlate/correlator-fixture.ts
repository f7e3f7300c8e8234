import { zstdDecompressSync } from 'node:zlib';
import { NONCE_CHARS } from '../../contracts/chain.ts';
import type { StreamState } from '../../contracts/control.ts';
import type { LogRecord } from '../../contracts/event-log.ts';
import type { RecordHead } from '../../contracts/log-record.ts';
import { parseRecord } from '../../contracts/log-record.ts';
import { MemoryLogError } from '../../contracts/memory-log.ts';
import type { Observation } from '../../contracts/observation.ts';
import { headAfter } from '../commit/chain-lines.ts';
import type { Notice } from '../commit/chain-tracker.ts';
import { EMPTY_STREAM, track } from '../commit/chain-tracker.ts';
import type { OpenedBlock } from '../commit/derivation.ts';
import type { CorrelatorDeps } from './correlator-deps.ts';
import type { Seal } from './sealed-record.ts';
import { sealedRecord } from './sealed-record.ts';

/** What the tests of the second stage share: records that are not sealed, and the trail as a committer sees it. */

export const CONFIG: CorrelatorDeps['config'] = {
  snapshot_every: 3, snapshot_ms: 400, max_group_events: 100, max_group_bytes: 1_000_000, linger_ms: 20, idle_ms: 100,
  recount_groups: 2, park_ms: 60_000, retry_first_ms: 5, retry_most_ms: 40, key_refresh_ms: 1_000,
};

export const noSeal: Seal = (_headBytes, body) => body;

export async function openPlain(record: LogRecord): Promise<OpenedBlock> {
  const parsed = parseRecord(record.value);
  if (parsed === undefined) throw new MemoryLogError('damaged', false);
  const body = zstdDecompressSync(parsed.sealed);
  return { head: parsed.head, body: parsed.head.framing === 'chained' ? body.subarray(body.indexOf(10) + 1) : body };
}

export function observation(value: string, leaf: number, site = 'shop'): Observation {
  return { by: 'source.ip', value, site, leaf, timestamp: 1_000 + leaf, received_at: 2_000 + leaf, rule: 'r', level: 'high', class: 'c' };
}

export function observationRecord(observed: NonNullable<RecordHead['observed']>, observations: readonly Observation[], receivedAtMs: number): Promise<Buffer> {
  const lines = observations.map((o) => `${JSON.stringify(o)}\n`);
  return sealedRecord(noSeal, '_system', { stream: 'observations', received_at: receivedAtMs, framing: 'plain', lines: lines.length, observed }, Buffer.from(lines.join('')));
}

export interface Trail {
  /** Ids of the stored findings, in order. */
  readonly ids: readonly string[];
  readonly notices: readonly Notice[];
  readonly duplicates: number;
}

/** The `_system` site after these records of the event log, by the rules of the real committer's chains. */
export async function trailOf(records: readonly LogRecord[]): Promise<Trail> {
  const streams = new Map<string, StreamState>();
  const ids: string[] = [];
  const notices: Notice[] = [];
  let duplicates = 0;
  for (const record of records) {
    const { head, body } = await openPlain(record);
    const { chain } = head;
    if (record.key !== '_system' || head.site !== '_system' || head.provenance !== 'system' || chain === undefined) throw new Error('no finding');
    if (headAfter(body, chain.previous_head, head.lines) !== chain.head) throw new Error('the head does not follow from the lines');
    const place = { epoch: chain.epoch, firstSeq: chain.first_seq, lines: head.lines, previousHead: chain.previous_head, head: chain.head, headAfter: (lines: number) => headAfter(body, chain.previous_head, lines) };
    const stream = streams.get(head.stream) ?? EMPTY_STREAM;
    let tracked = track(stream, place);
    // The store would know a block that old: nothing else is ever written with an old place.
    if (tracked.disposition === 'ask') tracked = track(stream, place, true);
    if (tracked.disposition !== 'store') {
      duplicates += head.lines;
      continue;
    }
    streams.set(head.stream, tracked.state);
    notices.push(...tracked.notices);
    const lines = body.toString().split('\n').slice(0, -1).map((line) => line.slice(NONCE_CHARS + 1));
    for (const { from, to } of tracked.segments) ids.push(...lines.slice(from, to).map((line) => String(JSON.parse(line).event.id)));
  }
  return { ids, notices, duplicates };
}
