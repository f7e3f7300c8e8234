import type { ClickHouseClient } from '@clickhouse/client';
import type { Coverage } from '../../contracts/scope.ts';
import { COVERED_BLOCKS } from '../scope/window-facts.ts';
import { streamedRows } from '../verify/json-rows.ts';
import type { Batch } from './bundle-input.ts';

const BATCHES = `
  SELECT stream, epoch, first_seq, lines, stored, dead, toUnixTimestamp64Milli(received_at) AS receivedAtMs, provenance, first_leaf, previous_head, head
  FROM blocks WHERE ${COVERED_BLOCKS}
  ORDER BY stream, epoch, first_seq, receivedAtMs, first_leaf`;

/** Every block that a scope counted. */
export async function* storedBatches(client: ClickHouseClient, site: string, treeSize: number, { receivedFromMs, receivedToMs }: Coverage): AsyncGenerator<readonly Batch[]> {
  yield* streamedRows<Batch>(client, BATCHES, { site, treeSize, receivedFromMs, receivedToMs });
}
