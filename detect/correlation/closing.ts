import { closeWindows } from './closed.ts';
import type { CorrelationFinding } from './finding.ts';
import { tell } from './intake.ts';
import { clockKey, resized } from './memory.ts';
import type { Memory } from './memory.ts';
import type { Clock } from './shelf.ts';

/** Closes the windows of a clock that are over at a time. */
export function close(memory: Memory, clock: Clock, until: number, found: CorrelationFinding[]): void {
  for (let due = clock.due.first(); due !== undefined && due.dueMs <= until; due = clock.due.first()) {
    clock.due.shift();
    const { shelf, group, dueMs } = due;
    const { closed, bytes } = group;
    clock.passedMs = Math.max(clock.passedMs, dueMs);
    // It was put off, or brought forward, since.
    if (group.gone || closed?.dueMs !== dueMs) continue;
    const over = closeWindows(memory, shelf, group, closed, dueMs);
    resized(memory, shelf, group.bytes - bytes);
    for (const held of over) tell(memory, shelf, group.key, held, false, found);
  }
  clock.passedMs = Math.max(clock.passedMs, until);
}

/** In the order of the clocks' names, whichever began to wait first. */
export function closeAll(memory: Memory, untilOf: (clock: Clock) => number): readonly CorrelationFinding[] {
  const over = [...memory.waiting].filter((clock) => (clock.due.first()?.dueMs ?? Infinity) <= untilOf(clock));
  const keyed = over.map((clock) => ({ key: clockKey(clock.by, clock.site), clock })).toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const found: CorrelationFinding[] = [];
  for (const { clock } of keyed) close(memory, clock, untilOf(clock), found);
  return found;
}
