import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { appendLeaf, EMPTY_FRONTIER, rootOf } from '../../contracts/merkle.ts';
import type { Frontier } from '../../contracts/merkle.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import type { LeafWindow } from './leaf-windows.ts';
import type { Milestone } from './milestones.ts';
import type { Problem } from './problem.ts';
import { TreeWalk } from './tree-walk.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);
const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();

function appendAll(frontier: Frontier, leaves: Buffer): Frontier {
  let grown = frontier;
  for (let at = 0; at < leaves.length; at += 32) grown = appendLeaf(grown, leaves.subarray(at, at + 32));
  return grown;
}

/** Roots of all sizes and of all full tiles of a tree. */
function history(leaves: readonly Buffer[]): { readonly roots: readonly Buffer[]; readonly nodes: ReadonlyMap<number, Buffer> } {
  const roots = [rootOf(EMPTY_FRONTIER)];
  let tree: Frontier = EMPTY_FRONTIER;
  for (const leaf of leaves) {
    tree = appendLeaf(tree, leaf);
    roots.push(rootOf(tree));
  }
  const nodes = new Map(Array.from({ length: Math.floor(leaves.length / 256) }, (_, tile) => [tile, rootOf(appendAll(EMPTY_FRONTIER, Buffer.concat(leaves.slice(tile * 256, tile * 256 + 256))))]));
  return { roots, nodes };
}

function windowOf(leaves: readonly (Buffer | undefined)[], from: number, to: number): LeafWindow {
  return { from, to, hashes: Buffer.concat(leaves.slice(from, to).map((leaf) => leaf ?? Buffer.alloc(32))), present: Uint8Array.from(leaves.slice(from, to), (leaf) => (leaf === undefined ? 0 : 1)), doubled: [] };
}

function walked(leaves: readonly (Buffer | undefined)[], stones: readonly Milestone[], nodes: ReadonlyMap<number, Buffer>, sure: number, step: number): { readonly walk: TreeWalk; readonly problems: readonly Problem[] } {
  const walk = new TreeWalk('shop', stones, { sure, end: leaves.length }, appendAll);
  const problems: Problem[] = [];
  for (let from = 0; from < leaves.length; from += step) problems.push(...walk.take(windowOf(leaves, from, Math.min(leaves.length, from + step)), nodes));
  return { walk, problems: [...problems, ...walk.finish()] };
}

const LEAVES = Array.from({ length: 1_100 }, (_, i) => hashOf(`leaf ${i}`));
const { roots: ROOTS, nodes: NODES } = history(LEAVES);
const stone = (size: number, kind: Milestone['kind'] = 'checkpoint', root = ROOTS[size] ?? Buffer.alloc(32)): Milestone => ({ kind, size, root });

test.each([256, 512, 4_096])('an honest tree holds, read %i leaves at a time', (step) => {
  const stones = [stone(1), stone(256), stone(300), stone(768, 'kept'), stone(900, 'commit'), stone(1_100)];
  const { walk, problems } = walked(LEAVES, stones, NODES, 1_100, step);
  expect(problems).toEqual([]);
  expect({ attested: walk.attested, size: walk.size, root: walk.root }).toEqual({ attested: 1_100, size: 1_100, root: ROOTS[1_100] });
});

test(`one changed leaf is always found, between the roots and the tile around it, seed ${SEED}`, () => {
  const random = seededRandom(SEED);
  const pick = (from: number, below: number): number => from + Math.floor(random() * (below - from));
  for (let round = 0; round < 300; round++) {
    const changed = pick(0, 1_100);
    const leaves = LEAVES.with(changed, hashOf('changed'));
    const stones = [...Array.from({ length: pick(0, 6) }, () => stone(pick(1, 1_100), random() < 0.5 ? 'commit' : 'checkpoint')), stone(1_100)];
    const { problems } = walked(leaves, stones, random() < 0.8 ? NODES : new Map(), 1_100, 512);
    const [first] = problems;
    expect(problems.map(({ kind }) => kind), `round ${round}`).toEqual(['changed-row']);
    expect(first?.fromLeaf, `round ${round}`).toBeLessThanOrEqual(changed);
    expect(first?.toLeaf, `round ${round}`).toBeGreaterThanOrEqual(changed);
    const above = Math.min(...stones.map(({ size }) => size).filter((size) => size > changed));
    expect(first?.toLeaf, `round ${round}`).toBeLessThan(above);
  }
});

test('two changed tiles between two checkpoints: the first is named, and what comes after them is attested again', () => {
  const leaves = LEAVES.with(300, hashOf('a')).with(600, hashOf('b'));
  const { walk, problems } = walked(leaves, [stone(200), stone(1_000), stone(1_100)], NODES, 1_100, 512);
  expect(problems).toMatchObject([{ kind: 'changed-row', fromLeaf: 256, toLeaf: 511 }]);
  expect(walk.attested).toBe(1_100);
});

test('a missing row does not hide a change behind it', () => {
  const leaves: (Buffer | undefined)[] = LEAVES.with(600, hashOf('b'));
  leaves[10] = undefined;
  const { problems } = walked(leaves, [stone(400), stone(1_100)], NODES, 1_100, 512);
  expect(problems).toMatchObject([{ kind: 'missing-row', fromLeaf: 10, toLeaf: 10 }, { kind: 'changed-row', fromLeaf: 512, toLeaf: 767 }]);
});

test('rows behind what was committed may be half of a group', () => {
  const leaves: (Buffer | undefined)[] = [...LEAVES];
  leaves[1_050] = undefined;
  expect(walked(leaves, [stone(1_000)], NODES, 1_000, 512).problems).toEqual([]);
});

test.each([
  ['a commit that lies', stone(500, 'commit', hashOf('x')), 'commit-mismatch'],
  ['a checkpoint of another history', stone(500, 'checkpoint', hashOf('x')), 'checkpoint-mismatch'],
  ['a kept checkpoint of another history', stone(500, 'kept', hashOf('x')), 'forked'],
  ['a kept checkpoint of a larger tree', stone(5_000, 'kept', hashOf('x')), 'rolled-back'],
  ['a checkpoint of a larger tree in the deployment log', stone(5_000, 'published', hashOf('x')), 'rolled-back'],
])('%s is no change of rows', (_what, lying, kind) => {
  expect(walked(LEAVES, [stone(400), lying, stone(1_100)], NODES, 1_100, 512).problems.map((p) => p.kind)).toEqual([kind]);
});

test('a node that lies is told apart from rows that were changed', () => {
  const nodes = new Map(NODES).set(2, hashOf('x'));
  expect(walked(LEAVES, [stone(1_100)], nodes, 1_100, 512).problems).toMatchObject([{ kind: 'node-mismatch', fromLeaf: 512, toLeaf: 767 }]);
});

test('tiles that are passed over come from nodes', () => {
  const walk = new TreeWalk('shop', [stone(512), stone(700), stone(1_100)], { sure: 1_100, end: 1_100 }, appendAll);
  const problems = [...walk.take(windowOf(LEAVES, 0, 256), NODES), ...walk.skip(256, 1_024, NODES), ...walk.take(windowOf(LEAVES, 1_024, 1_100), NODES), ...walk.finish()];
  expect({ problems, attested: walk.attested }).toEqual({ problems: [], attested: 1_100 });
});
