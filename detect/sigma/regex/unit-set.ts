import { foldCase } from '../fold-case.ts';

/** A set of UTF-16 units: ranges (both ends in it) in order, apart from each other. */
export type UnitSet = readonly UnitRange[];
export type UnitRange = readonly [from: number, to: number];

const LAST_UNIT = 0xffff;

export const EVERY_UNIT: UnitSet = [[0, LAST_UNIT]];
export const DIGITS: UnitSet = [[0x30, 0x39]];
export const WORD: UnitSet = [[0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]];
export const SPACES: UnitSet = [[0x09, 0x0d], [0x20, 0x20]];
export const LINE_FEED: UnitSet = [[0x0a, 0x0a]];

export function union(...sets: readonly UnitSet[]): UnitSet {
  const ranges: [number, number][] = [];
  for (const [from, to] of sets.flat().toSorted((a, b) => a[0] - b[0])) {
    const last = ranges.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else ranges.push([from, to]);
  }
  return ranges;
}

export function complement(set: UnitSet): UnitSet {
  const ranges: UnitRange[] = [];
  let from = 0;
  for (const [first, last] of set) {
    if (first > from) ranges.push([from, first - 1]);
    from = last + 1;
  }
  if (from <= LAST_UNIT) ranges.push([from, LAST_UNIT]);
  return ranges;
}

export function intersects(a: UnitSet, b: UnitSet): boolean {
  return a.some(([from, to]) => b.some(([first, last]) => from <= last && first <= to));
}

export function hasUnit(set: UnitSet, unit: number): boolean {
  let low = 0;
  let high = set.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const range = set[middle];
    if (range === undefined || unit < range[0]) high = middle;
    else if (unit > range[1]) low = middle + 1;
    else return true;
  }
  return false;
}

export function sizeOf(set: UnitSet): number {
  return set.reduce((size, [from, to]) => size + to - from + 1, 0);
}

/** The set with every unit that is equal to one of it without case. */
export function withoutCase(set: UnitSet): UnitSet {
  const cases = unitCases();
  const more: UnitRange[] = [];
  const add = (units: readonly number[]): void => {
    for (const unit of units) more.push([unit, unit]);
  };
  if (sizeOf(set) > FEW_UNITS) for (const units of cases.values()) if (units.some((unit) => hasUnit(set, unit))) add(units);
  if (sizeOf(set) <= FEW_UNITS) for (const [from, to] of set) for (let unit = from; unit <= to; unit++) add(cases.get(foldUnit(unit)) ?? []);
  return more.length === 0 ? set : union(set, more);
}

const FEW_UNITS = 256;

function foldUnit(unit: number): number {
  return foldCase(String.fromCharCode(unit)).charCodeAt(0);
}

let known: ReadonlyMap<number, readonly number[]> | undefined;

/** Units that are equal without case, by what they fold to; those that have no other case are left out. */
function unitCases(): ReadonlyMap<number, readonly number[]> {
  if (known !== undefined) return known;
  const all = new Map<number, number[]>();
  for (let unit = 0; unit <= LAST_UNIT; unit++) {
    const folded = foldUnit(unit);
    if (folded !== unit) all.set(folded, [...(all.get(folded) ?? [folded]), unit]);
  }
  return (known = all);
}
