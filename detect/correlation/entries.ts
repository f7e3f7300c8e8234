/** What the measure looks at: a value, a rule's place among the correlation's rules, or which event it is. */
export type Mark = string | number;

/**
 * What a group keeps of its observations, in columns: an object for each would take twice the memory, and most of
 * the time would go to moving them about. In order of time; of equal times in the order they came.
 */
export interface Entries {
  /** Event times, whole Unix ms. */
  times: number[];
  leaves: number[];
  /** Undefined where nothing is looked at; each mark is 0 then. */
  marks: Mark[] | undefined;
  /** Undefined where all are of the clock's site. */
  sites: string[] | undefined;
}

// Indexes that are handed in are in range.

export function timeOf({ times }: Entries, index: number): number {
  return times[index]!;
}

export function markOf({ marks }: Entries, index: number): Mark {
  return marks === undefined ? 0 : marks[index]!;
}

export function siteOf({ sites }: Entries, index: number, clockSite: string): string {
  return sites === undefined ? clockSite : sites[index]!;
}

/** Index of the first entry at `at` or later. */
export function firstFrom({ times }: Entries, at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Puts an entry behind those of its time. Returns its index. */
export function insertEntry(entries: Entries, at: number, leaf: number, mark: Mark, site: string): number {
  const { times, leaves, marks, sites } = entries;
  const last = times.length - 1;
  if (last < 0 || times[last]! <= at) {
    times.push(at);
    leaves.push(leaf);
    marks?.push(mark);
    sites?.push(site);
    return last + 1;
  }
  const index = firstFrom(entries, at + 1);
  times.splice(index, 0, at);
  leaves.splice(index, 0, leaf);
  marks?.splice(index, 0, mark);
  sites?.splice(index, 0, site);
  return index;
}

export function dropEntries({ times, leaves, marks, sites }: Entries, count: number): void {
  for (const column of [times, leaves, marks, sites]) column?.splice(0, count);
}

/** Keeps the entries with these indexes, which rise. */
export function keepEntries(entries: Entries, kept: readonly number[]): void {
  const { times, leaves, marks, sites } = entries;
  entries.times = kept.map((index) => times[index]!);
  entries.leaves = kept.map((index) => leaves[index]!);
  entries.marks = marks && kept.map((index) => marks[index]!);
  entries.sites = sites && kept.map((index) => sites[index]!);
}
