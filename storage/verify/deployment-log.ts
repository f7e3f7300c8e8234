import type { ClickHouseClient } from '@clickhouse/client';
import { DEPLOYMENT_SITE } from '../../contracts/names.ts';
import { jsonRows } from './json-rows.ts';
import type { Milestone } from './milestones.ts';
import { problem } from './problem.ts';
import type { Problem } from './problem.ts';

/** Of checkpoints that the store lacks, so many newest ones a site are compared. */
const MOST_A_SITE = 100;

const NAMED = `SELECT c.1 AS site, c.2 AS size, c.3 AS root FROM (SELECT arrayJoin(JSONExtract(line, 'tourniquet', 'checkpoints', 'Array(Tuple(String, UInt64, String))')) AS c
  FROM events WHERE site = {deployment:String} AND provenance = 'system')`;

/** Checkpoints that lines of the deployment log name and the store does not hold, by site. A tick is on the log after its checkpoints are stored. */
export async function unstoredCheckpoints(client: ClickHouseClient): Promise<ReadonlyMap<string, readonly Milestone[]>> {
  const rows = await jsonRows<{ readonly site: string; readonly size: number; readonly root: string }>(client, `SELECT DISTINCT site, size, root FROM (${NAMED})
    WHERE sipHash64(site, size, root) NOT IN (SELECT sipHash64(toString(site), size, root) FROM checkpoints) ORDER BY site, size DESC, root LIMIT ${MOST_A_SITE} BY site`, { deployment: DEPLOYMENT_SITE });
  const bySite = new Map<string, Milestone[]>();
  for (const { site, size, root } of rows) bySite.set(site, [...(bySite.get(site) ?? []), { kind: 'published', size, root: Buffer.from(root, 'base64') }]);
  return bySite;
}

export function missingCheckpoints(site: string, published: readonly Milestone[]): readonly Problem[] {
  return published.map(({ size }) => problem('missing-checkpoint', site, `the deployment log names a checkpoint of size ${size} that the store does not hold`, { table: 'checkpoints', from: 0, to: size - 1 }));
}
