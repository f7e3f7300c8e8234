import { hashChildren } from './merkle.ts';

/**
 * Proofs of inclusion and consistency in the trees of `contracts/merkle.ts` (RFC 6962 section 2.1, RFC 9162 section
 * 2.1). Both are one thing: that the root of the leaves [from, to) belongs to the tree of `size` leaves. Inclusion of a
 * leaf is that of the range of it alone, consistency with an earlier tree that of the range [0, earlier size).
 * Sizes are whole numbers up to 2^53 - 1, hashes 32 bytes.
 */
export interface LeafRange {
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

/** The root of the leaves [index * 2^level, (index + 1) * 2^level). */
export interface Subtree {
  readonly level: number;
  readonly index: number;
}

const HASH_BYTES = 32;

/** The largest power of two that is less than `n`, for n of at least 2. */
function splitOf(n: number): number {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}

/**
 * The ranges whose roots are the proof, in its order: from the leaves up. RangeError unless [from, to) is the root of
 * some part of a tree: `from` is a multiple of the least power of two that is not less than `to - from`.
 */
export function proofRanges(from: number, to: number, size: number): readonly LeafRange[] {
  if (!isSubtree(from, to) || to > size || !Number.isSafeInteger(size)) throw new RangeError(`leaves ${from} to ${to} are no subtree of a tree of ${size}`);
  const ranges: LeafRange[] = [];
  let [low, high] = [0, size];
  // Once the range ends left of the tree's own edge its root is known to whoever checks, until it is cut in two.
  let isKnown = true;
  while (from > low || to < high) {
    const middle = low + splitOf(high - low);
    if (to <= middle) {
      ranges.push({ from: middle, to: high });
      high = middle;
    } else {
      ranges.push({ from: low, to: middle });
      if (from < middle) [isKnown, from] = [false, middle];
      low = middle;
    }
  }
  if (!isKnown) ranges.push({ from: low, to: high });
  return ranges.toReversed();
}

function isSubtree(from: number, to: number): boolean {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || to <= from) return false;
  return from % (to - from === 1 ? 1 : 2 * splitOf(to - from)) === 0;
}

/** The perfect subtrees that make up a range of a proof, from left to right, which is from the largest to the smallest. */
export function perfectSubtrees({ from, to }: LeafRange): readonly Subtree[] {
  const subtrees: Subtree[] = [];
  for (let at = from; at < to;) {
    let [level, width] = [0, 1];
    while (at % (width * 2) === 0 && at + width * 2 <= to) [level, width] = [level + 1, width * 2];
    subtrees.push({ level, index: at / width });
    at += width;
  }
  return subtrees;
}

/** The root of a range that `proofRanges` gave, or of [0, size). */
export function rangeRoot(range: LeafRange, rootOf: (subtree: Subtree) => Buffer): Buffer {
  const roots = perfectSubtrees(range).map(rootOf);
  const last = roots.pop();
  if (last === undefined) throw new RangeError('a range without leaves has no root');
  return roots.reduceRight((right, left) => hashChildren(left, right), last);
}

/** Whether `leafHash` is leaf number `leaf` of the tree. */
export function verifyInclusion(leafHash: Buffer, leaf: number, size: number, proof: readonly Buffer[], root: Buffer): boolean {
  return verifySubtree(leaf, leaf + 1, size, leafHash, proof, root);
}

/**
 * Says of many leaves of one tree whether they are in it, as `verifyInclusion` does: what their paths share is hashed
 * once. For trees of up to 2^47 leaves.
 */
export function inclusionVerifier(size: number, root: Buffer): (leafHash: Buffer, leaf: number, proof: readonly Buffer[]) => boolean {
  // Nodes of paths that led to the root, and their siblings, by place.
  const known = new Map<number, Buffer>();
  return (leafHash, leaf, proof) => {
    if (!Number.isSafeInteger(leaf) || leaf < 0 || leaf >= size || leafHash.length !== HASH_BYTES) return false;
    const found: [key: number, hash: Buffer][] = [];
    let [node, index, level, step] = [leafHash, leaf, 0, 0];
    // The first known node above: from there on the proof must say what is known.
    let above: Buffer | undefined;
    for (let width = size; width > 1; width = Math.ceil(width / 2), index = half(index), level++) {
      if (above === undefined && (above = known.get(keyOf(index, level))) === undefined) found.push([keyOf(index, level), node]);
      const isRight = index % 2 === 1;
      if (!isRight && index + 1 === width) continue;
      const place = keyOf(isRight ? index - 1 : index + 1, level);
      const sibling = proof[step++];
      if (sibling?.length !== HASH_BYTES) return false;
      if (above !== undefined) {
        if (known.get(place)?.equals(sibling) !== true) return false;
        continue;
      }
      found.push([place, sibling]);
      node = isRight ? hashChildren(sibling, node) : hashChildren(node, sibling);
    }
    if (step !== proof.length || !(above ?? root).equals(node)) return false;
    for (const [key, hash] of found) known.set(key, hash);
    return true;
  };
}

function keyOf(index: number, level: number): number {
  return index * 64 + level;
}

/** Whether the tree of `size1` leaves, at least one, is a beginning of the other. Of size 0 nothing can be said. */
export function verifyConsistency(size1: number, root1: Buffer, size2: number, root2: Buffer, proof: readonly Buffer[]): boolean {
  if (size1 === size2) return size1 > 0 && proof.length === 0 && root1.equals(root2);
  return verifySubtree(0, size1, size2, root1, proof, root2);
}

/**
 * Whether `subtreeRoot` is the root of the leaves [from, to) in the tree. The walk of RFC 9162 sections 2.1.3.2 and
 * 2.1.4.2 in one, as draft-ietf-plants-merkle-tree-certs has it; a range without leaves is no subtree here. Never
 * throws, whatever it is given.
 */
export function verifySubtree(from: number, to: number, size: number, subtreeRoot: Buffer, proof: readonly Buffer[], root: Buffer): boolean {
  if (!isSubtree(from, to) || !Number.isSafeInteger(size) || to > size) return false;
  if ([subtreeRoot, root, ...proof].some((hash) => hash.length !== HASH_BYTES)) return false;
  // Numbers of the first and last node of the range and of the last node of the tree, a level each.
  let [first, last, end] = [from, to - 1, size - 1];
  const climb = (): void => {
    [first, last, end] = [half(first), half(last), half(end)];
  };
  while (first !== last && (last === end || last % 2 === 1)) climb();
  const path = [...proof];
  const start = first === last ? subtreeRoot : path.shift();
  if (start === undefined) return false;
  let [part, whole] = [start, start];
  for (const hash of path) {
    if (end === 0) return false;
    if (last % 2 === 1 || last === end) {
      if (first < last) part = hashChildren(hash, part);
      whole = hashChildren(hash, whole);
      while (last % 2 === 0 && last > 0) climb();
    } else whole = hashChildren(whole, hash);
    climb();
  }
  return end === 0 && part.equals(subtreeRoot) && whole.equals(root);
}

function half(n: number): number {
  return Math.floor(n / 2);
}
