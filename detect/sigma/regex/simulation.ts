import type { Automaton, State, Symbols } from './automaton.ts';
import type { Assertion } from './regex-node.ts';
import { hasUnit, LINE_FEED, WORD } from './unit-set.ts';

/** States at a place of a text, before what costs nothing was followed, and what stands before the place. */
export interface Kernel {
  readonly states: readonly number[];
  readonly before: Before;
}

type Before = 'start' | 'line feed' | 'word' | 'other';

export const START: Kernel = { states: [], before: 'start' };
export const FOUND: unique symbol = Symbol('found');

/** An automaton walking over a text. Beside the automaton's symbols there are two: a line feed that ends the text, and the end. */
export interface Simulation {
  readonly symbols: Symbols;
  readonly finalLineFeed: number;
  readonly end: number;
  /** Over one symbol. undefined: the pattern cannot be found any more. */
  readonly step: (kernel: Kernel, symbol: number) => Kernel | typeof FOUND | undefined;
}

export function symbolOf({ starts, ofRange }: Symbols, unit: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((starts[middle] ?? 0) <= unit) low = middle;
    else high = middle - 1;
  }
  return ofRange[low] ?? 0;
}

export function createSimulation({ states, entry, anchored, symbols }: Automaton): Simulation {
  const finalLineFeed = symbols.count;
  const end = symbols.count + 1;
  const placed = states.some((state) => state.kind === 'place');
  const seen = new Uint32Array(states.length);
  const reached = new Uint32Array(states.length);
  const pending = new Int32Array(states.length * 2 + 1);
  let round = 0;

  /** Follows what costs nothing; what goes on over `unit` is added to `next`. Whether the pattern is found. */
  function follow(count: number, place: Place, next: number[]): boolean {
    let left = count;
    while (left > 0) {
      const index = pending[--left] ?? 0;
      if (seen[index] === round) continue;
      seen[index] = round;
      const state = states[index] as State; // an index out of the automaton
      if (state.kind === 'found') return true;
      if (state.kind === 'fork') {
        pending[left++] = state.next;
        pending[left++] = state.other;
      } else if (state.kind === 'place') {
        if (isAt(state.what, place)) pending[left++] = state.next;
      } else if (place.unit >= 0 && reached[state.next] !== round && hasUnit(state.units, place.unit)) {
        reached[state.next] = round;
        next.push(state.next);
      }
    }
    return false;
  }

  function step(kernel: Kernel, symbol: number): Kernel | typeof FOUND | undefined {
    round++;
    let count = 0;
    for (const state of kernel.states) pending[count++] = state;
    if (!anchored || kernel.before === 'start') pending[count++] = entry;
    const unit = symbol === end ? -1 : symbol === finalLineFeed ? 0x0a : (symbols.samples[symbol] ?? 0);
    const next: number[] = [];
    if (follow(count, { before: kernel.before, unit, isEnd: symbol === end, isFinalLineFeed: symbol === finalLineFeed }, next)) return FOUND;
    if (symbol === end || (anchored && next.length === 0)) return undefined;
    return { states: next.toSorted((a, b) => a - b), before: placed ? beforeOf(unit) : 'other' };
  }

  return { symbols, finalLineFeed, end, step };
}

/** Where a walk stands: what is before, and the unit ahead (-1 at the end). */
interface Place {
  readonly before: Before;
  readonly unit: number;
  readonly isEnd: boolean;
  readonly isFinalLineFeed: boolean;
}

function isAt(what: Assertion, { before, unit, isEnd, isFinalLineFeed }: Place): boolean {
  switch (what) {
    case 'start': return before === 'start';
    case 'end': return isEnd;
    case 'end-line': return isEnd || isFinalLineFeed;
    case 'line-start': return before === 'start' || (before === 'line feed' && !isEnd);
    case 'line-end': return isEnd || unit === 0x0a;
    case 'word': return (before === 'word') !== hasUnit(WORD, unit);
    case 'not-word': return (before === 'word') === hasUnit(WORD, unit);
    default: return what satisfies never;
  }
}

function beforeOf(unit: number): Before {
  if (hasUnit(LINE_FEED, unit)) return 'line feed';
  return hasUnit(WORD, unit) ? 'word' : 'other';
}
