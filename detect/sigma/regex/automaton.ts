import type { Assertion, RegexNode } from './regex-node.ts';
import { startsAtStart } from './regex-cost.ts';
import type { UnitSet } from './unit-set.ts';
import { hasUnit, LINE_FEED, WORD } from './unit-set.ts';

/** A state: it goes on over a unit of a set, at a place of a kind, in two directions for nothing, or has found the pattern. */
export type State =
  | { readonly kind: 'unit'; readonly units: UnitSet; readonly next: number }
  | { readonly kind: 'place'; readonly what: Assertion; readonly next: number }
  | { readonly kind: 'fork'; next: number; other: number }
  | { readonly kind: 'found' };

/** A tree without look-around and references as states. */
export interface Automaton {
  readonly states: readonly State[];
  readonly entry: number;
  /** Only the start of a text is a place to begin. */
  readonly anchored: boolean;
  readonly symbols: Symbols;
}

/** Units that no state tells apart are one symbol. */
export interface Symbols {
  readonly count: number;
  /** First units of the ranges of one symbol, ascending from 0, and the symbols of these ranges. */
  readonly starts: Uint16Array;
  readonly ofRange: Uint16Array;
  /** A unit of each symbol. */
  readonly samples: readonly number[];
}

export function buildAutomaton(node: RegexNode): Automaton {
  const states: State[] = [{ kind: 'found' }];
  const entry = build(states, node, 0);
  return { states, entry, anchored: startsAtStart(node), symbols: symbolsOf(states) };
}

/** Adds the states of `node`, which lead to the state `next`; returns the first. */
function build(states: State[], node: RegexNode, next: number): number {
  switch (node.kind) {
    case 'set': return states.push({ kind: 'unit', units: node.units, next }) - 1;
    case 'assert': return states.push({ kind: 'place', what: node.what, next }) - 1;
    case 'sequence': return node.of.reduceRight((after, one) => build(states, one, after), next);
    case 'either': return node.of.map((one) => build(states, one, next)).reduceRight((other, first) => states.push({ kind: 'fork', next: first, other }) - 1);
    case 'group': return build(states, node.of, next);
    case 'repeat': {
      let after = next;
      if (node.most === Number.POSITIVE_INFINITY) {
        const fork = { kind: 'fork' as const, next: 0, other: next };
        after = states.push(fork) - 1;
        fork.next = build(states, node.of, after);
      } else {
        for (let i = node.least; i < node.most; i++) after = states.push({ kind: 'fork', next: build(states, node.of, after), other: next }) - 1;
      }
      for (let i = 0; i < node.least; i++) after = build(states, node.of, after);
      return after;
    }
    case 'look':
    case 'reference': throw new TypeError('look-around and back-references have no automaton');
    default: return node satisfies never;
  }
}

function symbolsOf(states: readonly State[]): Symbols {
  const sets = [...new Set([LINE_FEED, WORD, ...states.flatMap((state) => (state.kind === 'unit' ? [state.units] : []))])];
  const starts = [...new Set([0, ...sets.flat().flatMap(([from, to]) => [from, to + 1])])].filter((start) => start <= 0xffff).toSorted((a, b) => a - b);
  const bySets = new Map<string, number>();
  const samples: number[] = [];
  const ofRange = starts.map((start) => {
    const key = sets.map((set) => (hasUnit(set, start) ? '1' : '0')).join('');
    let symbol = bySets.get(key);
    if (symbol === undefined) {
      symbol = samples.push(start) - 1;
      bySets.set(key, symbol);
    }
    return symbol;
  });
  return { count: samples.length, starts: Uint16Array.from(starts), ofRange: Uint16Array.from(ofRange), samples };
}
