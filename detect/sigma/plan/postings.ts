/** Lists of numbers by index, in two flat arrays: tens of thousands of small arrays would cost several times the memory. */
export interface Postings {
  /** Where the list of index i begins in `items`; its end is that of the next one's begin. */
  readonly starts: Uint32Array;
  readonly items: Uint32Array;
}

export function createPostings(lists: readonly (readonly number[])[]): Postings {
  const starts = new Uint32Array(lists.length + 1);
  for (const [i, list] of lists.entries()) starts[i + 1] = (starts[i] ?? 0) + list.length;
  const items = new Uint32Array(starts[lists.length] ?? 0);
  for (const [i, list] of lists.entries()) items.set(list, starts[i]);
  return { starts, items };
}

/** The lists the other way round: for each number below `count` the indexes whose list holds it. */
export function invert({ starts, items }: Postings, count: number): Postings {
  const lists: number[][] = Array.from({ length: count }, () => []);
  for (let i = 0; i + 1 < starts.length; i++) for (const item of items.subarray(starts[i], starts[i + 1])) lists[item]?.push(i);
  return createPostings(lists);
}
