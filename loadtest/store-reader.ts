import { createClient } from '@clickhouse/client';
import type { ClickHouseClient } from '@clickhouse/client';
import { storageAccess } from '../roles/connections.ts';
import { loadConfig } from '../roles/config/config.ts';
import type { Home } from '../roles/home.ts';

/** Reads the store of an instance as an analyst would. */
export async function openReader(home: Home): Promise<ClickHouseClient> {
  const access = await storageAccess(loadConfig({ TOURNIQUET_HOME: home.root }), home, 'reader');
  return createClient({ url: access.url, username: access.user, password: access.password });
}

export async function rowsOf<T>(client: ClickHouseClient, query: string, params: Readonly<Record<string, unknown>> = {}): Promise<readonly T[]> {
  const result = await client.query({ query, format: 'JSONEachRow', query_params: params, clickhouse_settings: { output_format_json_quote_64bit_integers: 0 } });
  return result.json<T>();
}

/** One number of one row. */
export async function numberOf(client: ClickHouseClient, query: string): Promise<number> {
  const [row] = await rowsOf<Record<string, number>>(client, query);
  return Number(Object.values(row ?? {})[0] ?? Number.NaN);
}
