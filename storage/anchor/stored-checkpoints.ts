import type { ClickHouseClient } from '@clickhouse/client';
import type { SignedCheckpoint } from './signed-checkpoint.ts';

/** What the store says of checkpoints; the tests have a fake beside it. */
export interface StoredCheckpoints {
  /** The largest of each site; with `sinceMs` only of sites with one that was signed at or after it (Unix ms). */
  newest(sinceMs?: number): Promise<readonly SignedCheckpoint[]>;
  /** Roots (base64) stored for a site and size: none, one, or several when something is wrong. */
  rootsAt(site: string, size: number): Promise<readonly string[]>;
}

const NEWEST = `
  SELECT site, size, root, note FROM checkpoints WHERE (site, size) IN (
    SELECT site, max(size) FROM checkpoints WHERE signed_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC') GROUP BY site
  ) ORDER BY site, length(note) DESC LIMIT 1 BY site`;
const ROOTS = 'SELECT DISTINCT root FROM checkpoints WHERE site = {site:String} AND size = {size:UInt64} LIMIT 10';

export function storedCheckpoints(client: ClickHouseClient): StoredCheckpoints {
  const rows = async <T>(query: string, query_params: Record<string, unknown>): Promise<T[]> => {
    const answer = await client.query({ query, query_params, format: 'JSONEachRow', clickhouse_settings: { output_format_json_quote_64bit_integers: 0 } });
    return answer.json<T>();
  };
  return {
    newest: (sinceMs = 0) => rows<SignedCheckpoint>(NEWEST, { since: sinceMs }),
    rootsAt: async (site, size) => (await rows<{ readonly root: string }>(ROOTS, { site, size })).map(({ root }) => root),
  };
}
