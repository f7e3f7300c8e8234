import { createTally } from './distinct.ts';
import { compares } from './measure.ts';
import type { Comparisons, Measure } from './measure.ts';

/** Rules that must have been seen one after the other, and rules that must not have been seen at all. */
export interface Alternative {
  /** Places in the author's order. */
  readonly needed: readonly number[];
  readonly unwanted: readonly number[];
}

/** When the latest chain of each length began that ends before the newest time (`before`), or at it too (`now`). */
interface Chains {
  readonly before: number[];
  readonly now: number[];
}

function chains(length: number): Chains {
  return { before: Array<number>(length).fill(-Infinity), now: Array<number>(length).fill(-Infinity) };
}

function pass({ before, now }: Chains): void {
  for (const [i, start] of now.entries()) before[i] = start;
}

function forget({ before, now }: Chains): void {
  before.fill(-Infinity);
  now.fill(-Infinity);
}

/** Whether the rules of some alternative were seen one after the other, each later than the one before. */
export function orderedMeasure(alternatives: readonly Alternative[]): Measure {
  const { counts, ...tally } = createTally();
  const all = alternatives.map((alternative) => ({ ...alternative, chains: chains(alternative.needed.length) }));
  let newest = -Infinity;
  return {
    forward: true,
    add(mark, at) {
      tally.add(mark);
      if (at > newest) for (const one of all) pass(one.chains);
      newest = at;
      for (const { needed, chains: { before, now } } of all) {
        const place = needed.indexOf(Number(mark));
        if (place >= 0) now[place] = Math.max(now[place] ?? -Infinity, place === 0 ? at : (before[place - 1] ?? -Infinity));
      }
    },
    remove: (mark) => void tally.remove(mark),
    clear() {
      tally.clear();
      for (const one of all) forget(one.chains);
      newest = -Infinity;
    },
    holds: (from) => counts.size > 0 && all.some(({ needed, unwanted, chains: { now } }) => (needed.length === 0 || (now[needed.length - 1] ?? -Infinity) >= from) && !unwanted.some((place) => counts.has(place))),
    value: () => counts.size,
  };
}

/** How many different rules were seen one after the other, in the author's order though not all of them. */
export function orderedCountMeasure(comparisons: Comparisons, rules: number): Measure {
  /** Of each rule: the chains that end with it. */
  const endingWith = Array.from({ length: rules }, () => chains(rules));
  let newest = -Infinity;
  let entries = 0;
  const longest = (from: number): number => {
    let length = 0;
    for (const { now } of endingWith) for (let i = length; i < rules; i++) if ((now[i] ?? -Infinity) >= from) length = i + 1;
    return length;
  };
  return {
    forward: true,
    add(mark, at) {
      entries++;
      if (at > newest) endingWith.forEach(pass);
      newest = at;
      const now = endingWith[Number(mark)]?.now ?? [];
      now[0] = at;
      for (let place = 0; place < Number(mark); place++) {
        for (const [i, start] of (endingWith[place]?.before ?? []).entries()) if (i + 1 < rules) now[i + 1] = Math.max(now[i + 1] ?? -Infinity, start);
      }
    },
    remove: () => void entries--,
    clear() {
      endingWith.forEach(forget);
      newest = -Infinity;
      entries = 0;
    },
    holds: (from) => entries > 0 && compares(comparisons, longest(from)),
    value: longest,
  };
}
