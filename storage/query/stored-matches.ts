import type { ClickHouseClient } from '@clickhouse/client';
import type { EventTimes, LeafRange } from './stored-events.ts';

/** A row of `matches` that a Sigma rule gave. */
export interface StoredMatch {
  readonly site: string;
  readonly leaf: number;
  /** Event time, Unix ms. */
  readonly timestampMs: number;
  readonly rule: string;
  /** The sealed rule set it was of. */
  readonly ruleVersion: string;
  readonly level: string;
  readonly class: string;
  readonly field: string;
  readonly view: string;
}

/** A finding of the second stage, stored as an event of its own. `id` is the finding's. */
export interface StoredFinding extends StoredMatch {
  readonly id: string;
}

const PLAIN_NUMBERS = { output_format_json_quote_64bit_integers: 0 } as const;

const MATCH_COLUMNS = `m.site AS site, m.leaf AS leaf, toUnixTimestamp64Milli(least(m.timestamp, m.received_at)) AS timestampMs, m.rule AS rule, m.rule_version AS ruleVersion, m.level AS level, m.class AS class, m.field AS field, m.view AS view`;

const SIGMA_MATCHES = `
  SELECT ${MATCH_COLUMNS} FROM matches AS m
  WHERE m.site = {site:String} AND m.leaf BETWEEN {first:UInt64} AND {last:UInt64} AND m.engine = 'sigma' AND timestampMs >= {from:Int64} AND timestampMs < {to:Int64}
  ORDER BY leaf, rule`;

/** What Sigma rules gave on record for the events of a range that fall into the times, in order of leaf and rule. */
export async function storedMatches(client: ClickHouseClient, { site, first, last }: LeafRange, { fromMs, toMs }: EventTimes): Promise<readonly StoredMatch[]> {
  const answer = await client.query({ query: SIGMA_MATCHES, query_params: { site, first, last, from: fromMs, to: toMs }, format: 'JSONEachRow', clickhouse_settings: PLAIN_NUMBERS });
  return await answer.json<StoredMatch>();
}

const FINDINGS = `
  SELECT ${MATCH_COLUMNS}, JSONExtractString(e.line, 'event', 'id') AS id
  FROM (SELECT * FROM matches WHERE engine = 'correlation' AND received_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')) AS m
  INNER JOIN (SELECT site, leaf, line FROM events WHERE provenance = 'system' AND received_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')) AS e ON e.site = m.site AND e.leaf = m.leaf
  WHERE timestampMs >= {from:Int64} AND timestampMs < {to:Int64}
  ORDER BY site, leaf, rule`;

/** What correlations found on record in the times. */
export async function storedFindings(client: ClickHouseClient, { fromMs, toMs }: EventTimes): Promise<readonly StoredFinding[]> {
  const answer = await client.query({ query: FINDINGS, query_params: { from: fromMs, to: toMs }, format: 'JSONEachRow', clickhouse_settings: PLAIN_NUMBERS });
  return await answer.json<StoredFinding>();
}
