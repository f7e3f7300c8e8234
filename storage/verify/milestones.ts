import type { ClickHouseClient } from '@clickhouse/client';

/** A root on record for a size of a site's tree. */
export type Milestone =
  | { readonly kind: 'checkpoint'; readonly size: number; readonly root: Buffer; readonly note: string }
  /** Unsigned: only narrows where a change must be. */
  | { readonly kind: 'commit'; readonly size: number; readonly root: Buffer };

export async function milestones(client: ClickHouseClient, site: string): Promise<readonly Milestone[]> {
  const rows = async (query: string): Promise<readonly { readonly size: string | number; readonly root: string; readonly note?: string }[]> =>
    (await client.query({ query, query_params: { site }, format: 'JSONEachRow' })).json();
  const signed = await rows('SELECT DISTINCT size, root, note FROM checkpoints WHERE site = {site:String} ORDER BY size');
  const committed = await rows(
    'SELECT DISTINCT tree_sizes[indexOf(sites, {site:String})] AS size, roots[indexOf(sites, {site:String})] AS root FROM commits WHERE has(sites, {site:String}) ORDER BY size',
  );
  return [
    ...signed.map((r): Milestone => ({ kind: 'checkpoint', size: Number(r.size), root: Buffer.from(r.root, 'base64'), note: r.note ?? '' })),
    ...committed.map((r): Milestone => ({ kind: 'commit', size: Number(r.size), root: Buffer.from(r.root, 'base64') })),
  ].toSorted(compareStones);
}

/** By size; of one size the signed one first. */
export function compareStones(a: Milestone, b: Milestone): number {
  return a.size - b.size || a.kind.localeCompare(b.kind);
}
