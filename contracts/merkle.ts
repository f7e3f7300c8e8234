import { hash } from 'node:crypto';

/** RFC 6962 section 2.1. Every hash is 32 bytes. This is the reference; hot paths use the native twin. */

export const EMPTY_ROOT: Buffer = hash('sha256', '', 'buffer');

/** 0x01 and two hashes: written anew each time, because to gather them in a new buffer takes longer than to hash them. */
const PAIR = Buffer.alloc(65, 1);

export function hashChildren(left: Uint8Array, right: Uint8Array): Buffer {
  // What is stored may be no hash.
  if (left.length + right.length !== PAIR.length - 1) return hash('sha256', Buffer.concat([PAIR.subarray(0, 1), left, right]), 'buffer');
  PAIR.set(left, 1);
  PAIR.set(right, 1 + left.length);
  return hash('sha256', PAIR, 'buffer');
}

/**
 * The right edge of a tree: the roots of its perfect subtrees, largest first, one for each set bit of `size`.
 * Enough to append and to compute the root.
 */
export interface Frontier {
  readonly size: number;
  readonly hashes: readonly Buffer[];
}

export const EMPTY_FRONTIER: Frontier = { size: 0, hashes: [] };

export function appendLeaf(frontier: Frontier, leaf: Buffer): Frontier {
  const hashes = [...frontier.hashes];
  let node = leaf;
  let size = frontier.size;
  while (size % 2 === 1) {
    const left = hashes.pop();
    if (left === undefined) throw new RangeError('frontier has fewer hashes than its size says');
    node = hashChildren(left, node);
    size = Math.floor(size / 2);
  }
  hashes.push(node);
  return { size: frontier.size + 1, hashes };
}

export function rootOf(frontier: Frontier): Buffer {
  let root: Buffer | undefined;
  for (const left of frontier.hashes.toReversed()) root = root === undefined ? left : hashChildren(left, root);
  return root ?? EMPTY_ROOT;
}

/** `size` then the hashes, as "size:hex…": how a frontier travels in control records. */
export function formatFrontier(frontier: Frontier): string {
  return `${frontier.size}:${Buffer.concat(frontier.hashes).toString('base64')}`;
}

export function parseFrontier(text: string): Frontier {
  const colon = text.indexOf(':');
  const digits = text.slice(0, Math.max(0, colon));
  // Before the loop below: a size such as 1e999 would never reach zero.
  if (!/^(0|[1-9][0-9]{0,15})$/.test(digits)) throw new RangeError('not a frontier: the size is no number');
  const size = Number(digits);
  const bytes = Buffer.from(text.slice(colon + 1), 'base64');
  let bits = 0;
  for (let n = size; n > 0; n = Math.floor(n / 2)) bits += n % 2;
  if (!Number.isSafeInteger(size) || bytes.length !== bits * 32) throw new RangeError('not a frontier: hashes do not fit the size');
  const hashes = Array.from({ length: bits }, (_, i) => bytes.subarray(i * 32, i * 32 + 32));
  return { size, hashes };
}
