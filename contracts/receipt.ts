import { hash, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { hashChildren } from './merkle.ts';

/**
 * The gateway's word that a block is durable. The shipper may erase its lines once it holds this.
 *
 * A gateway signs once for all receipts that are due together. They are the leaves of a tree as RFC 6962 section 2.1
 * defines it, in any order: leaf = SHA-256(0x00 || `receiptText`), node = SHA-256(0x01 || left || right). The signature
 * covers `receiptsText`, which names the size and the root. Each receipt carries its own way to the root, so that it
 * can be checked alone and says nothing of the others but hashes. Vectors: `vectors/receipt.json`.
 */
export interface Receipt extends ReceiptFacts {
  readonly v: 2;
  /** Leaves of the tree, this receipt's place among them from 0, and the hashes beside its way up, base64url. */
  readonly size: number;
  readonly index: number;
  readonly path: readonly string[];
  /** The gateway's Ed25519 public key and its signature over `receiptsText`, base64url. */
  readonly key: string;
  readonly signature: string;
}

/** What a receipt says of its block. */
export interface ReceiptFacts {
  readonly site: string;
  readonly stream: string;
  readonly epoch: number;
  readonly first_seq: number;
  readonly lines: number;
  /** The chain's head after the block, base64url. */
  readonly head: string;
  /** Unix milliseconds on the gateway's clock. */
  readonly received_at: number;
  /** Lines that cannot become events and go to the dead letters. */
  readonly dead_letters: number;
}

/** One value a line, so that any language can build it. */
export function receiptText(r: ReceiptFacts): string {
  return ['tourniquet/receipt/v2', r.site, r.stream, r.epoch, r.first_seq, r.lines, r.head, r.received_at, r.dead_letters, ''].join('\n');
}

/** The text that is signed; `key` and `root` as base64url. */
export function receiptsText(key: string, size: number, root: string): string {
  return ['tourniquet/receipts/v2', key, size, root, ''].join('\n');
}

/** One signature for all; `key` is the public half of `privateKey` as base64url. */
export function signReceipts(facts: readonly ReceiptFacts[], key: string, privateKey: KeyObject): readonly Receipt[] {
  const levels = treeOver(facts.map(leafOf));
  const size = facts.length;
  const root = levels.at(-1)?.[0] ?? Buffer.alloc(0);
  const signature = sign(null, Buffer.from(receiptsText(key, size, root.toString('base64url'))), privateKey).toString('base64url');
  return facts.map((f, index) => ({ v: 2, ...f, size, index, path: pathOf(levels, index), key, signature }));
}

/** Whether the receipt leads to a root that the key signed. False for whatever else it holds. */
export function receiptHolds(receipt: Receipt, publicKey: KeyObject): boolean {
  const { key, size, index, path, signature } = receipt;
  const root = rootFrom(leafOf(receipt), index, size, path);
  return root !== undefined && verify(null, Buffer.from(receiptsText(key, size, root.toString('base64url'))), publicKey, Buffer.from(signature, 'base64url'));
}

function leafOf(facts: ReceiptFacts): Buffer {
  return hash('sha256', `\0${receiptText(facts)}`, 'buffer');
}

/** Leaves first, root last. A node without a neighbour goes up as it is: the same tree as RFC 6962's, from below. */
function treeOver(leaves: readonly Buffer[]): readonly (readonly Buffer[])[] {
  const levels = [leaves];
  for (let below = leaves; below.length > 1;) {
    const level: Buffer[] = [];
    for (let i = 0; i < below.length; i += 2) {
      // In bounds by the loop; only the right one may be missing.
      const [left, right] = [below[i]!, below[i + 1]];
      level.push(right === undefined ? left : hashChildren(left, right));
    }
    levels.push(level);
    below = level;
  }
  return levels;
}

function pathOf(levels: readonly (readonly Buffer[])[], index: number): readonly string[] {
  const path: string[] = [];
  levels.forEach((level, height) => {
    const beside = level[Math.floor(index / 2 ** height) ^ 1];
    if (beside !== undefined) path.push(beside.toString('base64url'));
  });
  return path;
}

const HASH = /^[A-Za-z0-9_-]{43}$/;
/** Of a tree; keeps the arithmetic below within 31 bits. */
const MAX_RECEIPTS = 2 ** 16;

/** RFC 9162 section 2.1.3.2 up to the comparison; undefined when the path does not fit the place. */
function rootFrom(leaf: Buffer, index: number, size: number, path: readonly string[]): Buffer | undefined {
  if (!Number.isInteger(size) || !Number.isInteger(index) || index < 0 || index >= size || size > MAX_RECEIPTS) return undefined;
  let [node, place, last] = [leaf, index, size - 1];
  for (const text of path) {
    if (last === 0 || !HASH.test(text)) return undefined;
    const beside = Buffer.from(text, 'base64url');
    if (place % 2 === 1 || place === last) {
      node = hashChildren(beside, node);
      // Up to where this node was a right child: levels without a neighbour have no hash in the path.
      while (place % 2 === 0 && place !== 0) [place, last] = [place >> 1, last >> 1];
    } else {
      node = hashChildren(node, beside);
    }
    [place, last] = [place >> 1, last >> 1];
  }
  return last === 0 ? node : undefined;
}
