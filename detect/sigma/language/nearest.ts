/** What was probably meant: the candidate with the fewest edits, if they are few for its length. */
export function nearest(written: string, candidates: Iterable<string>): string | undefined {
  if (written.length > MOST_UNITS) return undefined;
  const folded = written.toLowerCase();
  let best: string | undefined;
  let fewest = Math.max(1, Math.floor(written.length / 3)) + 1;
  let tried = 0;
  for (const candidate of candidates) {
    if (++tried > MOST_CANDIDATES) break;
    if (candidate === written || Math.abs(candidate.length - written.length) >= fewest) continue;
    const distance = edits(folded, candidate.toLowerCase(), fewest);
    if (distance < fewest) {
      fewest = distance;
      best = candidate;
    }
  }
  return best;
}

/** A hint: `did you mean …?`, or what is expected when nothing is near. Worked out when it is needed. */
export function didYouMean(written: string, candidates: Iterable<string>, otherwise?: string): () => string | undefined {
  return () => {
    const near = nearest(written, candidates);
    return near === undefined ? otherwise : `did you mean \`${near}\`?`;
  };
}

const MOST_UNITS = 80;
const MOST_CANDIDATES = 5000;

/** Insertions, deletions, replacements and swaps of neighbours; `limit` when there are as many or more. */
export function edits(a: string, b: string, limit: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, at(beforeLast, j - 2) + 1);
      row.push(cost);
      if (cost < least) least = cost;
    }
    if (least >= limit) return limit;
    beforeLast = last;
    last = row;
  }
  return Math.min(limit, at(last, b.length));
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
