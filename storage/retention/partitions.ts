import type { ClickHouseClient } from '@clickhouse/client';
import { isTier } from '../../contracts/tiers.ts';
import type { Tier } from '../../contracts/tiers.ts';
import { coversMonth } from './holds.ts';
import type { Hold } from './holds.ts';
import { dueAtMs } from './period.ts';
import { untieredDueAtMs } from './policy.ts';
import type { Policy } from './policy.ts';

/** Tables whose partitions are (tier, month of receipt), in the order in which they are dropped: `events` last, so that a repeat finds what is left. */
export const TIERED_TABLES = ['accesses', 'acts', 'events'] as const;
/** Tables with personal data whose partitions are months. What else there is holds none, and the evidence that nothing is missing. */
export const UNTIERED_TABLES = ['matches', 'alerts', 'dead_letters'] as const;

/** Rows of all tables that expire together. */
export interface StoredPartition {
  /** Undefined for what has no tier: it goes after everything else of its month. */
  readonly tier: Tier | undefined;
  /** As `toYYYYMM` of the time of receipt (UTC) gives it. */
  readonly month: number;
  /** Of `events`; of the untiered tables together. */
  readonly rows: number;
  /** On disk, all tables. */
  readonly bytes: number;
  readonly sites: readonly string[];
}

export interface PartitionState extends StoredPartition {
  readonly policy: string;
  /** Unix ms; undefined for never. */
  readonly dueAtMs: number | undefined;
  /** Ids of the holds that keep it. */
  readonly holds: readonly string[];
  readonly state: 'kept' | 'due' | 'held';
}

const PARTS = `SELECT table, partition, sum(rows) AS rows, sum(bytes_on_disk) AS bytes FROM system.parts
  WHERE active AND database = currentDatabase() AND table IN (${[...TIERED_TABLES, ...UNTIERED_TABLES].map((table) => `'${table}'`).join(', ')}) GROUP BY table, partition`;

interface PartRow {
  readonly table: string;
  readonly partition: string;
  readonly rows: string | number;
  readonly bytes: string | number;
}

/** What is stored, by month and tier. */
export async function storedPartitions(client: ClickHouseClient): Promise<readonly StoredPartition[]> {
  const answer = await client.query({ query: PARTS, format: 'JSONEachRow' });
  const found = new Map<string, StoredPartition>();
  for (const row of await answer.json<PartRow>()) {
    const key = partitionKey(row.partition);
    if (key === undefined) continue;
    const name = `${key.month}/${key.tier ?? ''}`;
    const before = found.get(name);
    const counts = key.tier === undefined || row.table === 'events' ? Number(row.rows) : 0;
    found.set(name, { ...key, rows: (before?.rows ?? 0) + counts, bytes: (before?.bytes ?? 0) + Number(row.bytes), sites: [] });
  }
  const sorted = [...found.values()].toSorted((a, b) => a.month - b.month || (a.tier ?? '~').localeCompare(b.tier ?? '~'));
  const partitions: StoredPartition[] = [];
  // One after the other: there may be hundreds, and other people read, too.
  for (const partition of sorted) partitions.push({ ...partition, sites: await sitesOf(client, partition) });
  return partitions;
}

/** `('health',202601)`, or `202601`. Undefined for one that this version does not know. */
function partitionKey(text: string): Pick<StoredPartition, 'tier' | 'month'> | undefined {
  const match = /^(?:\('([a-z]+)',([0-9]{6})\)|([0-9]{6}))$/.exec(text);
  if (match?.[3] !== undefined) return { tier: undefined, month: Number(match[3]) };
  const tier = match?.[1];
  return isTier(tier) ? { tier, month: Number(match?.[2]) } : undefined;
}

async function sitesOf(client: ClickHouseClient, { tier, month }: Pick<StoredPartition, 'tier' | 'month'>): Promise<readonly string[]> {
  const where = tier === undefined ? UNTIERED_TABLES.map((table) => `SELECT site FROM ${table} WHERE toYYYYMM(received_at) = {month:UInt32}`).join(' UNION DISTINCT ')
    : 'SELECT site FROM events WHERE tier = {tier:String} AND toYYYYMM(received_at) = {month:UInt32}';
  const answer = await client.query({ query: `SELECT DISTINCT site FROM (${where}) ORDER BY site`, query_params: { tier: tier ?? '', month }, format: 'JSONEachRow' });
  return (await answer.json<{ readonly site: string }>()).map(({ site }) => site);
}

/** What becomes of each partition now. Untiered rows wait until no event of their month is left. */
export function partitionStates(partitions: readonly StoredPartition[], policy: Policy, holds: readonly Hold[], nowMs: number): readonly PartitionState[] {
  return partitions.map((partition) => {
    const { tier, month, sites } = partition;
    const due = tier === undefined ? untieredDueAtMs(policy, month) : dueAtMs(month, policy[tier].period);
    const holding = holds.filter((hold) => coversMonth(hold, tier, month, sites)).map(({ id }) => id);
    const waits = tier === undefined && partitions.some((other) => other.tier !== undefined && other.month === month);
    const state = nowMs < due || waits ? 'kept' : holding.length > 0 ? 'held' : 'due';
    return { ...partition, policy: tier === undefined ? 'longest of all tiers' : policy[tier].text, dueAtMs: Number.isFinite(due) ? due : undefined, holds: holding, state };
  });
}
