import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { appendLeaf, EMPTY_FRONTIER, EMPTY_ROOT, hashChildren, rootOf } from './merkle.ts';
import { inclusionVerifier, perfectSubtrees, proofRanges, rangeRoot, verifyConsistency, verifyInclusion, verifySubtree } from './proof.ts';
import { corpusRows, corpusText } from './reference-data.ts';
import { seededRandom } from './seeded-random.ts';

const hashLeaf = (data: Uint8Array): Buffer => createHash('sha256').update('\0').update(data).digest();

/** RFC 6962 section 2.1 to the letter. */
function naiveRoot(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return EMPTY_ROOT;
  if (leaves.length === 1) return only;
  const split = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return hashChildren(naiveRoot(leaves.slice(0, split)), naiveRoot(leaves.slice(split)));
}

/** RFC 6962 sections 2.1.1 and 2.1.2 to the letter. */
function naivePath(leaf: number, leaves: readonly Buffer[]): readonly Buffer[] {
  if (leaves.length <= 1) return [];
  const split = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return leaf < split
    ? [...naivePath(leaf, leaves.slice(0, split)), naiveRoot(leaves.slice(split))]
    : [...naivePath(leaf - split, leaves.slice(split)), naiveRoot(leaves.slice(0, split))];
}

function naiveConsistency(size: number, leaves: readonly Buffer[], known = true): readonly Buffer[] {
  if (size === leaves.length) return known ? [] : [naiveRoot(leaves)];
  const split = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return size <= split
    ? [...naiveConsistency(size, leaves.slice(0, split), known), naiveRoot(leaves.slice(split))]
    : [...naiveConsistency(size - split, leaves.slice(split), false), naiveRoot(leaves.slice(0, split))];
}

const LEAVES = Array.from({ length: 300 }, (_, i) => hashLeaf(Buffer.from(`leaf ${i}`)));

/** Roots by level and index, each computed once. */
function forest(leaves: readonly Buffer[]): (subtree: { readonly level: number; readonly index: number }) => Buffer {
  const known = new Map<string, Buffer>();
  return ({ level, index }) => {
    const key = `${level} ${index}`;
    const root = known.get(key) ?? naiveRoot(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));
    known.set(key, root);
    return root;
  };
}

const subtreeRoot = forest(LEAVES);
const proofOf = (from: number, to: number, size: number): readonly Buffer[] => proofRanges(from, to, size).map((range) => rangeRoot(range, subtreeRoot));

test('proofs are those of the definition, and hold, for every leaf and earlier size of trees of up to 300', () => {
  for (let size = 1; size <= LEAVES.length; size += size < 66 ? 1 : 13) {
    const leaves = LEAVES.slice(0, size);
    const root = naiveRoot(leaves);
    expect(rangeRoot({ from: 0, to: size }, subtreeRoot)).toEqual(root);
    for (let at = 0; at < size; at++) {
      const path = proofOf(at, at + 1, size);
      if (size < 66 || at % 17 === 0) expect([size, at, path]).toEqual([size, at, naivePath(at, leaves)]);
      expect(verifyInclusion(subtreeRoot({ level: 0, index: at }), at, size, path, root)).toBe(true);
      const earlier = proofOf(0, at + 1, size);
      if (size < 66 || at % 17 === 0) expect([size, at, earlier]).toEqual([size, at, naiveConsistency(at + 1, leaves)]);
      expect(verifyConsistency(at + 1, rangeRoot({ from: 0, to: at + 1 }, subtreeRoot), size, root, earlier)).toBe(true);
    }
  }
});

test('many proofs of one tree hold together as each does alone, changed ones among them', () => {
  const random = seededRandom(2_211);
  for (let size = 1; size <= LEAVES.length; size += random.between(1, 20)) {
    const root = naiveRoot(LEAVES.slice(0, size));
    const isIn = inclusionVerifier(size, root);
    for (let turn = 0; turn < 60; turn++) {
      const leaf = random.below(size);
      const path = [...proofOf(leaf, leaf + 1, size)];
      const at = random.below(path.length + 1);
      if (random.chance(0.2)) path.splice(at, 1);
      else if (random.chance(0.25)) path.splice(at, random.below(2), hashLeaf(Buffer.from(`${turn}`)));
      else if (random.chance(0.1)) path.splice(at, 1, Buffer.alloc(31));
      const [claimed, place] = [random.chance(0.9) ? leaf : random.below(size), random.chance(0.9) ? leaf : random.between(0, size + 1)];
      const hash = LEAVES[claimed] ?? EMPTY_ROOT;
      expect([size, leaf, isIn(hash, place, path)]).toEqual([size, leaf, verifyInclusion(hash, place, size, path, root)]);
    }
  }
  for (const leaf of [-1, 1, 0.5, Number.NaN, Infinity]) expect(inclusionVerifier(1, EMPTY_ROOT)(EMPTY_ROOT, leaf, [])).toBe(false);
});

