import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { appendLeaf, EMPTY_FRONTIER, formatFrontier } from './merkle.ts';
import type { Frontier } from './merkle.ts';
import { rangeRoot } from './proof.ts';
import { seededRandom } from './seeded-random.ts';
import { EMPTY_TREE, growTiles, hashesOnLevel, parseTilePath, tilePath } from './tile.ts';
import type { TileRoot } from './tile.ts';

const append = (frontier: Frontier, leaves: Buffer): Frontier => {
  let grown = frontier;
  for (let at = 0; at < leaves.length; at += 32) grown = appendLeaf(grown, leaves.subarray(at, at + 32));
  return grown;
};

test('a tree grown in batches of any size has the frontier of one grown leaf by leaf, one root for each full tile and one for each run in it', () => {
  const random = seededRandom(256);
  const leaves = Buffer.concat(Array.from({ length: 3_000 }, (_, i) => createHash('sha256').update(String(i)).digest()));
  for (let turn = 0; turn < 8; turn++) {
    let [tree, reference] = [EMPTY_TREE, EMPTY_FRONTIER];
    const roots: TileRoot[] = [];
    const most = random.pick([3, 255, 256, 257, 2_000]);
    for (let from = 0; from < 3_000; from = tree.frontier.size) {
      const to = Math.min(3_000, from + random.between(0, most));
      const { roots: more, ...grown } = growTiles(tree, leaves.subarray(from * 32, to * 32), append);
      reference = append(reference, leaves.subarray(from * 32, to * 32));
      tree = grown;
      roots.push(...more);
      expect(formatFrontier(tree.frontier)).toBe(formatFrontier(reference));
      expect(tree.runs.length).toBe(Math.floor((to % 256) / 16) * 32);
    }
    expect(roots.map(({ tile }) => tile)).toEqual(Array.from({ length: 11 }, (_, i) => i));
    for (const { tile, hash, runs } of roots) {
      const whole = append(EMPTY_FRONTIER, leaves.subarray(tile * 8_192, (tile + 1) * 8_192));
      expect(hash).toEqual(whole.hashes[0]);
      expect(runs).toEqual(Buffer.concat(Array.from({ length: 16 }, (_, i) => append(EMPTY_FRONTIER, leaves.subarray((tile * 16 + i) * 512, (tile * 16 + i + 1) * 512)).hashes[0] ?? Buffer.alloc(0))));
    }
    // The roots of tiles are a tree of their own: its root is that of the leaves.
    expect(rangeRoot({ from: 0, to: 8 }, ({ level, index }) => append(EMPTY_FRONTIER, Buffer.concat(roots.slice(index * 2 ** level, (index + 1) * 2 ** level).map((r) => r.hash))).hashes[0] ?? Buffer.alloc(0)))
      .toEqual(append(EMPTY_FRONTIER, leaves.subarray(0, 8 * 8_192)).hashes[0]);
  }
});

test('where the roots of runs were not kept, the tile under way lacks them, and the next has them', () => {
  const leaves = Buffer.concat(Array.from({ length: 600 }, (_, i) => createHash('sha256').update(String(i)).digest()));
  const before = append(EMPTY_FRONTIER, leaves.subarray(0, 100 * 32));
  const { roots: first, ...tree } = growTiles({ frontier: before, runs: Buffer.alloc(0) }, leaves.subarray(100 * 32, 200 * 32), append);
  expect([first, tree.runs.length]).toEqual([[], 0]);
  const { roots, runs } = growTiles(tree, leaves.subarray(200 * 32), append);
  expect(roots.map((root) => [root.tile, root.hash, root.runs.length])).toEqual([0, 1].map((tile) => [tile, append(EMPTY_FRONTIER, leaves.subarray(tile * 8_192, (tile + 1) * 8_192)).hashes[0], tile * 512]));
  expect(runs.length).toBe(Math.floor((600 - 512) / 16) * 32);
});

test('a tree of 70,000 leaves has the tiles that the specification counts', () => {
  expect([0, 1, 2, 3, 63].map((level) => hashesOnLevel(level, 70_000))).toEqual([273 * 256 + 112, 256 + 17, 1, 0, 0]);
});

test.each([
  ['0/000', { level: 0, index: 0, width: 256 }],
  ['0/x001/x234/067', { level: 0, index: 1_234_067, width: 256 }],
  ['1/x001/000.p/1', { level: 1, index: 1_000, width: 1 }],
  ['63/999.p/255', { level: 63, index: 999, width: 255 }],
  ['0/x009/x007/x199/x254/x740/991', { level: 0, index: Number.MAX_SAFE_INTEGER, width: 256 }],
])('the path %s is read and written', (path, tile) => {
  expect(parseTilePath(path)).toEqual(tile);
  expect(tilePath(tile)).toBe(path);
});

test.each([
  '', '0', '0/', '0/0', '0/00', '0/0000', '00/000', '01/000', '64/000', '-1/000', '0/x000/001', '0/x000/x001/000', '0/001/002', '0/x01/002', '0/x001', '0/000.p', '0/000.p/', '0/000.p/0', '0/000.p/01',
  '0/000.p/256', '0/000.p/999', '0/000/', ' 0/000', '0/000\n', 'entries/000', '0/x999/x999/x999/x999/x999/999', '0/x00a/001', '0/٠٠٠',
])('the path %j is none', (path) => {
  expect(parseTilePath(path)).toBeUndefined();
});
