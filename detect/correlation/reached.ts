import { compacted } from './compaction.ts';
import { firstFrom, timeOf } from './entries.ts';
import { COMPACT_FIRST, dropFirst, keepOnly, sweepOf } from './group.ts';
import type { Group, ReachedState } from './group.ts';
import { windowOf } from './held.ts';
import type { Held } from './held.ts';
import { settledMs } from './memory.ts';
import type { Shelf } from './shelf.ts';
import { lookBack } from './sweep.ts';
import type { Sweep } from './sweep.ts';

/**
 * Windows that are told at once. A window ends at each entry, and holds all of the timespan before. Time is cut into
 * stretches of one timespan; of the windows that end in a stretch the first to hold is told, under the number of the
 * stretch. One more entry can only make more windows hold: so what is told follows from the entries, not from their order.
 *
 * Others are told of each window that holds, under the same id for all of a stretch.
 */
export function reachedBy(shelf: Shelf, group: Group, state: ReachedState, index: number): readonly Held[] {
  const { node } = shelf;
  const { length } = group.times;
  const held = length < node.test.least ? NOTHING : heldFrom(shelf, group, index, state);
  if (length >= COMPACT_FIRST && length >= state.compactAt && node.users.length === 0) {
    keepOnly(group, compacted(node, group, state.told));
    state.compactAt = Math.max(COMPACT_FIRST, 2 * group.times.length);
  }
  return held;
}

const NOTHING: readonly Held[] = [];

/** Lets go of entries that no window of what is on time, or of a new entry at `at`, can reach. */
export function prune(shelf: Shelf, group: Group, state: ReachedState, at: number): void {
  const { length } = group.times;
  // Each eighth time is often enough.
  if (length === 0 || (length & 7) !== 0) return;
  const { timespanMs } = shelf.node.rule;
  const from = Math.min(settledMs(shelf), at) - timespanMs + 1;
  if (timeOf(group, 0) >= from) return;
  dropFirst(group, firstFrom(group, from));
  if (state.told.length > 0) state.told = state.told.filter((stretch) => (stretch + 1) * timespanMs > from);
  if (state.passedOn.length > 0) state.passedOn = state.passedOn.filter((time) => time >= from);
}

/** Windows that the entry with this index is in, and that hold now. */
function heldFrom(shelf: Shelf, group: Group, index: number, state: ReachedState): readonly Held[] {
  const { node } = shelf;
  const { rule: { timespanMs }, test: { least } } = node;
  const held: Held[] = [];
  let sweep: Sweep | undefined;
  const { length } = group.times;
  const until = timeOf(group, index) + timespanMs;
  for (let last = index; last < length && timeOf(group, last) < until; last++) {
    const at = timeOf(group, last);
    if (last + 1 < length && timeOf(group, last + 1) === at) continue;
    const stretch = Math.floor(at / timespanMs);
    const told = node.told && !state.told.includes(stretch);
    const passedOn = node.users.length > 0 && state.passedOn.at(-1) !== at && !state.passedOn.includes(at);
    const leastFirst = last - least + 1;
    if (!(told || passedOn) || leastFirst < 0 || timeOf(group, leastFirst) <= at - timespanMs) continue;
    sweep ??= sweepOf(group, node);
    const from = lookBack(sweep, group, last, timespanMs);
    if (!sweep.measure.holds(from)) continue;
    held.push({ ...windowOf(group, sweep.low, last + 1, shelf), value: sweep.measure.value(from), place: stretch, told, passedOn });
    if (told) state.told.push(stretch);
    if (passedOn) state.passedOn.push(at);
  }
  return held;
}
