import type { KeyObject } from 'node:crypto';
import { LEAF_SQL } from '../../contracts/leaf.ts';
import { appendLeaf, EMPTY_FRONTIER, rootOf } from '../../contracts/merkle.ts';
import { TILE_LEAVES } from '../../contracts/tile.ts';
import { checkpointNote } from './base-store.ts';
import type { OpenStore } from './base-store.ts';

interface CommitRow {
  readonly sites: readonly string[];
  readonly tree_sizes: readonly number[];
  readonly roots: readonly string[];
}

async function rowsOf<Row>({ reader }: OpenStore, query: string): Promise<readonly Row[]> {
  return (await reader.query({ query, format: 'JSONEachRow', clickhouse_settings: { output_format_json_quote_64bit_integers: 0 } })).json<Row>();
}

/** What a patient forger does after changing rows: nodes, commits and checkpoints that fit, signed with a key of theirs or with the stolen one. */
export async function rewriteHistory(store: OpenStore, site: string, key: KeyObject): Promise<void> {
  const leaves = await rowsOf<{ readonly hash: string }>(store, `SELECT base64Encode(${LEAF_SQL}) AS hash FROM events WHERE site = '${site}' ORDER BY site, leaf`);
  const original = await rowsOf<{ readonly leaf: number; readonly hash: string }>(store, `SELECT leaf, splitByChar('\\n', note)[4] AS hash FROM redactions WHERE site = '${site}'`);
  const restored = new Map(original.map(({ leaf, hash }) => [leaf, hash]));
  const roots = new Map<number, Buffer>();
  const nodes: object[] = [];
  let [tree, tile] = [EMPTY_FRONTIER, EMPTY_FRONTIER];
  for (const [leaf, row] of leaves.entries()) {
    const hash = Buffer.from(restored.get(leaf) ?? row.hash, 'base64');
    tree = appendLeaf(tree, hash);
    tile = appendLeaf(tile, hash);
    roots.set(tree.size, rootOf(tree));
    if (tile.size < TILE_LEAVES) continue;
    nodes.push({ site, tile: nodes.length, hash: rootOf(tile).toString('base64'), received_at: '2030-02-20 09:00:00.000' });
    tile = EMPTY_FRONTIER;
  }
  const rootAt = (size: number): Buffer => roots.get(size) ?? Buffer.alloc(32);
  await replace(store, 'nodes', `site = '${site}'`, nodes);
  const commits = await rowsOf<CommitRow>(store, 'SELECT * FROM commits ORDER BY first');
  await replace(store, 'commits', '1', commits.map((c) => ({ ...c, roots: c.roots.map((root, i) => (c.sites[i] === site ? rootAt(c.tree_sizes[i] ?? 0).toString('base64') : root)) })));
  const signed = await rowsOf<{ readonly size: number }>(store, `SELECT size, signed_at FROM checkpoints WHERE site = '${site}'`);
  await replace(store, 'checkpoints', `site = '${site}'`, signed.map((c) => ({ ...c, site, root: rootAt(c.size).toString('base64'), note: checkpointNote(site, c.size, rootAt(c.size), key) })));
}

async function replace({ engine }: OpenStore, table: string, which: string, rows: readonly object[]): Promise<void> {
  await engine.command(`ALTER TABLE ${table} DELETE WHERE ${which} SETTINGS mutations_sync = 2`);
  await engine.command(`INSERT INTO ${table} FORMAT JSONEachRow ${rows.map((row) => JSON.stringify(row)).join(' ')}`);
}
