import { firstFrom, timeOf } from './entries.ts';
import { dropFirst, sweepOf } from './group.ts';
import type { ClosedState, Group } from './group.ts';
import { windowOf } from './held.ts';
import type { Held } from './held.ts';
import type { Memory } from './memory.ts';
import { setDue } from './memory.ts';
import type { Shelf } from './shelf.ts';
import { lookAhead } from './sweep.ts';

/** When the next window of the group is over follows from its first entry. */
export function openWindow(memory: Memory, shelf: Shelf, group: Group): void {
  const { rule: { timespanMs }, delayMs } = shelf.node;
  setDue(memory, shelf, group, group.times.length === 0 ? Infinity : timeOf(group, 0) + timespanMs + delayMs);
}

/**
 * Windows that are told once they are over. A window begins at each entry and lasts one timespan; one that lies whole in
 * another, because nothing comes after that one's end, is no window of its own. So three events are three, not also
 * two and one. Windows are looked at in order of time, once the watermark has passed their end; after one was told, the
 * next that can be told begins when it was over.
 *
 * Gives those to be told that are over at `until`. What they alone held is let go of.
 */
export function closeWindows(memory: Memory, shelf: Shelf, group: Group, state: ClosedState, until: number): readonly Held[] {
  const { node } = shelf;
  const { rule: { timespanMs }, delayMs } = node;
  const held: Held[] = [];
  const sweep = sweepOf(group, node);
  const count = group.times.length;
  let first = 0;
  while (first < count) {
    const start = timeOf(group, first);
    if (start + timespanMs + delayMs > until) break;
    const end = firstFrom(group, start + timespanMs);
    // In range: the window holds its first entry.
    const lastAt = timeOf(group, end - 1);
    if (lastAt > state.lastEnd && start >= state.toldUntil) {
      lookAhead(sweep, group, first, start + timespanMs);
      if (sweep.measure.holds(start)) {
        held.push({ ...windowOf(group, first, end, shelf), value: sweep.measure.value(start), place: start, told: node.told, passedOn: node.users.length > 0 });
        state.toldUntil = start + timespanMs;
      }
    }
    state.lastEnd = Math.max(state.lastEnd, lastAt);
    while (first < count && timeOf(group, first) === start) first++;
  }
  dropFirst(group, first);
  openWindow(memory, shelf, group);
  return held;
}
