import type { Observation } from '../../contracts/observation.ts';
import type { KeyedCounts } from '../../contracts/keyed-stage.ts';

/**
 * Distinct sites a value was seen at, over sliding windows of event time.
 *
 * Time is cut into panes, ten to a window. A window starts at each pane in which the value was seen; it is reached once
 * its panes hold enough sites. Windows that start in the same stretch of one window's length are told once, by that
 * stretch. So what is told follows from the set of observations: one more can only reach more windows, and their order
 * changes nothing. A pane holds no more sites than reach a window, because with them each window over it is reached.
 *
 * What came more than the allowed lateness behind the newest observation is passed over. What no window of an
 * observation still to come can reach is let go of.
 */
export const PANES = 10;

export interface WindowLimits {
  /** Sites that reach a window. */
  readonly sites: number;
  readonly paneMs: number;
  readonly latenessMs: number;
  /** Values held at most. */
  readonly values: number;
}

/** The first observation of a site in a pane. */
export interface Mark {
  readonly site: string;
  readonly timestamp: number;
}

/** A window that was just reached: the stretch it starts in, and its sites by time. */
export interface Reached {
  readonly start: number;
  readonly marks: readonly Mark[];
}

export interface Windows {
  observe(observation: Observation): readonly Reached[];
  snapshot(): WindowsSnapshot;
  counts(): KeyedCounts;
}

/** Sites as indexes into `sites`, times within the pane. Values from the one seen longest ago to the last. */
export interface WindowsSnapshot {
  readonly newest: number;
  readonly late: number;
  readonly evicted: number;
  readonly sites: readonly string[];
  readonly values: readonly (readonly [value: string, told: readonly number[], panes: readonly (readonly [pane: number, ...siteAndMs: number[]])[]])[];
}

interface Seen {
  /** By pane, then by site: time of the first observation. */
  readonly panes: Map<number, Map<string, number>>;
  /** Stretches told, as their number. */
  readonly told: Set<number>;
}

/** Marks held on average by a value: bounds memory and snapshot when values have many. */
const MARKS_PER_VALUE = 8;

export function createWindows(limits: WindowLimits, snapshot?: WindowsSnapshot): Windows {
  const { sites, paneMs, latenessMs } = limits;
  /** In the order in which they were last seen. */
  const values = new Map<string, Seen>();
  let { newest, late, evicted } = snapshot ?? { newest: 0, late: 0, evicted: 0 };
  let marks = 0;
  for (const [value, seen] of restored(snapshot, paneMs)) {
    values.set(value, seen);
    marks += marksOf(seen);
  }

  /** The first pane that a window of an observation still to come can start in. */
  const horizon = (): number => Math.floor((newest - latenessMs) / paneMs) - PANES + 1;

  function forget(value: string, seen: Seen): void {
    values.delete(value);
    marks -= marksOf(seen);
  }

  /** Out of the oldest seen, those that are over; then, while there are too many, whatever comes first. */
  function makeRoom(): void {
    const first = horizon();
    for (const [value, seen] of values) {
      const full = values.size > limits.values || marks > limits.values * MARKS_PER_VALUE;
      const over = lastPane(seen) < first;
      if (!over && (!full || values.size === 1)) return;
      if (!over) evicted++;
      forget(value, seen);
    }
  }

  /** The value's own panes and stretches that are over. */
  function prune({ panes, told }: Seen): void {
    const first = horizon();
    for (const [pane, seen] of panes) {
      if (pane >= first) continue;
      panes.delete(pane);
      marks -= seen.size;
    }
    for (const stretch of told) if (stretch < Math.floor(first / PANES)) told.delete(stretch);
  }

  /** Windows over the pane that are reached and whose stretch was not told. */
  function reached({ panes, told }: Seen, pane: number): readonly Reached[] {
    const found: Reached[] = [];
    for (let start = pane - PANES + 1; start <= pane; start++) {
      const stretch = Math.floor(start / PANES);
      if (!panes.has(start) || told.has(stretch)) continue;
      const window = marksFrom(panes, start);
      if (window.length < sites) continue;
      told.add(stretch);
      found.push({ start: stretch * PANES * paneMs, marks: window });
    }
    return found;
  }

  return {
    observe({ value, site, timestamp }) {
      newest = Math.max(newest, timestamp);
      if (timestamp < newest - latenessMs) {
        late++;
        return [];
      }
      const seen = values.get(value) ?? { panes: new Map<number, Map<string, number>>(), told: new Set<number>() };
      values.delete(value);
      values.set(value, seen);
      prune(seen);
      const pane = Math.floor(timestamp / paneMs);
      const held = seen.panes.get(pane) ?? new Map<string, number>();
      seen.panes.set(pane, held);
      if (held.has(site) || held.size >= sites) return [];
      held.set(site, timestamp);
      marks++;
      makeRoom();
      return reached(seen, pane);
    },
    snapshot: () => ({ newest, late, evicted, ...written(values, paneMs) }),
    counts: () => ({ values: values.size, late, evicted }),
  };
}

function marksOf({ panes }: Seen): number {
  let marks = 0;
  for (const held of panes.values()) marks += held.size;
  return marks;
}

function lastPane({ panes }: Seen): number {
  return Math.max(-1, ...panes.keys());
}

/** The sites of a window, each with the first time it was seen, in the order of these. */
function marksFrom(panes: Seen['panes'], start: number): readonly Mark[] {
  const first = new Map<string, number>();
  for (let pane = start; pane < start + PANES; pane++) {
    for (const [site, timestamp] of panes.get(pane) ?? []) first.set(site, Math.min(timestamp, first.get(site) ?? Infinity));
  }
  return Array.from(first, ([site, timestamp]) => ({ site, timestamp })).toSorted((a, b) => a.timestamp - b.timestamp || (a.site < b.site ? -1 : 1));
}

function written(values: ReadonlyMap<string, Seen>, paneMs: number): Pick<WindowsSnapshot, 'sites' | 'values'> {
  const indexes = new Map<string, number>();
  const indexOf = (site: string): number => {
    const index = indexes.get(site) ?? indexes.size;
    indexes.set(site, index);
    return index;
  };
  const list = Array.from(values, ([value, { panes, told }]) => [
    value, [...told], Array.from(panes, ([pane, held]) => [pane, ...Array.from(held, ([site, timestamp]) => [indexOf(site), timestamp - pane * paneMs]).flat()] as const),
  ] as const);
  return { sites: [...indexes.keys()], values: list };
}

function* restored(snapshot: WindowsSnapshot | undefined, paneMs: number): Iterable<readonly [string, Seen]> {
  for (const [value, told, panes] of snapshot?.values ?? []) {
    const seen: Seen = { panes: new Map(), told: new Set(told) };
    for (const [pane, ...pairs] of panes) {
      const held = new Map<string, number>();
      for (let i = 0; i < pairs.length; i += 2) held.set(snapshot?.sites[pairs[i] ?? -1] ?? '', (pairs[i + 1] ?? 0) + pane * paneMs);
      seen.panes.set(pane, held);
    }
    yield [value, seen];
  }
}
