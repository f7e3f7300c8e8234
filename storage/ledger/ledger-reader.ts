import type { ClickHouseClient } from '@clickhouse/client';
import type { AnnouncedKey } from '../../contracts/keys.ts';
import { appendLeaf } from '../../contracts/merkle.ts';
import type { LeafRange } from '../../contracts/proof.ts';
import { inclusionVerifier, proofRanges, verifyConsistency, verifySubtree } from '../../contracts/proof.ts';
import type { Tile } from '../../contracts/tile.ts';
import { hashesOnLevel, TILE_LEAVES } from '../../contracts/tile.ts';
import { LedgerError } from './errors.ts';
import { misfit } from './misfit.ts';
import { newestCheckpoints, signedCheckpoint } from './signed-checkpoints.ts';
import type { SiteCheckpoint } from './signed-checkpoints.ts';
import { readSubtreeRoots } from './subtree-roots.ts';
import type { SubtreeRoots } from './subtree-roots.ts';
import type { WantedRows } from './leaf-tiles.ts';
import { createTileLevels, foldHashes } from './tile-levels.ts';
import type { StoredRow } from './stored-row.ts';
import type { Append } from './tile-levels.ts';

export interface LedgerDeps {
  /** A client of the store whose user may read. */
  readonly client: ClickHouseClient;
  /** All announced checkpoint keys; asked for each answer. */
  readonly keys: () => Promise<readonly AnnouncedKey[]>;
  /** Appends leaf hashes of 32 bytes each; the native twin is injected for speed. */
  readonly append?: Append;
  /** On a cluster brings the client's replica level: a root may have come to it before the rows it vouches for. Called before a second try. */
  readonly bringLevel?: () => Promise<void>;
}

export interface InclusionProof {
  readonly leaf: number;
  /** 32 bytes: what stands in the tree, also where the row was redacted or expired. */
  readonly leafHash: Buffer;
  /** Siblings from the leaf up, 32 bytes each: RFC 6962 section 2.1.1. */
  readonly path: readonly Buffer[];
}

export interface ProvenLeaf extends InclusionProof {
  /** Of the leaf that stands in the tree, or what a redaction left of it; undefined when it expired. */
  readonly row: StoredRow | undefined;
}

/** Leaves of one answer of `provenLeaves`, and how many such answers are read ahead. */
const LEAVES_AT_A_TIME = 2_000;
const READ_AHEAD = 2;

/**
 * Proofs and tiles of the sites' trees, computed from what is stored. Nothing that is stored is trusted: each answer is
 * held against a checkpoint that an announced key signed before it is given, or rejects with TQ-LEDGER-04 and says where
 * it does not fit. A size may be any from 1 up to the newest signed checkpoint: beyond it is TQ-LEDGER-02.
 */
export interface LedgerReader {
  /** Up to 1,000 sites whose name comes after, with their newest checkpoints. */
  sites(after?: string): Promise<readonly SiteCheckpoint[]>;
  /** The newest checkpoint; with `atLeast` the smallest of at least this size. Undefined when there is none. */
  checkpoint(site: string, atLeast?: number): Promise<SiteCheckpoint | undefined>;
  /** The root of the tree's first `size` leaves. */
  rootAt(site: string, size: number): Promise<Buffer>;
  /** The root of the leaves [index * 2^level, (index + 1) * 2^level). */
  subtreeRoot(site: string, level: number, index: number): Promise<Buffer>;
  /** The hashes of a tile: `width` times 32 bytes. */
  tile(site: string, tile: Tile): Promise<Buffer>;
  /** In the tree of `size`, or in that of the newest checkpoint. */
  inclusionProof(site: string, leaf: number, size?: number): Promise<InclusionProof>;
  /** In the order of `leaves`, which may be any: tens of thousands at a time, half a kilobyte each. Equal hashes are often the same buffer. */
  inclusionProofs(site: string, leaves: readonly number[], size: number): Promise<readonly InclusionProof[]>;
  /** The same with the leaves' rows, in the order of `leaves`, a list after the other: lines are never all in memory. Rising leaves are read fastest. */
  provenLeaves(site: string, leaves: readonly number[], size: number): AsyncIterable<readonly ProvenLeaf[]>;
  /** RFC 6962 section 2.1.2; empty from size 0 and between equal sizes. */
  consistencyProof(site: string, from: number, to: number): Promise<readonly Buffer[]>;
}

/** What was computed and fits the signed root, or tiles of leaves that may be why it does not. */
type Outcome<T> = { readonly value: T } | { readonly suspects: readonly number[] };

