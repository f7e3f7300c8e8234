import { appendLeaf, EMPTY_FRONTIER, rootOf } from '../../contracts/merkle.ts';
import type { Frontier } from '../../contracts/merkle.ts';
import { TILE_LEAVES } from '../../contracts/tile.ts';
import type { LeafWindow } from './leaf-windows.ts';
import { compareStones } from './milestones.ts';
import type { Milestone } from './milestones.ts';
import { problem } from './problem.ts';
import type { Problem } from './problem.ts';
import { RootJudge } from './root-judge.ts';

const HASH_BYTES = 32;

export type Append = (frontier: Frontier, leaves: Buffer) => Frontier;

export interface WalkLimits {
  /** Leaves below it must be there: they were committed or signed. */
  readonly sure: number;
  /** No row that counts is behind it. */
  readonly end: number;
}

/** Roots of full tiles, a leaf each of a tree of its own. */
type Tiles = Frontier | undefined;

/**
 * The pass over one site's tree, tile by tile (256 leaves). It carries two trees: what the rows give, and what stored
 * nodes give where rows differ from them or are missing. Which one a signed root vouches for tells what was changed, and
 * the walk goes on with it.
 */
export class TreeWalk {
  readonly #site: string;
  readonly #append: Append;
  readonly #stones: readonly Milestone[];
  readonly #limits: WalkLimits;
  readonly #judge: RootJudge;
  #ofRows: Tiles = EMPTY_FRONTIER;
  #ofNodes: Tiles = EMPTY_FRONTIER;
  #nextStone = 0;
  #size = 0;
  /** Leaves behind the full tiles. */
  #low: Frontier = EMPTY_FRONTIER;
  #ended = false;

  constructor(site: string, stones: readonly Milestone[], limits: WalkLimits, append: Append) {
    this.#site = site;
    this.#append = append;
    this.#limits = limits;
    this.#stones = stones.filter(({ size }) => size > 0).toSorted(compareStones);
    this.#judge = new RootJudge(site, () => (this.#ofRows = this.#ofNodes));
  }

  /** Leaves that were read, or taken from nodes. */
  get size(): number {
    return this.#size;
  }

  get attested(): number {
    return this.#judge.attested;
  }

