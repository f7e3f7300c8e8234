import type { ClickHouseClient } from '@clickhouse/client';
import { asStoreError } from './store-error.ts';

/** What is stored, over all sites. */
export interface StoreStatus {
  readonly events: number;
  readonly matches: number;
  readonly alerts: number;
  readonly deadLetters: number;
  readonly blocks: number;
  /** Holes in chains whose newest row says open. */
  readonly openGaps: number;
  readonly checkpoints: number;
}

const QUERY = `SELECT (SELECT count() FROM events) AS events, (SELECT count() FROM matches) AS matches, (SELECT count() FROM alerts) AS alerts,
  (SELECT count() FROM dead_letters) AS deadLetters, (SELECT count() FROM blocks) AS blocks, (SELECT count() FROM checkpoints) AS checkpoints,
  (SELECT count() FROM (SELECT argMax(state, position) AS newest FROM gaps GROUP BY site, stream, epoch, from_seq, to_seq) WHERE newest = 'open') AS openGaps`;

/** Rejects with StoreUnavailable when the store does not answer. */
export async function storeStatus(client: ClickHouseClient): Promise<StoreStatus> {
  try {
    const result = await client.query({ query: QUERY, format: 'JSONEachRow' });
    const [row = {}] = await result.json<Readonly<Record<string, unknown>>>();
    const n = (name: keyof StoreStatus): number => Number(row[name]);
    return { events: n('events'), matches: n('matches'), alerts: n('alerts'), deadLetters: n('deadLetters'), blocks: n('blocks'), openGaps: n('openGaps'), checkpoints: n('checkpoints') };
  } catch (cause) {
    throw asStoreError(cause);
  }
}
