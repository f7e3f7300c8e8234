import { createClient } from '@clickhouse/client';
import type { Alert } from '../contracts/alert.ts';
import type { GroupRange } from '../contracts/store.ts';
import type { StorageAccess } from './connections.ts';

const ALERTS = `
  SELECT id, site, leaf, toUnixTimestamp64Milli(received_at) AS received_at, toUnixTimestamp64Milli(timestamp) AS timestamp,
    rule, rule_version, title, level, class, field, source_ip, stream, epoch, seq,
    late, a.group AS group, quiet_s, back_off, quiet_most_s
  FROM tourniquet.alerts AS a
  WHERE a.partition = {partition:UInt16} AND a.position BETWEEN {first:UInt64} AND {last:UInt64}
    AND a.received_at BETWEEN fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND fromUnixTimestamp64Milli({to:Int64}, 'UTC')
  ORDER BY a.position, a.leaf, a.id`;

export interface AlertReader extends AsyncDisposable {
  readonly alertsOf: (range: GroupRange, receivedFromMs: number, receivedToMs: number) => Promise<readonly Alert[]>;
}

/** Reads the alerts of a group of blocks from the store. */
export function openAlertReader(access: StorageAccess): AlertReader {
  const client = createClient({ url: access.url, username: access.user, password: access.password });
  return {
    async alertsOf(range, from, to) {
      const answer = await client.query({ query: ALERTS, format: 'JSONEachRow', query_params: { ...range, from, to }, clickhouse_settings: { output_format_json_quote_64bit_integers: 0 } });
      return await answer.json<Alert>();
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}
