import { GENESIS_HEAD } from '../../contracts/chain.ts';
import type { ChainState, GapState, StreamState } from '../../contracts/control.ts';

/**
 * Where a chained block belongs. Pure: state and block in, segments to store, new state and notices out.
 *
 * A block is compared with each branch of its shipper epoch at the branch's boundaries: sequences whose head is known
 * (ends of recent blocks, edges of gaps, the branch's end). One equal head proves all lines before it, because heads
 * are a hash chain; one that differs proves a fork. Lines are passed over only where that proof says that they are
 * stored. In doubt a block is stored under a new epoch of ours: nothing acknowledged is dropped.
 */

export interface ChainLimits {
  /** Branches of one stream. Beyond, the one unused for longest is forgotten (notice, alert). */
  readonly branches: number;
  /** Ends of recent blocks of one branch. An older repeat is looked up in the store. */
  readonly recent: number;
  /** Open gaps of one branch. Beyond, the branch is forgotten (notice, alert) and goes on under a new epoch. */
  readonly gaps: number;
}

export const CHAIN_LIMITS: ChainLimits = { branches: 16, recent: 32, gaps: 1_000 };

const GENESIS = GENESIS_HEAD.toString('base64url');

export const EMPTY_STREAM: StreamState = { plainSeq: 0, chains: [], lastEpoch: 0 };

/** A block's place as its shipper signed it. */
export interface BlockPlace {
  readonly epoch: number;
  readonly firstSeq: number;
  readonly lines: number;
  /** base64url. */
  readonly previousHead: string;
  readonly head: string;
  /** The head after the block's first `lines` lines, base64url. Asked only where a block overlaps what is known. */
  headAfter(lines: number): string;
}

export type Notice =
  | { readonly type: 'gap'; readonly state: 'open' | 'closed'; readonly epoch: number; readonly from: number; readonly to: number }
  | { readonly type: 'fork' | 'restart' | 'branch_forgotten'; readonly epoch: number };

/** Lines [from, to) of the block, to be stored under `epoch`. */
export interface Segment {
  readonly epoch: number;
  readonly from: number;
  readonly to: number;
}

export type Tracked =
  /** Known neither as stored nor as new: does the store hold a block of this stream with this end? Track again with the answer. */
  | { readonly disposition: 'ask' }
  | { readonly disposition: 'duplicate' }
  | { readonly disposition: 'store'; readonly segments: readonly Segment[]; readonly state: StreamState; readonly notices: readonly Notice[] };

/** A block beside a branch. */
interface Comparison {
  /** Boundaries with equal heads, ascending, up to the first that differs. */
  readonly agreed: readonly number[];
  /** Undefined when the block contradicts the branch. */
  readonly fit: Fit | undefined;
}

/** How a block lies on a branch that it does not contradict. */
interface Fit {
  readonly chain: ChainState;
  /** Boundaries with equal heads. */
  readonly matches: number;
  /** New lines as sequences [from, to). */
  readonly fresh: readonly (readonly [number, number])[];
  /** Every line that is not fresh is proven to be stored. */
  readonly proven: boolean;
}

/** `known`: whether the store, or the group at work, holds a block of this stream with this end; absent when not asked. */
export function track(stream: StreamState, block: BlockPlace, known?: boolean, limits: ChainLimits = CHAIN_LIMITS): Tracked {
  const branches = stream.chains.filter((c) => c.shipperEpoch === block.epoch);
  const [only] = branches;
  if (branches.length === 1 && only !== undefined && only.nextSeq === block.firstSeq && only.head === block.previousHead) {
    return place(stream, block, limits, { chain: only, matches: 1, fresh: [[block.firstSeq, block.firstSeq + block.lines]], proven: true });
  }
  const compared = branches.map((c) => compare(c, block, known));
  const fits = compared.map((c) => c.fit).filter((f) => f !== undefined);
  const proven = fits.filter((f) => f.matches > 0 && f.proven);
  if (proven.some((f) => f.fresh.length === 0)) return { disposition: 'duplicate' };
  const chosen = most(proven);
  const inside = compared.flatMap((c) => c.agreed).filter((seq) => seq > block.firstSeq && seq < block.firstSeq + block.lines);
  if (inside.length > 0 && (branches.length > 1 || chosen === undefined)) return split(stream, block, limits, Math.min(...inside), known);
  const forgotten = stream.lastEpoch > stream.chains.length && (chosen === undefined || chosen.chain.gaps.some((g) => g.head === '' && overlaps(g, block)));
  if (known === undefined && (forgotten || fits.some((f) => !f.proven))) return { disposition: 'ask' };
  if (chosen !== undefined) return place(stream, block, limits, chosen);
  if (known === true) return { disposition: 'duplicate' };
  const agrees = compared.some((c) => c.agreed.length > 0);
  const guess = agrees ? undefined : fits.findLast((f) => f.proven);
  return guess === undefined ? branchOff(stream, block, limits, branches) : place(stream, block, limits, guess);
}

