import type { CorrelationLimits } from './config.ts';
import { createDueQueue } from './due-queue.ts';
import type { CorrelationNode, Forest } from './forest.ts';
import { createGroup, dropFirst } from './group.ts';
import type { Group } from './group.ts';
import type { Clock, Shelf } from './shelf.ts';

/** All that correlations remember. Its orders are part of it: they decide what is told and forgotten first. */
export interface Memory {
  readonly limits: CorrelationLimits;
  readonly clocks: Map<string, Clock>;
  readonly shelves: Set<Shelf>;
  /** Clocks under which windows are open, from the one waiting longest. */
  readonly waiting: Set<Clock>;
  groups: number;
  bytes: number;
  /** Groups with a window that is open. */
  open: number;
  late: number;
  evicted: number;
  /** Unix ms of receipt: the newest seen, and how far `advance` came. */
  seenMs: number;
  advancedMs: number;
  /** When the memory was last looked through for what is over, and the groups made since. */
  sweptMs: number;
  made: number;
}

/** Groups made, at least, between two looks through the memory. */
const SWEEP_GROUPS = 1_024;
const SWEEP_MS = 300_000;
/** A group may take this share of the bytes; beyond, it loses the older half of its entries. */
const MOST_SHARE = 8;
/** Room is made for this part of the limits, as a power of two. */
const ROOM = 7;

export function createMemory(limits: CorrelationLimits): Memory {
  return { limits, clocks: new Map(), shelves: new Set(), waiting: new Set(), groups: 0, bytes: 0, open: 0, late: 0, evicted: 0, seenMs: 0, advancedMs: 0, sweptMs: 0, made: 0 };
}

/** A site has one clock, whatever `by` is; no site's name begins with a line feed. */
export function clockKey(by: string, site: string): string {
  return site === '' ? `\n${by}` : site;
}

/** The clock, as far as silence has moved it on. */
export function clockOf(memory: Memory, by: string, site: string): Clock {
  const key = clockKey(by, site);
  const known = memory.clocks.get(key);
  if (known !== undefined) {
    passSilence(memory, known);
    return known;
  }
  const clock: Clock = { by, site, newestMs: -Infinity, receivedMs: -Infinity, passedMs: -Infinity, due: createDueQueue(), open: 0, shelves: new Map() };
  memory.clocks.set(key, clock);
  return clock;
}

/** Who was not heard of for long is taken to be where everybody is. */
export function passSilence({ limits, advancedMs }: Memory, clock: Clock): void {
  if (advancedMs - clock.receivedMs > limits.idleMs) clock.newestMs = Math.max(clock.newestMs, advancedMs - limits.idleMs);
}

/** What comes before it is late. */
export function watermark({ limits }: Memory, clock: Clock): number {
  return clock.newestMs - limits.latenessMs;
}

/** What a correlation may still count is not before it. */
export function settledMs({ clock, node }: Shelf): number {
  return clock.passedMs - node.delayMs;
}

export function shelfOf(memory: Memory, clock: Clock, node: CorrelationNode): Shelf {
  const known = clock.shelves.get(node.rule.id);
  if (known !== undefined) return known;
  const shelf: Shelf = { clock, node, groups: new Map(), bytes: 0 };
  clock.shelves.set(node.rule.id, shelf);
  memory.shelves.add(shelf);
  return shelf;
}

export function groupOf(memory: Memory, shelf: Shelf, key: string): Group {
  const known = shelf.groups.get(key);
  if (known !== undefined) {
    known.fresh = true;
    return known;
  }
  memory.made++;
  const group = createGroup(key, shelf);
  addGroup(memory, shelf, group);
  return group;
}

export function addGroup(memory: Memory, shelf: Shelf, group: Group): void {
  shelf.groups.set(group.key, group);
  memory.groups++;
  resized(memory, shelf, group.bytes);
}

export function resized(memory: Memory, shelf: Shelf, bytes: number): void {
  shelf.bytes += bytes;
  memory.bytes += bytes;
}

/** When a group's next window is over; Infinity: none is open. */
export function setDue(memory: Memory, shelf: Shelf, group: Group, dueMs: number): void {
  const { closed } = group;
  const { clock } = shelf;
  if (closed === undefined || closed.dueMs === dueMs) return;
  const more = Number(dueMs < Infinity) - Number(closed.dueMs < Infinity);
  memory.open += more;
  clock.open += more;
  closed.dueMs = dueMs;
  if (dueMs < Infinity) clock.due.push({ dueMs, shelf, group });
  if (clock.open > 0) memory.waiting.add(clock);
  else stopWaiting(memory, clock);
}

/** Windows that were put off leave their former times behind. */
function stopWaiting(memory: Memory, clock: Clock): void {
  clock.due.clear();
  memory.waiting.delete(clock);
}

function removeGroup(memory: Memory, shelf: Shelf, group: Group): void {
  setDue(memory, shelf, group, Infinity);
  group.gone = true;
  shelf.groups.delete(group.key);
  memory.groups--;
  resized(memory, shelf, -group.bytes);
}

