import type { ClickHouseClient } from '@clickhouse/client';
import { SYSTEM_SITE } from '../../contracts/names.ts';

export interface SiteToken {
  readonly site: string;
  readonly token: string;
}

const CHUNK = 1_000;

const FOUND = `
  SELECT DISTINCT subject AS token FROM accesses
  WHERE site IN {sites:Array(String)} AND subject IN {tokens:Array(String)}`;

/** Those of the tokens that a deed on their site touched, or one of ours, such as a look behind them. A token is one site's, so those of a chunk do not meet. */
export async function tokensOnRecord(client: ClickHouseClient, tokens: readonly SiteToken[]): Promise<readonly SiteToken[]> {
  const found: SiteToken[] = [];
  for (let from = 0; from < tokens.length; from += CHUNK) {
    const chunk = tokens.slice(from, from + CHUNK);
    const answer = await client.query({ query: FOUND, query_params: { sites: [...new Set([...chunk.map(({ site }) => site), SYSTEM_SITE])], tokens: chunk.map(({ token }) => token) }, format: 'JSONEachRow', use_multipart_params_auto: true });
    const there = new Set((await answer.json<Pick<SiteToken, 'token'>>()).map(({ token }) => token));
    found.push(...chunk.filter(({ token }) => there.has(token)));
  }
  return found;
}