function overlaps(gap: GapState, block: BlockPlace): boolean {
  return gap.to >= block.firstSeq && gap.from < block.firstSeq + block.lines;
}

/** The fit with the most equal heads; of equals the oldest branch. */
function most(fits: readonly Fit[]): Fit | undefined {
  return fits.toSorted((a, b) => b.matches - a.matches || a.chain.epoch - b.chain.epoch)[0];
}

/** A block across a boundary: each side is placed by itself, on the branch where it belongs. */
function split(stream: StreamState, block: BlockPlace, limits: ChainLimits, at: number, known: boolean | undefined): Tracked {
  const lines = at - block.firstSeq;
  const middle = block.headAfter(lines);
  // The boundary vouches for the first side, so no store has to be asked about it.
  const before = track(stream, { ...block, lines, head: middle }, false, limits);
  const rest: BlockPlace = { ...block, firstSeq: at, lines: block.lines - lines, previousHead: middle, headAfter: (n) => block.headAfter(lines + n) };
  const after = track(before.disposition === 'store' ? before.state : stream, rest, known, limits);
  if (after.disposition !== 'store') return after.disposition === 'duplicate' ? before : after;
  const moved = after.segments.map((s) => ({ ...s, from: s.from + lines, to: s.to + lines }));
  if (before.disposition !== 'store') return { ...after, segments: moved };
  return { ...after, segments: [...before.segments, ...moved], notices: [...before.notices, ...after.notices] };
}

function boundaries(chain: ChainState): Map<number, string> {
  const heads = new Map<number, string>();
  for (const [last, head] of chain.recent) heads.set(last + 1, head);
  for (const gap of chain.gaps) {
    if (gap.head !== '') heads.set(gap.from, gap.head);
    heads.set(gap.to + 1, gap.tail);
  }
  return heads.set(chain.nextSeq, chain.head);
}

function headAt(block: BlockPlace, seq: number): string {
  const lines = seq - block.firstSeq;
  if (lines === 0) return block.previousHead;
  return lines === block.lines ? block.head : block.headAfter(lines);
}

function compare(chain: ChainState, block: BlockPlace, known: boolean | undefined): Comparison {
  const { firstSeq } = block;
  const end = firstSeq + block.lines;
  const agreed: number[] = [];
  for (const [seq, head] of [...boundaries(chain)].toSorted((a, b) => a[0] - b[0])) {
    if (seq < firstSeq || seq > end) continue;
    if (headAt(block, seq) !== head) return { agreed, fit: undefined };
    agreed.push(seq);
  }
  const holes: (readonly [number, number])[] = chain.gaps.map((g) => [g.from, g.to + 1]);
  const fresh = [...holes, [chain.nextSeq, Infinity] as const]
    .map(([from, to]) => [Math.max(from, firstSeq), Math.min(to, end)] as const)
    .filter(([from, to]) => from < to)
    .toSorted((a, b) => a[0] - b[0]);
  let lastStored = end - 1;
  for (const [from, to] of fresh.toReversed()) if (to === lastStored + 1) lastStored = from - 1;
  // A stored block with the same end is as good as a boundary there.
  if (known === true && lastStored === end - 1 && agreed.at(-1) !== end) agreed.push(end);
  const proven = lastStored < (agreed.at(-1) ?? firstSeq);
  // The store said no and no boundary vouches for the last lines: they are not this branch's.
  return { agreed, fit: proven || known !== false ? { chain, matches: agreed.length, fresh, proven } : undefined };
}