/** A size whose root is vouched for. */
interface TrustedTree {
  readonly site: string;
  readonly size: number;
  readonly root: Buffer;
}

function laterIfMissing(error: unknown): { readonly suspects: readonly number[] } {
  if (error instanceof LedgerError && error.code === 'TQ-LEDGER-03') return { suspects: [] };
  throw error;
}

const appendOneByOne: Append = (frontier, leaves) => {
  let grown = frontier;
  for (let at = 0; at < leaves.length; at += 32) grown = appendLeaf(grown, leaves.subarray(at, at + 32));
  return grown;
};

export function createLedgerReader({ client, keys, append = appendOneByOne, bringLevel }: LedgerDeps): LedgerReader {
  const levels = createTileLevels(client, append);
  const sources = { client, levels, append };
  const read = (site: string, ranges: readonly LeafRange[], size: number): Promise<SubtreeRoots> => readSubtreeRoots(sources, { site, ranges, size, byRuns: false });

  async function checkpoint(site: string, atLeast?: number): Promise<SiteCheckpoint | undefined> {
    return signedCheckpoint(client, await keys(), site, atLeast);
  }

  async function requireCheckpoint(site: string, atLeast?: number): Promise<SiteCheckpoint> {
    if (atLeast !== undefined && !(Number.isSafeInteger(atLeast) && atLeast >= 1)) throw new LedgerError('TQ-LEDGER-06', `site ${site}, size ${atLeast}`);
    const found = await checkpoint(site, atLeast);
    if (found !== undefined) return found;
    const newest = atLeast === undefined ? undefined : await checkpoint(site);
    throw newest === undefined ? new LedgerError('TQ-LEDGER-01', `site ${site}`) : new LedgerError('TQ-LEDGER-02', `site ${site}, newest checkpoint of size ${newest.size}`);
  }

  /** Once more without what is remembered, then for good. */
  async function checked<T>(tree: TrustedTree, compute: (isFirst: boolean) => Promise<Outcome<T>>): Promise<T> {
    const first = await compute(true).catch(laterIfMissing);
    if ('value' in first) return first.value;
    levels.forget(tree.site);
    await bringLevel?.();
    const second = await compute(false);
    if ('value' in second) return second.value;
    throw await misfit({ client, read, append, checkpoint }, tree, second.suspects);
  }

  async function trustedTree(site: string, size: number): Promise<TrustedTree> {
    const vouched = await requireCheckpoint(site, size);
    if (vouched.size === size) return { site, size, root: vouched.root };
    const whole = { from: 0, to: size };
    const ranges = proofRanges(0, size, vouched.size);
    return checked(vouched, async () => {
      const roots = await read(site, [whole, ...ranges], vouched.size);
      const root = roots.ofRange(whole);
      return verifyConsistency(size, root, vouched.size, vouched.root, ranges.map(roots.ofRange)) ? { value: { site, size, root } } : { suspects: roots.tiles };
    });
  }

  /** Hashes of one level that together have the root of a range: of a tile, or that root alone. */
  async function checkedHashes(tree: TrustedTree, range: LeafRange, hashesOf: () => Promise<Buffer>): Promise<Buffer> {
    const ranges = proofRanges(range.from, range.to, tree.size);
    return checked(tree, async () => {
      const roots = await read(tree.site, ranges, tree.size);
      const hashes = await hashesOf();
      return verifySubtree(range.from, range.to, tree.size, foldHashes(hashes, append), ranges.map(roots.ofRange), tree.root) ? { value: hashes } : { suspects: [Math.floor(range.from / TILE_LEAVES), ...roots.tiles] };
    });
  }

  async function subtreeRoot(site: string, level: number, index: number): Promise<Buffer> {
    const range = { from: index * 2 ** level, to: (index + 1) * 2 ** level };
    if (![level, index, range.to].every((n) => Number.isSafeInteger(n) && n >= 0)) throw new LedgerError('TQ-LEDGER-06', `site ${site}, level ${level}, index ${index}`);
    const tree = await requireCheckpoint(site, range.to);
    return checkedHashes(tree, range, async () => (await read(site, [range], range.to)).ofRange(range));
  }

  async function tile(site: string, { level, index, width }: Tile): Promise<Buffer> {
    const [first, leavesEach] = [index * TILE_LEAVES, TILE_LEAVES ** level];
    const tree = await requireCheckpoint(site);
    if (first + width > hashesOnLevel(level, tree.size)) throw new LedgerError('TQ-LEDGER-02', `site ${site}, tile ${index} of level ${level}`);
    const range = { from: first * leavesEach, to: (first + width) * leavesEach };
    return checkedHashes(tree, range, () => levels.hashes(site, level, first, first + width));
  }

  async function treeOver(site: string, leaves: readonly number[], size: number): Promise<TrustedTree> {
    const outside = leaves.find((leaf) => !Number.isSafeInteger(leaf) || leaf < 0 || leaf >= size);
    if (outside !== undefined) throw new LedgerError('TQ-LEDGER-06', `site ${site}, leaf ${outside} of ${size}`);
    return trustedTree(site, size);
  }

  async function proofsIn(tree: TrustedTree, leaves: readonly number[], onRow?: WantedRows['onRow']): Promise<readonly InclusionProof[]> {
    const { site, size } = tree;
    const plans = leaves.map((leaf) => ({ leaf, ranges: proofRanges(leaf, leaf + 1, size) }));
    const ranges = plans.flatMap((plan) => [{ from: plan.leaf, to: plan.leaf + 1 }, ...plan.ranges]);
    return checked(tree, async (isFirst) => {
      // What does not fit is read again from the leaves alone: a stored root of a run may be wrong without a proof being lost.
      const roots = await readSubtreeRoots(sources, { site, ranges, size, byRuns: isFirst, rows: onRow === undefined ? undefined : { leaves, onRow } });
      const proofs = plans.map((plan): InclusionProof => ({ leaf: plan.leaf, leafHash: roots.of({ level: 0, index: plan.leaf }), path: plan.ranges.map(roots.ofRange) }));
      const isIn = inclusionVerifier(size, tree.root);
      const wrong = proofs.find(({ leaf, leafHash, path }) => !isIn(leafHash, leaf, path));
      return wrong === undefined ? { value: proofs } : { suspects: [Math.floor(wrong.leaf / TILE_LEAVES), ...roots.tiles.slice(-1)] };
    });
  }

  async function provenList(tree: TrustedTree, leaves: readonly number[]): Promise<readonly ProvenLeaf[]> {
    const rows = new Map<number, StoredRow>();
    const proofs = await proofsIn(tree, leaves, (leaf, row) => void rows.set(leaf, row));
    return proofs.map((proof) => ({ ...proof, row: rows.get(proof.leaf) }));
  }

  async function* provenLeaves(site: string, leaves: readonly number[], size: number): AsyncGenerator<readonly ProvenLeaf[]> {
    const tree = await treeOver(site, leaves, size);
    const underWay: Promise<readonly ProvenLeaf[]>[] = [];
    for (let at = 0; at < leaves.length || underWay.length > 0;) {
      for (; at < leaves.length && underWay.length < READ_AHEAD; at += LEAVES_AT_A_TIME) {
        const list = provenList(tree, leaves.slice(at, at + LEAVES_AT_A_TIME));
        // Whoever stops before never learns how it ended.
        list.catch(() => undefined);
        underWay.push(list);
      }
      const [list] = underWay.splice(0, 1);
      if (list !== undefined) yield await list;
    }
  }

  return {
    checkpoint, subtreeRoot, tile, provenLeaves,
    inclusionProofs: async (site, leaves, size) => proofsIn(await treeOver(site, leaves, size), leaves),
    sites: async (after = '') => newestCheckpoints(client, await keys(), after),
    rootAt: async (site, size) => (await trustedTree(site, size)).root,
    async inclusionProof(site, leaf, size) {
      const tree = await treeOver(site, [leaf], size ?? (await requireCheckpoint(site)).size);
      const [proof] = await proofsIn(tree, [leaf]);
      if (proof === undefined) throw new RangeError('one leaf has one proof');
      return proof;
    },
    async consistencyProof(site, from, to) {
      if (!Number.isSafeInteger(from) || from < 0 || from > to) throw new LedgerError('TQ-LEDGER-06', `site ${site}, sizes ${from} and ${to}`);
      const tree = await trustedTree(site, to);
      if (from === 0) return [];
      const ranges = proofRanges(0, from, to);
      const earlier = { from: 0, to: from };
      return checked(tree, async () => {
        const roots = await read(site, [earlier, ...ranges], to);
        const proof = ranges.map(roots.ofRange);
        return verifyConsistency(from, roots.ofRange(earlier), to, tree.root, proof) ? { value: proof } : { suspects: roots.tiles };
      });
    },
  };
}
