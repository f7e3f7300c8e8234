import type { ClickHouseClient } from '@clickhouse/client';
import type { Level } from '../../contracts/pack.ts';
import { rawRows } from '../client/raw-rows.ts';
import { rowsOf } from './row-reader.ts';
import type { RowReader } from './row-reader.ts';

/** Leaves of a site, both included. */
export interface LeafRange {
  readonly site: string;
  readonly first: number;
  readonly last: number;
}

/** A row of `events` with what signatures found in it. */
export interface StoredEvent {
  readonly site: string;
  readonly leaf: number;
  /** Unix ms. */
  readonly receivedAtMs: number;
  /** Unix ms, as the event says. */
  readonly timestampMs: number;
  readonly provenance: string;
  /** As stored: masked. */
  readonly line: string;
  readonly seen: readonly StoredSignature[];
}

/** A row of `matches` that a signature gave. */
export interface StoredSignature {
  readonly rule: string;
  readonly class: string;
  readonly level: Level;
  readonly field: string;
  readonly view: string;
}

/**
 * For each site the leaves from the first received at or after `receivedFromMs` to the last with an event time before
 * `eventToMs`. Only leaves of committed groups: all their matches are stored too.
 */
export async function leafRanges(client: ClickHouseClient, receivedFromMs: number, eventToMs: number, site: string | undefined): Promise<readonly LeafRange[]> {
  const query = `
    SELECT e.site AS site, min(e.leaf) AS first, max(e.leaf) AS last
    FROM events AS e
    INNER JOIN (SELECT site, max(size) AS size FROM commits ARRAY JOIN sites AS site, tree_sizes AS size GROUP BY site) AS c ON c.site = e.site
    WHERE e.received_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND e.leaf < c.size
      AND least(e.timestamp, e.received_at) < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
      ${site === undefined ? '' : 'AND e.site = {site:String}'}
    GROUP BY site ORDER BY site`;
  const answer = await client.query({ query, query_params: { from: receivedFromMs, to: eventToMs, ...(site === undefined ? {} : { site }) }, format: 'JSONEachRow', clickhouse_settings: { output_format_json_quote_64bit_integers: 0 } });
  return await answer.json<LeafRange>();
}

const EVENTS = `
  SELECT leaf, toUnixTimestamp64Milli(received_at) AS received, toUnixTimestamp64Milli(timestamp) AS said, toString(provenance), line
  FROM events WHERE site = {site:String} AND leaf BETWEEN {first:UInt64} AND {last:UInt64} AND toUnixTimestamp64Milli(least(timestamp, received_at)) BETWEEN {from:Int64} AND {to:Int64}
  ORDER BY site, leaf FORMAT RowBinary`;

const SIGNATURES = `
  SELECT leaf, toString(rule), toString(class), toString(level), toString(field), toString(view)
  FROM matches WHERE site = {site:String} AND leaf BETWEEN {first:UInt64} AND {last:UInt64} AND engine = 'pack' ORDER BY site, leaf, rule FORMAT RowBinary`;

/** Event times, Unix ms: from, and up to but not including. An event's time is what it says, never later than its receipt. */
export interface EventTimes {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The events of a range in order of leaf, some hundreds at a time; only those of the times, when given. Rejects with what the store said. */
export async function* storedEvents(client: ClickHouseClient, range: LeafRange, times?: EventTimes): AsyncGenerator<readonly StoredEvent[]> {
  const place = { site: range.site, first: range.first, last: range.last };
  const parameters = { ...place, from: times?.fromMs ?? Number.MIN_SAFE_INTEGER, to: times === undefined ? Number.MAX_SAFE_INTEGER : times.toMs - 1 };
  const seen = new Map<number, StoredSignature[]>();
  for await (const rows of rowsOf(rawRows(client, { query: SIGNATURES, parameters: place }), readSignature)) {
    for (const { leaf, signature } of rows) {
      const of = seen.get(leaf);
      if (of === undefined) seen.set(leaf, [signature]);
      else of.push(signature);
    }
  }
  for await (const rows of rowsOf(rawRows(client, { query: EVENTS, parameters }), readEvent)) {
    yield rows.map((row) => ({ site: range.site, ...row, seen: seen.get(row.leaf) ?? [] }));
  }
}

function readEvent(reader: RowReader): Omit<StoredEvent, 'site' | 'seen'> | undefined {
  const leaf = reader.integer();
  const receivedAtMs = reader.integer();
  const timestampMs = reader.integer();
  const provenance = reader.text();
  const line = reader.text();
  return leaf === undefined || receivedAtMs === undefined || timestampMs === undefined || provenance === undefined || line === undefined
    ? undefined : { leaf, receivedAtMs, timestampMs, provenance, line };
}

function readSignature(reader: RowReader): { readonly leaf: number; readonly signature: StoredSignature } | undefined {
  const leaf = reader.integer();
  const [rule, dataClass, level, field, view] = [reader.text(), reader.text(), reader.text(), reader.text(), reader.text()];
  if (leaf === undefined || rule === undefined || dataClass === undefined || level === undefined || field === undefined || view === undefined) return undefined;
  // Our own stage wrote it.
  return { leaf, signature: { rule, class: dataClass, level: level as Level, field, view } };
}
