import { zstdDecompressSync } from 'node:zlib';
import type { LogRecord } from '../../contracts/event-log.ts';
import type { RecordHead } from '../../contracts/log-record.ts';
import { parseRecord } from '../../contracts/log-record.ts';
import { MemoryLogError } from '../../contracts/memory-log.ts';
import type { Observation } from '../../contracts/observation.ts';
import type { OpenedBlock } from '../commit/derivation.ts';
import { endOfRuns, linesBelow } from '../commit/ingress-runs.ts';
import type { CorrelatorDeps } from './correlator-deps.ts';
import type { Seal } from './sealed-record.ts';
import { sealedRecord } from './sealed-record.ts';

/** What the tests of the second stage share: records that are not sealed, and the trail as a committer sees it. */

export const CONFIG: CorrelatorDeps['config'] = {
  snapshot_every: 3, snapshot_ms: 400, tick_ms: 500, stall_s: 3_600, max_group_events: 100, max_group_bytes: 1_000_000, linger_ms: 20, idle_ms: 100,
  recount_groups: 2, park_ms: 60_000, retry_first_ms: 5, retry_most_ms: 40, key_refresh_ms: 1_000,
};

export const noSeal: Seal = (_headBytes, body) => body;

export async function openPlain(record: LogRecord): Promise<OpenedBlock> {
  const parsed = parseRecord(record.value);
  if (parsed === undefined) throw new MemoryLogError('damaged', false);
  return { head: parsed.head, body: parsed.head.codec === 'none' ? parsed.sealed : zstdDecompressSync(parsed.sealed) };
}

export function observation(value: string, leaf: number, site = 'shop', receivedAtMs = 2_000 + leaf): Observation {
  return { by: 'many-sites', value, site, leaf, timestamp: receivedAtMs - 1_000, received_at: receivedAtMs, rule: 'r', fields: { 'source.ip': value } };
}

export type Observed = NonNullable<RecordHead['observed']>;

export function observationRecord(observed: Omit<Observed, 'rules'> & Partial<Observed>, observations: readonly Observation[], receivedAtMs: number): Promise<Buffer> {
  const lines = observations.map((o) => `${JSON.stringify(o)}\n`);
  return sealedRecord(noSeal, '_system', { stream: 'observations', received_at: receivedAtMs, framing: 'plain', lines: lines.length, observed: { rules: 'r1', ...observed } }, Buffer.from(lines.join('')));
}

export interface Trail {
  /** Ids of the stored findings, in order. */
  readonly ids: readonly string[];
  /** The same by site. */
  readonly bySite: Readonly<Record<string, readonly string[]>>;
  /** Whole lines, by site. */
  readonly lines: Readonly<Record<string, readonly string[]>>;
  /** Why epochs ended. */
  readonly breaks: readonly string[];
  readonly duplicates: number;
}

/** The trails after these records of the event log, by the rules of the real committer. */
export async function trailOf(records: readonly LogRecord[]): Promise<Trail> {
  const nexts = new Map<string, number>();
  const stored: { readonly site: string; readonly id: string; readonly line: string }[] = [];
  const breaks: string[] = [];
  let duplicates = 0;
  for (const record of records) {
    const { head, body } = await openPlain(record);
    const runs = head.ingress?.runs;
    if (record.key !== head.site || head.provenance !== 'system' || head.framing !== 'plain' || runs === undefined) throw new Error('no finding');
    if (!/^_correlation\.\d+\.\d+$/.test(head.stream)) throw new Error('a stream that shippers could write to');
    const stream = `${head.site} ${head.stream}`;
    const next = nexts.get(stream) ?? 0;
    const repeated = Math.min(head.lines, linesBelow(runs, next));
    nexts.set(stream, Math.max(next, endOfRuns(runs)));
    duplicates += repeated;
    for (const line of body.toString().split('\n').slice(repeated, -1)) {
      const { event, tourniquet } = JSON.parse(line) as { readonly event: { readonly id?: string }; readonly tourniquet?: { readonly correlation: { readonly break?: string } } };
      const ended = tourniquet?.correlation.break;
      if (ended !== undefined) breaks.push(ended);
      else stored.push({ site: head.site, id: String(event.id), line });
    }
  }
  const grouped = [...Map.groupBy(stored, (s) => s.site)];
  return {
    ids: stored.map((s) => s.id), breaks, duplicates,
    bySite: Object.fromEntries(grouped.map(([site, mine]) => [site, mine.map((s) => s.id)])),
    lines: Object.fromEntries(grouped.map(([site, mine]) => [site, mine.map((s) => s.line)])),
  };
}