/** Stores the fresh lines on a branch; gaps shrink, split, close or open. */
function place(stream: StreamState, block: BlockPlace, limits: ChainLimits, { chain, fresh }: Fit): Tracked {
  const { firstSeq } = block;
  const end = firstSeq + block.lines;
  const notices: Notice[] = [];
  const gaps: GapState[] = [];
  for (const gap of chain.gaps) {
    if (!overlaps(gap, block)) {
      gaps.push(gap);
      continue;
    }
    const pieces: GapState[] = [];
    if (firstSeq > gap.from) pieces.push({ from: gap.from, to: firstSeq - 1, head: gap.head, tail: block.previousHead });
    if (end <= gap.to) pieces.push({ from: end, to: gap.to, head: block.head, tail: gap.tail });
    gaps.push(...pieces);
    if (gap.head === '') continue;
    notices.push({ type: 'gap', state: 'closed', epoch: chain.epoch, from: gap.from, to: gap.to });
    for (const { from, to } of pieces) notices.push({ type: 'gap', state: 'open', epoch: chain.epoch, from, to });
  }
  if (firstSeq > chain.nextSeq) {
    gaps.push({ from: chain.nextSeq, to: firstSeq - 1, head: chain.head, tail: block.previousHead });
    notices.push({ type: 'gap', state: 'open', epoch: chain.epoch, from: chain.nextSeq, to: firstSeq - 1 });
  }
  const grown = end > chain.nextSeq;
  const after: ChainState = {
    ...chain,
    nextSeq: grown ? end : chain.nextSeq,
    head: grown ? block.head : chain.head,
    recent: [...chain.recent, [end - 1, block.head] as const].slice(-limits.recent),
    gaps,
  };
  const segments = fresh.map(([from, to]) => ({ epoch: chain.epoch, from: from - firstSeq, to: to - firstSeq }));
  return stored(stream, limits, after, segments, notices);
}

/** A first block of a shipper epoch, or one that contradicts every branch: a new epoch of ours. */
function branchOff(stream: StreamState, block: BlockPlace, limits: ChainLimits, branches: readonly ChainState[]): Tracked {
  const { firstSeq, previousHead, head } = block;
  const epoch = stream.lastEpoch + 1;
  const notices: Notice[] = [];
  const gaps: GapState[] = [];
  const fork = branches.length > 0 || (firstSeq === 0 && previousHead !== GENESIS);
  if (fork) notices.push({ type: 'fork', epoch });
  else if (stream.chains.length > 0) notices.push({ type: 'restart', epoch });
  // A fork's own lines begin here: what lies before is another branch's, or may still come. No one can tell, so no gap is reported.
  if (firstSeq > 0) gaps.push({ from: 0, to: firstSeq - 1, head: fork ? '' : GENESIS, tail: previousHead });
  if (firstSeq > 0 && !fork) notices.push({ type: 'gap', state: 'open', epoch, from: 0, to: firstSeq - 1 });
  const end = firstSeq + block.lines;
  const chain: ChainState = { epoch, shipperEpoch: block.epoch, nextSeq: end, head, recent: [[firstSeq - 1, previousHead], [end - 1, head]], gaps };
  return stored({ ...stream, lastEpoch: epoch }, limits, chain, [{ epoch, from: 0, to: block.lines }], notices);
}

/**
 * The used branch moves to the end of the list, so that the first is the one unused for longest. Of a forgotten branch
 * only the store knows what it holds, so its blocks are asked for.
 */
function stored(stream: StreamState, limits: ChainLimits, chain: ChainState, segments: readonly Segment[], notices: readonly Notice[]): Tracked {
  const used = [...stream.chains.filter((c) => c.epoch !== chain.epoch), chain].filter((c) => c.gaps.length <= limits.gaps);
  const chains = used.slice(-limits.branches);
  const lost = [...stream.chains, chain].map((c) => c.epoch).filter((epoch, i, all) => all.indexOf(epoch) === i && !chains.some((c) => c.epoch === epoch));
  const told = lost.map((epoch): Notice => ({ type: 'branch_forgotten', epoch }));
  return { disposition: 'store', segments, state: { ...stream, chains }, notices: [...notices, ...told] };
}
