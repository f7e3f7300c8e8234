import type { ClickHouseClient } from '@clickhouse/client';

export interface SiteToken {
  readonly site: string;
  readonly token: string;
}

const CHUNK = 1_000;

const FOUND = `
  SELECT DISTINCT site, subject AS token FROM accesses
  WHERE site IN {sites:Array(String)} AND subject IN {tokens:Array(String)}
  ORDER BY site, token`;

/** Those of the tokens that a deed on their site touched. A token is one site's, so those of a chunk do not meet. */
export async function tokensOnRecord(client: ClickHouseClient, tokens: readonly SiteToken[]): Promise<readonly SiteToken[]> {
  const found: SiteToken[] = [];
  for (let from = 0; from < tokens.length; from += CHUNK) {
    const chunk = tokens.slice(from, from + CHUNK);
    const answer = await client.query({ query: FOUND, query_params: { sites: [...new Set(chunk.map(({ site }) => site))], tokens: chunk.map(({ token }) => token) }, format: 'JSONEachRow', use_multipart_params_auto: true });
    found.push(...(await answer.json<SiteToken>()));
  }
  return found;
}