test('every subtree of trees of up to 40 has a proof that holds', () => {
  let subtrees = 0;
  for (let size = 1; size <= 40; size++) for (let from = 0; from < size; from++) for (let to = from + 1; to <= size; to++) {
    const isOne = from % 2 ** Math.ceil(Math.log2(to - from)) === 0;
    if (!isOne) expect(() => proofRanges(from, to, size)).toThrow(RangeError);
    expect(verifySubtree(from, to, size, rangeRoot({ from, to }, subtreeRoot), isOne ? proofOf(from, to, size) : [], rangeRoot({ from: 0, to: size }, subtreeRoot))).toBe(isOne);
    subtrees += isOne ? 1 : 0;
  }
  expect(subtrees).toBeGreaterThan(2_500);
});

test('a proof changed anywhere does not hold', () => {
  const random = seededRandom(6962);
  for (let turn = 0; turn < 3_000; turn++) {
    const size = random.between(1, LEAVES.length);
    const isInclusion = random.chance(0.5);
    const at = random.between(0, size - 1);
    const [from, to] = isInclusion ? [at, at + 1] : [0, at + 1];
    const path = [...proofOf(from, to, size)];
    const part = rangeRoot({ from, to }, subtreeRoot);
    const root = rangeRoot({ from: 0, to: size }, subtreeRoot);
    const spot = random.between(0, path.length + 1);
    const flipped = (hash: Buffer): Buffer => {
      const copy = Buffer.from(hash);
      const byte = random.between(0, 31);
      copy[byte] = (copy[byte] ?? 0) ^ (1 << random.between(0, 7));
      return copy;
    };
    const broken = path.map((hash, i) => (i === spot ? flipped(hash) : hash));
    const holds = verifySubtree(from, to, size, spot === path.length ? flipped(part) : part, broken, spot === path.length + 1 ? flipped(root) : root);
    expect([turn, holds]).toEqual([turn, false]);
    expect(verifySubtree(from, to, size, part, [...path, LEAVES[0] ?? part], root)).toBe(false);
    if (path.length > 0) expect(verifySubtree(from, to, size, part, path.slice(0, -1), root)).toBe(false);
    if (isInclusion && size > 1) expect(verifyInclusion(part, (at + 1) % size, size, path, root)).toBe(false);
  }
});

test.each([
  ['a negative leaf', -1, 4], ['half a leaf', 0.5, 4], ['no number', Number.NaN, 4], ['a leaf past the end', 4, 4], ['an endless tree', 0, Infinity], ['more than a double counts', 0, 2 ** 53],
])('%s has no proof, and none holds', (_what, leaf, size) => {
  expect(() => proofRanges(leaf, leaf + 1, size)).toThrow(RangeError);
  expect(verifyInclusion(LEAVES[0] ?? EMPTY_ROOT, leaf, size, [], LEAVES[0] ?? EMPTY_ROOT)).toBe(false);
});

test('the largest trees have proofs: a few dozen ranges, each of perfect subtrees without a hole', () => {
  const size = 2 ** 53 - 1;
  for (const [from, to] of [[0, 1], [size - 1, size], [2 ** 52, 2 ** 52 + 1], [0, 2 ** 52 + 12_345], [0, size]] as const) {
    const ranges = proofRanges(from, to, size);
    expect(ranges.length).toBeLessThan(110);
    for (const range of ranges) {
      let at = range.from;
      for (const { level, index } of perfectSubtrees(range)) {
        expect(index * 2 ** level).toBe(at);
        at += 2 ** level;
      }
      expect(at).toBe(range.to);
    }
  }
});

// The casts state the shapes that the corpora's README gives.
interface UpstreamProof {
  readonly kind: 'inclusion' | 'consistency' | 'subtreeinclusion' | 'subtreeconsistency';
  readonly case: string;
  readonly wantErr: boolean;
  readonly proof: readonly string[] | null;
  readonly root: string;
  readonly leafHash: string;
  readonly leafIdx: number;
  readonly treeSize: number;
  readonly size1: number;
  readonly size2: number;
  readonly root1: string;
  readonly root2: string;
  readonly start: number;
  readonly end: number;
  readonly size: number;
}