  /** Of all that was read; undefined when something is missing. */
  get root(): Buffer | undefined {
    return rootWith(this.#ofRows, this.#low);
  }

  /** A window that begins where the last one ended, with the stored nodes of its tiles. */
  *take(window: LeafWindow, nodes: ReadonlyMap<number, Buffer>): Generator<Problem> {
    for (const leaf of window.doubled) yield problem('double-row', this.#site, `leaf ${leaf} is stored more than once`, { from: leaf });
    for (let from = window.from; from < window.to && !this.#ended; from += TILE_LEAVES) yield* this.#tile(window, from, Math.min(window.to, from + TILE_LEAVES), nodes.get(from / TILE_LEAVES));
  }

  /** Leaves that are not read: their tiles' roots are taken as stored. */
  *skip(from: number, to: number, nodes: ReadonlyMap<number, Buffer>): Generator<Problem> {
    for (let at = from; at < to; at += TILE_LEAVES) {
      this.#passOver(at);
      const node = nodes.get(at / TILE_LEAVES);
      this.#ofRows = grown(this.#ofRows, node);
      this.#ofNodes = grown(this.#ofNodes, node);
      this.#size = at + TILE_LEAVES;
      yield* this.#compareAt(this.#size, EMPTY_FRONTIER);
    }
  }

  *finish(): Generator<Problem> {
    yield* this.#judge.finish();
    const { sure, end } = this.#limits;
    if (this.#size < sure) yield problem('truncated', this.#site, `the rows from leaf ${this.#size} on are missing: ${sure} were committed or signed`, { from: this.#size, to: sure - 1 });
    const held = Math.max(sure, end);
    const beyond = this.#stones.find(({ kind, size }) => size > held && (kind === 'kept' || kind === 'published'));
    if (beyond !== undefined) yield problem('rolled-back', this.#site, `a checkpoint of size ${beyond.size} was ${beyond.kind === 'kept' ? 'kept outside' : 'published in the deployment log'}, but the store knows of ${held} leaves`, { from: held, to: beyond.size - 1 });
  }

  *#tile(window: LeafWindow, from: number, to: number, node: Buffer | undefined): Generator<Problem> {
    const missing = firstAbsent(window, from, to);
    if (missing !== undefined) yield* this.#missing(window, missing);
    const held = missing ?? to;
    const leaves = window.hashes.subarray((from - window.from) * HASH_BYTES, (held - window.from) * HASH_BYTES);
    let low: Frontier = EMPTY_FRONTIER;
    for (let stone = this.#stones[this.#nextStone]; stone !== undefined && stone.size < held; stone = this.#stones[this.#nextStone]) {
      if (stone.size > from + low.size) low = this.#append(low, leaves.subarray(low.size * HASH_BYTES, (stone.size - from) * HASH_BYTES));
      yield* this.#compareAt(stone.size, low);
    }
    low = this.#append(low, leaves.subarray(low.size * HASH_BYTES));
    this.#size = held;
    if (to - from < TILE_LEAVES || missing !== undefined) yield* this.#edge(low, held, to, node);
    else yield* this.#full(from, low, node);
  }

  *#full(from: number, low: Frontier, node: Buffer | undefined): Generator<Problem> {
    const [hash] = low.hashes;
    const same = this.#ofRows === this.#ofNodes && (node === undefined || hash === undefined || node.equals(hash));
    if (node !== undefined && hash !== undefined && !node.equals(hash)) this.#judge.differs({ from, to: from + TILE_LEAVES });
    this.#ofRows = grown(this.#ofRows, hash);
    this.#ofNodes = same ? this.#ofRows : grown(this.#ofNodes, node ?? hash);
    yield* this.#compareAt(from + TILE_LEAVES, EMPTY_FRONTIER);
  }

  /** The last tile, or one with a hole. */
  *#edge(low: Frontier, held: number, to: number, node: Buffer | undefined): Generator<Problem> {
    yield* this.#compareAt(held, low);
    if (held === to || this.#ended) return;
    this.#passOver(to - 1);
    this.#ofRows = undefined;
    this.#ofNodes = grown(this.#ofNodes, node);
    this.#size = to;
    yield* this.#compareAt(to, EMPTY_FRONTIER);
  }

  *#missing(window: LeafWindow, leaf: number): Generator<Problem> {
    if (leaf >= this.#limits.sure) {
      // Rows of a group that is being stored: there may be some, not yet all.
      this.#ended = true;
      return;
    }
    let to = leaf;
    while (to < Math.min(window.to, this.#limits.sure) && window.present[to - window.from] === 0) to++;
    yield problem('missing-row', this.#site, `the row of leaf ${leaf} is missing`, { from: leaf, to: to - 1 });
  }

  /** Stones up to a leaf whose rows are missing or not read cannot be compared. */
  #passOver(leaf: number): void {
    while ((this.#stones[this.#nextStone]?.size ?? Infinity) <= leaf) this.#nextStone++;
  }

  *#compareAt(size: number, low: Frontier): Generator<Problem> {
    this.#low = low;
    for (let stone = this.#stones[this.#nextStone]; stone !== undefined && stone.size <= size; stone = this.#stones[this.#nextStone]) {
      this.#nextStone++;
      if (stone.size !== size) continue;
      const ofRows = rootWith(this.#ofRows, low);
      yield* this.#judge.compare(stone, ofRows, this.#ofNodes === this.#ofRows ? ofRows : rootWith(this.#ofNodes, low));
    }
  }
}

function grown(tiles: Tiles, root: Buffer | undefined): Tiles {
  return tiles === undefined || root === undefined ? undefined : appendLeaf(tiles, root);
}

/** The root of full tiles and of leaves after them. */
function rootWith(tiles: Tiles, low: Frontier): Buffer | undefined {
  return tiles === undefined ? undefined : rootOf({ size: tiles.size * TILE_LEAVES + low.size, hashes: [...tiles.hashes, ...low.hashes] });
}

function firstAbsent({ present, from }: LeafWindow, tileFrom: number, tileTo: number): number | undefined {
  const at = present.subarray(tileFrom - from, tileTo - from).indexOf(0);
  return at < 0 ? undefined : tileFrom + at;
}
