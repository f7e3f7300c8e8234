import type { ClickHouseClient } from '@clickhouse/client';
import { verifiersAt } from '../../contracts/announced-key.ts';
import { openNote, parseCheckpoint } from '../../contracts/checkpoint.ts';
import type { AnnouncedKey } from '../../contracts/keys.ts';
import { jsonRows } from './json-rows.ts';
import { problem } from './problem.ts';
import type { Problem } from './problem.ts';

/**
 * A root on record for a size of a site's tree:
 * - `checkpoint`: signed, in the store.
 * - `kept`: signed, kept by someone outside of it.
 * - `published`: the deployment's log says that it was signed; the store has no such checkpoint.
 * - `commit`: unsigned, only narrows where a change must be.
 */
export interface Milestone {
  readonly kind: 'checkpoint' | 'kept' | 'published' | 'commit';
  readonly size: number;
  readonly root: Buffer;
}

const ORDER = { checkpoint: 0, kept: 1, published: 2, commit: 3 } as const;

/** By size; of one size the one in the store first. */
export function compareStones(a: Milestone, b: Milestone): number {
  return a.size - b.size || ORDER[a.kind] - ORDER[b.kind];
}

interface CheckpointRow {
  readonly size: number;
  readonly root: string;
  readonly note: string;
  readonly signed_ms: number;
}

export interface SignedRoots {
  readonly stones: readonly Milestone[];
  /** Rows of `checkpoints`, whether they hold or not. */
  readonly rows: number;
  readonly problems: readonly Problem[];
}

/** A checkpoint counts only when its note is signed by a key of its time and says the size and root of its row. */
export async function signedRoots(client: ClickHouseClient, site: string, keys: readonly AnnouncedKey[]): Promise<SignedRoots> {
  const rows = await jsonRows<CheckpointRow>(client, 'SELECT DISTINCT size, root, note, toUnixTimestamp64Milli(signed_at) AS signed_ms FROM checkpoints WHERE site = {site:String} ORDER BY size, note', { site });
  const problems: Problem[] = [];
  const stones = rows.flatMap(({ size, root, note, signed_ms: signedAtMs }): readonly Milestone[] => {
    const opened = openNote(note, verifiersAt(keys, signedAtMs));
    const checkpoint = opened === undefined ? undefined : parseCheckpoint(opened.text);
    if (checkpoint !== undefined && checkpoint.size === size && checkpoint.root.toString('base64') === root && namesSite(checkpoint.origin, site)) return [{ kind: 'checkpoint', size, root: checkpoint.root }];
    problems.push(problem('forged-checkpoint', site, `the checkpoint of size ${size} is not what a checkpoint key of its time signed for ${site}`, { table: 'checkpoints', from: 0, to: size - 1 }));
    return [];
  });
  // A root signed by several keys, or cosigned later, is one root.
  const seen = new Set<string>();
  const once = stones.filter(({ size, root }) => !seen.has(`${size} ${root.toString('base64')}`) && seen.add(`${size} ${root.toString('base64')}`) !== undefined);
  return { stones: once, rows: rows.length, problems };
}

export async function committedRoots(client: ClickHouseClient, site: string): Promise<readonly Milestone[]> {
  const rows = await jsonRows<{ readonly size: number; readonly root: string }>(
    client, 'SELECT DISTINCT tree_sizes[indexOf(sites, {site:String})] AS size, roots[indexOf(sites, {site:String})] AS root FROM commits WHERE has(sites, {site:String}) ORDER BY size, root', { site });
  return rows.map(({ size, root }) => ({ kind: 'commit', size, root: Buffer.from(root, 'base64') }));
}

/** A group is committed before its root is signed: a signed size that no commit ends at lacks one. */
export function missingCommits(site: string, signed: readonly Milestone[], committed: readonly Milestone[]): readonly Problem[] {
  const sizes = new Set(committed.map(({ size }) => size));
  const lacking = signed.filter(({ size }) => size > 0 && !sizes.has(size));
  return lacking.map(({ size }) => problem('missing-commit', site, `no commit ends at the checkpoint of size ${size}`, { table: 'commits', from: committed.findLast((c) => c.size < size)?.size ?? 0, to: size - 1 }));
}

/** An origin is a schema-less URL; its last part is the site. */
export function namesSite(origin: string, site: string): boolean {
  return origin === site || origin.endsWith(`/${site}`);
}
