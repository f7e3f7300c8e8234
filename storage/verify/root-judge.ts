import type { Milestone } from './milestones.ts';
import { problem } from './problem.ts';
import type { Problem } from './problem.ts';

/** A root on record beside what the rows, and the rows with stored nodes where they differ, give at its size. */
interface Compared {
  readonly stone: Milestone;
  readonly byNodes: boolean;
}

/** A tile whose rows do not give the stored node. */
export interface DifferingTile {
  readonly from: number;
  readonly to: number;
}

/**
 * Says what a root that does not hold means. That can be said only where the next signed checkpoint of the store holds,
 * or at the end: then whoever differs below is known to be wrong.
 */
export class RootJudge {
  readonly #site: string;
  readonly #onAgreedNodes: () => void;
  #open: Compared[] = [];
  #differing: DifferingTile[] = [];
  /** Size up to which rows agree with some root on record. */
  #lastGood = 0;
  #attested = 0;

  /** `onAgreedNodes`: a signed root vouches for the stored nodes and not for the rows. */
  constructor(site: string, onAgreedNodes: () => void) {
    this.#site = site;
    this.#onAgreedNodes = onAgreedNodes;
  }

  /** Leaves below the newest checkpoint that holds. */
  get attested(): number {
    return this.#attested;
  }

  differs(tile: DifferingTile): void {
    this.#differing.push(tile);
  }

  /** Roots are undefined where rows are missing. */
  compare(stone: Milestone, ofRows: Buffer | undefined, ofNodes: Buffer | undefined): readonly Problem[] {
    const byRows = ofRows?.equals(stone.root) === true;
    const byNodes = ofNodes?.equals(stone.root) === true;
    if (byRows) this.#lastGood = stone.size;
    if (stone.kind !== 'checkpoint' || (!byRows && !byNodes)) {
      if (!byRows && (ofRows !== undefined || ofNodes !== undefined)) this.#open.push({ stone, byNodes });
      return [];
    }
    this.#attested = stone.size;
    const problems = byRows ? this.#rowsHold() : this.#nodesHold(stone);
    this.#open = [];
    this.#differing = [];
    this.#lastGood = stone.size;
    return problems;
  }

  /** At the end nobody vouches any more for what is still open. */
  finish(): readonly Problem[] {
    const signed = this.#open.find(({ stone }) => stone.kind === 'checkpoint');
    if (signed !== undefined) return [this.#unexplained(signed.stone)];
    const [first] = this.#open;
    const kept = this.#open.find(({ stone }) => stone.kind !== 'commit');
    if (kept !== undefined && first?.stone.kind !== 'commit') return [this.#forked(kept.stone)];
    if (first !== undefined) return [this.#changed(first.stone, 'the commit')];
    return this.#differing.slice(0, 1).map(({ from, to }) => problem('node-mismatch', this.#site, `the rows of leaf ${from} to ${to - 1} and the stored node over them differ; no checkpoint above tells which is right`, { table: 'nodes', from, to: to - 1 }));
  }

  #rowsHold(): readonly Problem[] {
    const nodes = this.#differing.slice(0, 1).map(({ from, to }) => problem('node-mismatch', this.#site, `the stored node over leaf ${from} to ${to - 1} is not what the rows give, and the rows hold`, { table: 'nodes', from, to: to - 1 }));
    return [...nodes, ...this.#liars(this.#open)];
  }

  #nodesHold(stone: Milestone): readonly Problem[] {
    this.#onAgreedNodes();
    const rows = this.#differing.slice(0, 1).map(({ from, to }) => this.#between(Math.max(from, this.#lastGood), this.#narrowed(to), stone, 'the signed checkpoint'));
    const readAsItWas = (size: number): boolean => this.#differing.every(({ from, to }) => size <= from || size >= to);
    return [...rows, ...this.#liars(this.#open.filter(({ stone: s, byNodes }) => !byNodes && readAsItWas(s.size)))];
  }

  /** A root inside a changed tile tells before which row the change must be. */
  #narrowed(to: number): number {
    return Math.min(to, this.#open.find(({ stone }) => stone.size > this.#lastGood)?.stone.size ?? to);
  }

  /** Of the roots that do not hold while a later signed one does, the first of each kind. */
  #liars(open: readonly Compared[]): readonly Problem[] {
    const of = (kind: Milestone['kind']): Milestone | undefined => open.find(({ stone }) => stone.kind === kind)?.stone;
    const [checkpoint, commit, kept] = [of('checkpoint'), of('commit'), of('kept') ?? of('published')];
    return [
      ...(checkpoint === undefined ? [] : [this.#secondRoot(checkpoint)]),
      ...(kept === undefined ? [] : [this.#forked(kept)]),
      ...(commit === undefined ? [] : [problem('commit-mismatch', this.#site, `the commit of size ${commit.size} names a root that its rows never had`, { table: 'commits', from: 0, to: commit.size - 1 })]),
    ];
  }

  #unexplained(stone: Milestone): Problem {
    const rewritten = this.#lastGood >= stone.size;
    return rewritten ? this.#secondRoot(stone) : this.#changed(this.#open[0]?.stone ?? stone, this.#open[0]?.stone.kind === 'commit' ? 'the commit' : 'the signed checkpoint');
  }

  #secondRoot(stone: Milestone): Problem {
    return problem('checkpoint-mismatch', this.#site, `the signed checkpoint of size ${stone.size} vouches for another history than the rows and what else is on record`, { table: 'checkpoints', from: Math.min(this.#attested, stone.size - 1), to: stone.size - 1 });
  }

  #forked(stone: Milestone): Problem {
    const what = stone.kind === 'kept' ? 'the checkpoint that was kept' : 'the checkpoint in the deployment log';
    return problem('forked', this.#site, `${what}, of size ${stone.size}, vouches for another history than the store holds`, { from: Math.min(this.#attested, stone.size - 1), to: stone.size - 1 });
  }

  #changed(stone: Milestone, what: string): Problem {
    return this.#between(Math.min(this.#lastGood, stone.size - 1), stone.size, stone, what);
  }

  #between(from: number, to: number, stone: Milestone, what: string): Problem {
    return problem('changed-row', this.#site, `a row of leaf ${from} to ${to - 1} is not what ${what} of size ${stone.size} vouches for`, { from, to: to - 1 });
  }
}
