import { MAX_LINE_BYTES } from '../../../contracts/limits.ts';
import type { RegexNode } from './regex-node.ts';
import { EMPTY, sequence } from './regex-node.ts';

/** Units of the longest value an event can hold. */
export const MOST_VALUE_UNITS = MAX_LINE_BYTES;

/**
 * The budget of one test of one value by backtracking, in steps of a few nanoseconds. No pattern can spend more, whatever
 * the value: one of which that cannot be proven is given to the automaton, or refused.
 */
export const MOST_STEPS = 50_000_000;

/** The budget of the automaton: for each unit of a value it does at most so many steps, of about five nanoseconds. */
export const MOST_STATES = 512;

/** Of any pattern. */
export const MOST_PARTS = 8192;

/** Parts of the pattern with its counted repetitions written out. */
export function partsOf(node: RegexNode): number {
  switch (node.kind) {
    case 'set':
    case 'assert':
    case 'reference':
      return 1;
    case 'sequence':
    case 'either':
      return 1 + node.of.reduce((sum, one) => sum + partsOf(one), 0);
    case 'repeat':
      return 1 + partsOf(node.of) * Math.max(node.most === Number.POSITIVE_INFINITY ? node.least + 1 : node.most, 1);
    case 'look':
    case 'group':
      return 1 + partsOf(node.of);
    default:
      return node satisfies never;
  }
}

/** Steps that backtracking may need at most to find the pattern in the longest value, or to find that it is not there. */
export function backtrackingSteps(node: RegexNode): number {
  return costOf(node, new Map()).steps * (startsAtStart(node) ? 1 : MOST_VALUE_UNITS);
}

interface Cost {
  /** In how many ways it can match from one place. */
  readonly ways: number;
  /** Steps for all of them. */
  readonly steps: number;
}

/** `groups`: the longest text of each group that was met, which a reference to it may have to compare. */
function costOf(node: RegexNode, groups: Map<number, number>): Cost {
  switch (node.kind) {
    case 'set':
    case 'assert':
      return { ways: 1, steps: 1 };
    case 'reference':
      return { ways: 1, steps: 1 + (groups.get(node.index) ?? MOST_VALUE_UNITS) };
    case 'sequence':
      return node.of.map((one) => costOf(one, groups)).reduce<Cost>((before, one) => ({ ways: before.ways * one.ways, steps: before.steps + before.ways * one.steps }), { ways: 1, steps: 0 });
    case 'either':
      return node.of.map((one) => costOf(one, groups)).reduce<Cost>((sum, one) => ({ ways: sum.ways + one.ways, steps: sum.steps + one.steps }), { ways: 0, steps: 1 });
    case 'repeat':
      return repeatCost(costOf(node.of, groups), node.least, Math.min(node.most, MOST_VALUE_UNITS));
    case 'look':
      return { ways: 1, steps: 1 + costOf(node.of, groups).steps };
    case 'group':
      groups.set(node.index, longestOf(node.of));
      return costOf(node.of, groups);
    default:
      return node satisfies never;
  }
}

/** Units of the longest text a tree matches, at most `MOST_VALUE_UNITS`. */
function longestOf(node: RegexNode): number {
  switch (node.kind) {
    case 'set': return 1;
    case 'assert':
    case 'look': return 0;
    case 'sequence': return Math.min(node.of.reduce((sum, one) => sum + longestOf(one), 0), MOST_VALUE_UNITS);
    case 'either': return Math.max(0, ...node.of.map((one) => longestOf(one)));
    case 'repeat': return Math.min(longestOf(node.of) * Math.min(node.most, MOST_VALUE_UNITS), MOST_VALUE_UNITS);
    case 'group': return longestOf(node.of);
    case 'reference': return MOST_VALUE_UNITS;
    default: return node satisfies never;
  }
}

function repeatCost({ ways, steps }: Cost, least: number, most: number): Cost {
  if (ways <= 1) return { ways: most - Math.min(least, most) + 1, steps: 1 + most * steps };
  const tries = (ways ** most - 1) / (ways - 1);
  return { ways: tries * ways + 1, steps: 1 + tries * steps };
}

export function startsAtStart(node: RegexNode): boolean {
  switch (node.kind) {
    case 'assert': return node.what === 'start';
    case 'sequence': return node.of[0] !== undefined && startsAtStart(node.of[0]);
    case 'either': return node.of.every((one) => startsAtStart(one));
    case 'group': return startsAtStart(node.of);
    case 'repeat': return node.least > 0 && startsAtStart(node.of);
    case 'set':
    case 'look':
    case 'reference': return false;
    default: return node satisfies never;
  }
}

/**
 * A tree that is found in the same texts: a repetition at either end of a pattern need not go beyond its least number,
 * since the search may start and end anywhere (`.*a+` is found where `a` is).
 */
export function trimEnds(node: RegexNode): RegexNode {
  return trimEnd(trimEnd(node, 'last'), 'first');
}

function trimEnd(node: RegexNode, side: 'first' | 'last'): RegexNode {
  switch (node.kind) {
    case 'repeat': {
      if (node.least === 0) return EMPTY;
      return node.least === 1 ? trimEnd(node.of, side) : { ...node, most: node.least };
    }
    case 'either':
      return { kind: 'either', of: node.of.map((one) => trimEnd(one, side)) };
    case 'sequence': {
      const end = side === 'last' ? node.of.at(-1) : node.of[0];
      if (end === undefined) return node;
      const rest = side === 'last' ? node.of.slice(0, -1) : node.of.slice(1);
      const trimmed = trimEnd(end, side);
      if (trimmed === EMPTY) return trimEnd(sequence(rest), side);
      return sequence(side === 'last' ? [...rest, trimmed] : [trimmed, ...rest]);
    }
    case 'set':
    case 'assert':
    case 'look':
    case 'group':
    case 'reference':
      return node;
    default:
      return node satisfies never;
  }
}
