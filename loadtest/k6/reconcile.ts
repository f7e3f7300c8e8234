import type { ClickHouseClient } from '@clickhouse/client';
import { rowsOf } from '../store-reader.ts';
import type { K6Result } from './summary.ts';

export interface Reconciliation {
  readonly acknowledged: number;
  readonly stored: number;
  /** What does not fit; empty when every acknowledged event is stored once. */
  readonly failures: readonly string[];
}

interface Counts {
  readonly source: string;
  readonly rows: number;
  readonly places: number;
}

/**
 * Holds what was acknowledged against the rows. Chained blocks are stored exactly once, so no place may come twice; a
 * block whose answer was lost at the end may be stored and not counted. Plain lines are delivered at least once.
 */
export async function reconcile(client: ClickHouseClient, site: string, result: K6Result, mostUnanswered: number): Promise<Reconciliation> {
  const counts = await rowsOf<Counts>(
    client,
    `SELECT multiIf(stream = 'k6-lines', 'lines', stream = 'k6-otlp', 'otlp', 'blocks') AS source, count() AS rows,
       uniqExact(stream, epoch, seq) AS places FROM tourniquet.events WHERE site = {site:String} AND startsWith(stream, 'k6-') GROUP BY source`,
    { site },
  );
  const failures: string[] = [];
  let stored = 0;
  for (const source of ['blocks', 'lines', 'otlp'] as const) {
    const { rows, places } = counts.find((c) => c.source === source) ?? { rows: 0, places: 0 };
    const acknowledged = result.acknowledged[source];
    stored += rows;
    if (rows < acknowledged) failures.push(`${source}: ${acknowledged} events were acknowledged, ${rows} are stored`);
    if (rows > acknowledged + mostUnanswered) failures.push(`${source}: ${rows} events are stored, ${acknowledged} were acknowledged`);
    if (places !== rows) failures.push(`${source}: ${rows - places} events are stored twice`);
  }
  return { acknowledged: result.acknowledged.blocks + result.acknowledged.lines + result.acknowledged.otlp, stored, failures };
}
