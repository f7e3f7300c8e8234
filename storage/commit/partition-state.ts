import type { CommitRecord, SiteState, SnapshotRecord, StreamState } from '../../contracts/control.ts';
import { formatFrontier, parseFrontier, rootOf } from '../../contracts/merkle.ts';
import { EMPTY_TREE } from '../../contracts/tile.ts';
import type { GrowingTree } from '../../contracts/tile.ts';

/** A site's tree and chains in memory; a value, never changed in place. */
export interface Site extends GrowingTree {
  readonly streams: ReadonlyMap<string, StreamState>;
}

/** All that deriving the group which starts at or after `next` needs. */
export interface PartitionState {
  readonly next: number;
  readonly sites: ReadonlyMap<string, Site>;
}

export const EMPTY_SITE: Site = { ...EMPTY_TREE, streams: new Map() };
export const EMPTY_PARTITION: PartitionState = { next: 0, sites: new Map() };

export function formatSite(site: Site): SiteState {
  return { tree: formatFrontier(site.frontier), ...(site.runs.length === 0 ? {} : { runs: site.runs.toString('base64') }), streams: Object.fromEntries(site.streams) };
}

function parseSite(state: SiteState): Site {
  return { frontier: parseFrontier(state.tree), runs: Buffer.from(state.runs ?? '', 'base64'), streams: new Map(Object.entries(state.streams)) };
}

/** After-states as a commit record holds them. */
export function formatTouched(touched: ReadonlyMap<string, Site>): CommitRecord['sites'] {
  return Object.fromEntries(Array.from(touched, ([name, site]) => [name, { ...formatSite(site), root: rootOf(site.frontier).toString('base64') }]));
}

export function applyCommit(state: PartitionState, commit: CommitRecord): PartitionState {
  const sites = new Map(state.sites);
  for (const [name, site] of Object.entries(commit.sites)) sites.set(name, parseSite(site));
  return { next: commit.last + 1, sites };
}

export function formatSnapshot(partition: number, state: PartitionState): SnapshotRecord {
  const sites = Object.fromEntries(Array.from(state.sites, ([name, site]) => [name, formatSite(site)]));
  return { type: 'snapshot', partition, next: state.next, sites };
}

export function parseSnapshot(record: SnapshotRecord): PartitionState {
  return { next: record.next, sites: new Map(Object.entries(record.sites).map(([name, site]) => [name, parseSite(site)])) };
}
