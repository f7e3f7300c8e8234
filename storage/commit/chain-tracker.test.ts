import { hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { StreamState } from '../../contracts/control.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import type { BlockPlace, Notice, Segment, Tracked } from './chain-tracker.ts';
import { CHAIN_LIMITS, EMPTY_STREAM, track } from './chain-tracker.ts';

const GENESIS = Buffer.alloc(32).toString('base64url');

/** Heads of a chain whose line i has the text `lines[i]`; heads[i] stands before line i. */
function headsOf(lines: readonly string[]): readonly string[] {
  const heads = [GENESIS];
  for (const line of lines) heads.push(hash('sha256', `${heads.at(-1)} ${line}`, 'base64url'));
  return heads;
}

/** Lines [from, to) of a chain as a block. */
function blockOf(lines: readonly string[], from: number, to: number, epoch = 1): BlockPlace {
  const heads = headsOf(lines);
  const at = (i: number): string => heads[i] ?? '';
  return { epoch, firstSeq: from, lines: to - from, previousHead: at(from), head: at(to), headAfter: (n) => at(from + n) };
}

const ONE = Array.from({ length: 60 }, (_, i) => `a${i}`);
/** Equal to ONE up to line 10, another from there on. */
const OTHER = ONE.map((line, i) => (i < 10 ? line : `b${i}`));

interface Walk {
  readonly state: StreamState;
  readonly stored: readonly Segment[];
  readonly notices: readonly Notice[];
  readonly last: Tracked['disposition'];
}

function walk(blocks: readonly BlockPlace[], limits = CHAIN_LIMITS): Walk {
  let state = EMPTY_STREAM;
  let last: Tracked['disposition'] = 'duplicate';
  const stored: Segment[] = [];
  const notices: Notice[] = [];
  for (const block of blocks) {
    let tracked = track(state, block, undefined, limits);
    // A store that knows nothing: what is stored is proven by the state alone.
    if (tracked.disposition === 'ask') tracked = track(state, block, false, limits);
    last = tracked.disposition;
    if (tracked.disposition !== 'store') continue;
    ({ state } = tracked);
    stored.push(...tracked.segments.map((s) => ({ ...s, from: s.from + block.firstSeq, to: s.to + block.firstSeq })));
    notices.push(...tracked.notices);
  }
  return { state, stored, notices, last };
}

const a = (from: number, to: number): BlockPlace => blockOf(ONE, from, to);
const b = (from: number, to: number): BlockPlace => blockOf(OTHER, from, to);
const seg = (epoch: number, from: number, to: number): Segment => ({ epoch, from, to });

describe('an honest chain', () => {
  test('goes on in one epoch without a notice', () => {
    expect(walk([a(0, 5), a(5, 10)])).toMatchObject({ stored: [seg(1, 0, 5), seg(1, 5, 10)], notices: [], state: { lastEpoch: 1 } });
  });
  test('an exact repeat is a duplicate', () => {
    expect(walk([a(0, 5), a(5, 10), a(0, 5)])).toMatchObject({ last: 'duplicate', stored: [seg(1, 0, 5), seg(1, 5, 10)] });
  });
  test('a block that overlaps what is stored brings only its new lines', () => {
    expect(walk([a(0, 5), a(2, 9)])).toMatchObject({ stored: [seg(1, 0, 5), seg(1, 5, 9)], notices: [] });
  });
  test('a repeat whose end is forgotten is asked for, and believed either way', () => {
    const blocks = Array.from({ length: CHAIN_LIMITS.recent + 2 }, (_, i) => a(i, i + 1));
    const { state } = walk(blocks);
    expect(track(state, a(0, 1))).toEqual({ disposition: 'ask' });
    expect(track(state, a(0, 1), true)).toEqual({ disposition: 'duplicate' });
    expect(track(state, a(0, 1), false)).toMatchObject({ disposition: 'store', notices: [{ type: 'fork', epoch: 2 }] });
  });
  test('a new epoch of the shipper is a new chain and is told', () => {
    expect(walk([a(0, 5), blockOf(OTHER, 0, 5, 2)])).toMatchObject({ stored: [seg(1, 0, 5), seg(2, 0, 5)], notices: [{ type: 'restart', epoch: 2 }] });
  });
});

describe('a hole', () => {
  test('opens a gap, and the late block closes it', () => {
    const { notices, state, stored } = walk([a(0, 5), a(8, 10), a(5, 8)]);
    expect(stored).toEqual([seg(1, 0, 5), seg(1, 8, 10), seg(1, 5, 8)]);
    expect(notices).toEqual([
      { type: 'gap', state: 'open', epoch: 1, from: 5, to: 7 },
      { type: 'gap', state: 'closed', epoch: 1, from: 5, to: 7 },
    ]);
    expect(state.chains[0]?.gaps).toEqual([]);
  });
  test('at the beginning counts from zero', () => {
    expect(walk([a(3, 5)]).notices).toEqual([{ type: 'gap', state: 'open', epoch: 1, from: 0, to: 2 }]);
  });
  test('is split by a block in its middle and filled in parts', () => {
    const { notices, state, stored } = walk([a(0, 5), a(15, 20), a(8, 10), a(10, 15), a(5, 8)]);
    expect(stored.map((s) => [s.from, s.to])).toEqual([[0, 5], [15, 20], [8, 10], [10, 15], [5, 8]]);
    expect(state.chains[0]?.gaps).toEqual([]);
    expect(notices.filter((n) => n.type === 'fork')).toEqual([]);
  });
  test('inside a repeated block is filled by it, and what follows is stored too', () => {
    expect(walk([a(0, 5), a(8, 10), a(2, 13)])).toMatchObject({ stored: [seg(1, 0, 5), seg(1, 8, 10), seg(1, 5, 8), seg(1, 10, 13)], state: { chains: [{ gaps: [], nextSeq: 13 }] } });
  });
  test('is not filled by lines of another chain', () => {
    const { notices, state } = walk([a(0, 12), a(15, 20), b(12, 15)]);
    expect(notices.at(-1)).toEqual({ type: 'fork', epoch: 2 });
    expect(state.chains[0]?.gaps).toHaveLength(1);
  });
});

describe('a fork', () => {
  test('is stored under a new epoch, and both branches go on', () => {
    const { stored, notices } = walk([a(0, 10), a(10, 12), b(10, 13), a(12, 15), b(13, 14)]);
    expect(stored).toEqual([seg(1, 0, 10), seg(1, 10, 12), seg(2, 10, 13), seg(1, 12, 15), seg(2, 13, 14)]);
    expect(notices).toEqual([{ type: 'fork', epoch: 2 }]);
  });
  test('inside a block stores only the lines after the parting', () => {
    expect(walk([a(0, 10), a(10, 12), b(5, 14)])).toMatchObject({ stored: [seg(1, 0, 10), seg(1, 10, 12), seg(2, 10, 14)] });
  });
  test('whose beginning comes late keeps it', () => {
    const { stored } = walk([a(0, 10), a(10, 15), b(12, 20), b(10, 12)]);
    expect(stored).toEqual([seg(1, 0, 10), seg(1, 10, 15), seg(2, 12, 20), seg(2, 10, 12)]);
  });
  test('repeats of both branches are duplicates', () => {
    for (const repeat of [a(0, 10), a(10, 12), b(10, 13)]) expect(walk([a(0, 10), a(10, 12), b(10, 13), repeat]).last).toBe('duplicate');
  });
});

describe('limits', () => {
  test('the branch unused for longest is forgotten, loudly, and its repeats are asked for', () => {
    const limits = { ...CHAIN_LIMITS, branches: 2 };
    const third = ONE.map((line, i) => (i < 10 ? line : `c${i}`));
    const { notices, state } = walk([a(0, 10), a(10, 12), b(10, 12), blockOf(third, 10, 12)], limits);
    expect(notices.at(-1)).toEqual({ type: 'branch_forgotten', epoch: 1 });
    expect(track(state, a(3, 6), undefined, limits)).toEqual({ disposition: 'ask' });
  });
  test('a branch with too many gaps is forgotten, loudly, and its late blocks are stored nevertheless', () => {
    const limits = { ...CHAIN_LIMITS, gaps: 2 };
    const { notices, state } = walk([a(1, 2), a(3, 4), a(5, 6)], limits);
    expect(notices.at(-1)).toEqual({ type: 'branch_forgotten', epoch: 1 });
    expect(track(state, a(3, 4), undefined, limits)).toEqual({ disposition: 'ask' });
    expect(walk([a(1, 2), a(3, 4), a(5, 6), a(0, 1), a(4, 5), a(6, 9)], limits).stored.slice(3).map((s) => [s.from, s.to])).toEqual([[0, 1], [4, 5], [6, 9]]);
  });
});

test('any order of any cut of an honest chain, with repeats, stores each line once in one epoch (seeded)', () => {
  for (let seed = 1; seed <= 2_000; seed++) {
    const random = seededRandom(seed);
    const cuts = [...new Set([0, ONE.length, ...Array.from({ length: random.between(1, 12) }, () => random.between(1, ONE.length - 1))])].toSorted((x, y) => x - y);
    const blocks = cuts.slice(1).map((to, i) => a(cuts[i] ?? 0, to));
    const repeated = [...blocks, ...blocks.filter(() => random.chance(0.3))].map((block) => ({ block, at: random() })).toSorted((x, y) => x.at - y.at).map((x) => x.block);
    const { stored, state, notices } = walk(repeated);
    const lines = stored.flatMap((s) => Array.from({ length: s.to - s.from }, (_, i) => s.from + i)).toSorted((x, y) => x - y);
    expect(lines, `seed ${seed}`).toEqual(ONE.map((_, i) => i));
    expect(state.chains.map((c) => c.gaps.length), `seed ${seed}`).toEqual([0]);
    expect(notices.filter((n) => n.type !== 'gap'), `seed ${seed}`).toEqual([]);
  }
});