/** Everything the shelf holds. */
function removeShelf(memory: Memory, shelf: Shelf): void {
  for (const group of shelf.groups.values()) removeGroup(memory, shelf, group);
  memory.shelves.delete(shelf);
  shelf.clock.shelves.delete(shelf.node.rule.id);
}

/** From here on the rules of `forest` hold: what is remembered of others is let go of. */
export function keepRules(memory: Memory, forest: Forest): void {
  for (const shelf of memory.shelves) {
    const node = forest.get(shelf.clock.by)?.nodes.get(shelf.node.rule.id);
    if (node?.rule.hash === shelf.node.rule.hash) shelf.node = node;
    else removeShelf(memory, shelf);
  }
  // Their order is that of the rules.
  for (const { due } of memory.clocks.values()) due.clear();
  for (const shelf of memory.shelves) {
    for (const group of shelf.groups.values()) if (group.closed !== undefined && group.closed.dueMs < Infinity) shelf.clock.due.push({ dueMs: group.closed.dueMs, shelf, group });
  }
}

/** Whether no window of what is still to come can reach the group. What came late counts from when it came. */
function isOver(memory: Memory, shelf: Shelf, { times, closed, seenS }: Group): boolean {
  const before = settledMs(shelf);
  const { timespanMs } = shelf.node.rule;
  const last = times.at(-1);
  if (closed !== undefined) return last === undefined && closed.toldUntil <= before;
  return last === undefined || (last < before - timespanMs && Math.max(memory.seenMs, memory.advancedMs) - seenS * 1_000 > timespanMs);
}

/** Looks through the memory for what is over. */
function forgetOver(memory: Memory): void {
  memory.made = 0;
  memory.sweptMs = memory.advancedMs;
  for (const shelf of memory.shelves) {
    passSilence(memory, shelf.clock);
    if (shelf.clock.open === 0) shelf.clock.passedMs = watermark(memory, shelf.clock);
    for (const group of shelf.groups.values()) if (isOver(memory, shelf, group)) removeGroup(memory, shelf, group);
    if (shelf.groups.size === 0) removeShelf(memory, shelf);
  }
  const silentMs = Math.max(memory.seenMs, memory.advancedMs) - CLOCK_MS;
  for (const [key, { shelves, receivedMs }] of memory.clocks) if (shelves.size === 0 && receivedMs < silentMs) memory.clocks.delete(key);
}

/** How long a clock without groups is kept, to tell what is late. */
const CLOCK_MS = 86_400_000;

/** Not often enough to cost. Shelves that are empty are gone afterwards. */
export function forgetOverNowAndThen(memory: Memory): void {
  if ((memory.made >= SWEEP_GROUPS && 2 * memory.made >= memory.groups) || memory.advancedMs - memory.sweptMs >= SWEEP_MS) forgetOver(memory);
}

/** Keeps the limits. Of the group that was just seen the newest entries stay, whatever happens. */
export function makeRoom(memory: Memory, own: Shelf, seen: Group): void {
  const { limits } = memory;
  if (seen.bytes > limits.bytes / MOST_SHARE && seen.times.length > 1) {
    memory.evicted++;
    const before = seen.bytes;
    dropFirst(seen, seen.times.length >> 1);
    resized(memory, own, seen.bytes - before);
  }
  if (memory.groups > limits.groups) shrink(memory, own, seen, ({ groups }) => groups.size, () => memory.groups > limits.groups - (limits.groups >> ROOM));
  if (memory.bytes > limits.bytes) shrink(memory, own, seen, ({ bytes }) => bytes, () => memory.bytes > limits.bytes - (limits.bytes >> ROOM));
}

/** Those that take more than their share give it up: first who wants more, then from the fullest on. Makes some room at once: to look at all shelves costs more than to forget. */
function shrink(memory: Memory, own: Shelf, seen: Group, sizeOf: (shelf: Shelf) => number, isFull: () => boolean): void {
  let total = 0;
  for (const shelf of memory.shelves) total += sizeOf(shelf);
  const average = Math.floor(total / memory.shelves.size);
  const share = average - (average >> ROOM) - 1;
  const over = [...memory.shelves].filter((shelf) => shelf !== own && sizeOf(shelf) > share).toSorted((a, b) => sizeOf(b) - sizeOf(a));
  for (const shelf of [own, ...over]) while (isFull() && sizeOf(shelf) > share && forgetOne(memory, shelf, seen));
}

/** The group seen longest ago; one seen since it was last passed over is passed over once more. False when there is no other. */
function forgetOne(memory: Memory, shelf: Shelf, keep: Group): boolean {
  for (const group of shelf.groups.values()) {
    if (group === keep) continue;
    if (group.fresh) {
      group.fresh = false;
      shelf.groups.delete(group.key);
      shelf.groups.set(group.key, group);
      continue;
    }
    if (!isOver(memory, shelf, group)) memory.evicted++;
    removeGroup(memory, shelf, group);
    return true;
  }
  return false;
}
