import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { appendLeaf, EMPTY_FRONTIER, hashChildren, rootOf } from '../../contracts/merkle.ts';
import { proofRanges } from '../../contracts/proof.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import type { LeafProof } from './bundle-input.ts';
import { ProofNodes } from './proof-nodes.ts';
import type { ProofNode } from './proof-nodes.ts';
import { leadsToRoot, nodesOf } from './verifier/verify/tree.mjs';

function leavesOf(size: number): readonly Buffer[] {
  return Array.from({ length: size }, (_, i) => createHash('sha256').update(String(i)).digest());
}

function rootBetween(leaves: readonly Buffer[], from: number, to: number): Buffer {
  return rootOf(leaves.slice(from, to).reduce(appendLeaf, EMPTY_FRONTIER));
}

function proofNodes(proofs: readonly LeafProof[], checkpoint: { readonly size: number; readonly root: Buffer }): readonly ProofNode[] {
  const nodes = new ProofNodes(checkpoint);
  for (const proof of proofs) nodes.add(proof);
  return nodes.all();
}

test('the shared nodes lead every leaf to the root, in trees of any size, and a changed leaf nowhere', () => {
  const random = seededRandom(411);
  for (let size = 1; size <= 70; size++) {
    const leaves = leavesOf(size);
    const checkpoint = { size, root: rootBetween(leaves, 0, size) };
    const some = leaves.map((leafHash, leaf) => ({ leaf, leafHash })).filter(() => random.chance(0.4));
    const nodes = proofNodes(some.map(({ leaf, leafHash }) => ({ leaf, leafHash, path: proofRanges(leaf, leaf + 1, size).map(({ from, to }) => rootBetween(leaves, from, to)) })), checkpoint);
    const rows = nodesOf(nodes.map(({ level, index, hash }) => ({ level, index, hash: hash.toString('base64') })));
    const known = new Map<string, Buffer>();
    for (const { leaf, leafHash } of some) {
      expect(leadsToRoot(leaf, hashChildren(leafHash, leafHash), checkpoint, rows, new Map(known)), `leaf ${leaf} of ${size}`).toBe(false);
      expect(leadsToRoot(leaf, leafHash, checkpoint, rows, known), `leaf ${leaf} of ${size}`).toBe(true);
    }
  }
});

test('neighbours share what they can: of a whole tree only each second leaf stays', () => {
  const leaves = leavesOf(64);
  const proofs = leaves.map((leafHash, leaf) => ({ leaf, leafHash, path: proofRanges(leaf, leaf + 1, 64).map(({ from, to }) => rootBetween(leaves, from, to)) }));
  expect(proofNodes(proofs, { size: 64, root: rootBetween(leaves, 0, 64) }).length).toBeLessThan(64);
});

test('a path that is too short, or of another leaf, throws', () => {
  const leaves = leavesOf(9);
  const checkpoint = { size: 9, root: rootBetween(leaves, 0, 9) };
  const path = proofRanges(3, 4, 9).map(({ from, to }) => rootBetween(leaves, from, to));
  const leafHash = leaves[3] ?? Buffer.alloc(0);
  expect(proofNodes([{ leaf: 3, leafHash, path }], checkpoint)).toHaveLength(4);
  for (const wrong of [{ leaf: 3, path: path.slice(1) }, { leaf: 4, path }, { leaf: 9, path }]) expect(() => proofNodes([{ leafHash, ...wrong }], checkpoint)).toThrow('leaf');
});