function holdsUpstream(row: UpstreamProof): boolean {
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64');
  const proof = (row.proof ?? []).map(bytes);
  switch (row.kind) {
    case 'inclusion':
      return verifyInclusion(bytes(row.leafHash), row.leafIdx, row.treeSize, proof, bytes(row.root));
    case 'consistency':
      return verifyConsistency(row.size1, bytes(row.root1), row.size2, bytes(row.root2), proof);
    case 'subtreeinclusion':
      // Of a leaf in a subtree: the subtree is the tree.
      return isSubtreeOf(row.start, row.end) && verifyInclusion(bytes(row.leafHash), row.leafIdx - row.start, row.end - row.start, proof, bytes(row.root));
    case 'subtreeconsistency':
      return row.start === 0 ? verifyConsistency(row.end, bytes(row.root1), row.size, bytes(row.root2), proof) : verifySubtree(row.start, row.end, row.size, bytes(row.root1), proof, bytes(row.root2));
    default:
      return row.kind satisfies never;
  }
}

function isSubtreeOf(from: number, to: number): boolean {
  try {
    return proofRanges(from, to, to).length >= 0;
  } catch {
    return false;
  }
}

test('reference proofs are accepted and refused as they should be', ({ skip }) => {
  const rows = (corpusRows('merkle/proofs.ndjson') ?? skip()) as readonly UpstreamProof[];
  expect(rows.length).toBeGreaterThan(500);
  for (const row of rows) {
    // Upstream has proofs of ranges without leaves, which prove nothing; here they are refused.
    const isEmpty = row.kind.startsWith('subtree') && row.start === row.end;
    expect([row.kind, row.case, holdsUpstream(row)]).toEqual([row.kind, row.case, !row.wantErr && !isEmpty]);
  }
});

interface OwnProof {
  readonly kind: 'root' | 'inclusion' | 'consistency';
  readonly index: number;
  readonly size: number;
  readonly leaf: string;
  readonly root: string;
  readonly size1: number;
  readonly size2: number;
  readonly root1: string;
  readonly root2: string;
  readonly proof: readonly string[];
}

test('proofs of trees of single-byte leaves are made as in the reference, and hold', ({ skip }) => {
  const rows = (corpusRows('merkle/own-proofs.ndjson') ?? skip()) as readonly OwnProof[];
  const rootsOf = forest(Array.from({ length: 64 }, (_, i) => hashLeaf(Uint8Array.of(i))));
  const hex = (text: string): Buffer => Buffer.from(text, 'hex');
  const made = (from: number, to: number, size: number): readonly string[] => proofRanges(from, to, size).map((range) => rangeRoot(range, rootsOf).toString('hex'));
  const counts = { root: 0, inclusion: 0, consistency: 0 };
  for (const row of rows) {
    counts[row.kind] += 1;
    if (row.kind === 'inclusion') {
      expect([row.index, row.size, made(row.index, row.index + 1, row.size)]).toEqual([row.index, row.size, row.proof]);
      expect(verifyInclusion(hex(row.leaf), row.index, row.size, row.proof.map(hex), hex(row.root))).toBe(true);
    } else if (row.kind === 'consistency') {
      expect([row.size1, row.size2, made(0, row.size1, row.size2)]).toEqual([row.size1, row.size2, row.proof]);
      expect(verifyConsistency(row.size1, hex(row.root1), row.size2, hex(row.root2), row.proof.map(hex))).toBe(true);
    }
  }
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(30);
});

test('RFC 6962 golden leaves: every proof between the golden roots holds', ({ skip }) => {
  const golden = JSON.parse(corpusText('merkle/rfc6962.json') ?? skip()) as { readonly leaves_hex: readonly string[]; readonly root_by_size: readonly string[] };
  const leaves = golden.leaves_hex.map((leaf) => hashLeaf(Buffer.from(leaf, 'hex')));
  const roots = [EMPTY_ROOT, ...leaves.map((_, i) => rootOf(leaves.slice(0, i + 1).reduce(appendLeaf, EMPTY_FRONTIER)))];
  expect(golden.root_by_size).toEqual(roots.slice(-golden.root_by_size.length).map((r) => r.toString('hex')));
  const rootsOf = forest(leaves);
  for (let size = 1; size <= leaves.length; size++) for (let at = 1; at <= size; at++) {
    const proof = proofRanges(0, at, size).map((range) => rangeRoot(range, rootsOf));
    expect(verifyConsistency(at, roots[at] ?? EMPTY_ROOT, size, roots[size] ?? EMPTY_ROOT, proof)).toBe(true);
  }
});
