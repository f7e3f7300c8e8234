import type { ScopeTimes, Silence } from './scope-store.ts';

/** Width of the time slices in which events are counted. */
export const SLICE_MS = 300_000;
/** How long before the window slices are counted, too: what is usual. */
export const USUAL_MS = 7 * 86_400_000;

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Events that chance does not leave out, even where they come in bursts. */
const LEAST_EXPECTED = 50;
const SHORTEST_MS = 3 * SLICE_MS;
/** Days from which on there is something usual. */
const LEAST_DAYS = 2;

/** Slices of a stream in which events happened, and how many. `slice` counts from 1970. */
export interface EventSlice {
  readonly stream: string;
  readonly slice: number;
  readonly events: number;
}

/** Times of the window in which a stream told nothing though it usually does. */
export function silencesIn(slices: readonly EventSlice[], times: ScopeTimes): readonly Silence[] {
  return [...Map.groupBy(slices, ({ stream }) => stream)].flatMap(([stream, own]) => {
    const inOrder = own.toSorted((a, b) => a.slice - b.slice);
    const [first, last] = [inOrder[0], inOrder.at(-1)];
    if (first === undefined || last === undefined || (last.slice - first.slice) * SLICE_MS < LEAST_DAYS * DAY_MS) return [];
    const usual = usualByHour(inOrder);
    const ends = [...inOrder, { stream, slice: Math.floor(times.toMs / SLICE_MS), events: 0 }];
    return ends.flatMap((end, i): readonly Silence[] => {
      const fromMs = ((ends[i - 1]?.slice ?? end.slice) + 1) * SLICE_MS;
      const toMs = end.slice * SLICE_MS;
      if (toMs - fromMs < SHORTEST_MS || toMs <= times.fromMs || fromMs >= times.toMs) return [];
      const expected = expectedIn(usual, fromMs, toMs);
      return expected < LEAST_EXPECTED ? [] : [{ stream, fromMs, toMs, expected: Math.round(expected) }];
    });
  });
}

/** Mean events of each hour of the day, over the days from first to last. */
function usualByHour(slices: readonly EventSlice[]): readonly number[] {
  const totals = Array.from({ length: 24 }, () => 0);
  for (const { slice, events } of slices) {
    const hour = Math.floor((slice * SLICE_MS) / HOUR_MS) % 24;
    totals[hour] = (totals[hour] ?? 0) + events;
  }
  const days = Math.max(1, (((slices.at(-1)?.slice ?? 0) - (slices[0]?.slice ?? 0) + 1) * SLICE_MS) / DAY_MS);
  return totals.map((total) => total / days);
}

/** Whole days at once: a stream may have been silent for years. */
function expectedIn(usual: readonly number[], fromMs: number, toMs: number): number {
  const days = Math.floor((toMs - fromMs) / DAY_MS);
  let expected = days * usual.reduce((sum, one) => sum + one, 0);
  for (let at = fromMs + days * DAY_MS; at < toMs; ) {
    const next = Math.min(toMs, (Math.floor(at / HOUR_MS) + 1) * HOUR_MS);
    expected += ((next - at) / HOUR_MS) * (usual[Math.floor(at / HOUR_MS) % 24] ?? 0);
    at = next;
  }
  return expected;
}
