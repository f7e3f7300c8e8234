import { openWindow } from './closed.ts';
import type { CorrelationLimits } from './config.ts';
import { markOf } from './entries.ts';
import type { Forest } from './forest.ts';
import { createGroup, enter } from './group.ts';
import type { Group } from './group.ts';
import { addGroup, clockOf, createMemory, shelfOf } from './memory.ts';
import type { Memory } from './memory.ts';
import { isAlone } from './shelf.ts';
import type { Clock, Shelf } from './shelf.ts';

/** Memory as JSON, in the orders it has. Infinities are null. */
export interface MemorySnapshot {
  readonly late: number;
  readonly evicted: number;
  readonly seenMs: number;
  readonly advancedMs: number;
  readonly sweptMs: number;
  readonly made: number;
  readonly clocks: readonly (readonly [by: string, site: string, newestMs: number | null, receivedMs: number | null, passedMs: number | null])[];
  /** Site names of entries under clocks of all sites. */
  readonly sites: readonly string[];
  readonly shelves: readonly { readonly clock: number; readonly rule: string; readonly hash: string; readonly groups: readonly GroupSnapshot[] }[];
}

/** Times of entries are relative to `base`. An entry has 3 parts, under a clock of all sites 4. */
type GroupSnapshot = readonly [
  key: string, fresh: 0 | 1, seenS: number, base: number, entries: readonly (string | number)[],
  state: readonly [told: readonly number[], passedOn: readonly number[], compactAt: number] | readonly [toldUntil: number | null, lastEnd: number | null],
];

function finite(number: number): number | null {
  return Number.isFinite(number) ? number : null;
}

export function writtenMemory({ clocks, shelves, late, evicted, seenMs, advancedMs, sweptMs, made }: Memory): MemorySnapshot {
  const clockIndexes = new Map<Clock, number>([...clocks.values()].map((clock, index) => [clock, index]));
  const sites = new Map<string, number>();
  const siteIndex = (site: string): number => {
    const index = sites.get(site) ?? sites.size;
    sites.set(site, index);
    return index;
  };
  return {
    late, evicted, seenMs, advancedMs, sweptMs, made,
    clocks: [...clocks.values()].map(({ by, site, newestMs, receivedMs, passedMs }) => [by, site, finite(newestMs), finite(receivedMs), finite(passedMs)]),
    shelves: Array.from(shelves, (shelf) => ({
      clock: clockIndexes.get(shelf.clock) ?? -1, rule: shelf.node.rule.id, hash: shelf.node.rule.hash,
      groups: Array.from(shelf.groups.values(), (group) => writtenGroup(group, siteIndex)),
    })),
    // After the shelves, which fill it.
    sites: [...sites.keys()],
  };
}

function writtenGroup(group: Group, siteIndex: (site: string) => number): GroupSnapshot {
  const { key, fresh, seenS, times, leaves, sites, reached, closed } = group;
  const base = times[0] ?? 0;
  const flat: (string | number)[] = [];
  for (const [i, at] of times.entries()) {
    // Columns are of equal length.
    flat.push(at - base, leaves[i]!, markOf(group, i));
    if (sites !== undefined) flat.push(siteIndex(sites[i]!));
  }
  const state = reached === undefined
    ? [finite(closed?.toldUntil ?? -Infinity), finite(closed?.lastEnd ?? -Infinity)] as const
    : [reached.told, reached.passedOn, reached.compactAt] as const;
  return [key, fresh ? 1 : 0, seenS, base, flat, state];
}

/** What of a snapshot belongs to rules that are there, unchanged. */
export function restoreMemory(snapshot: MemorySnapshot, limits: CorrelationLimits, forest: Forest): Memory {
  const { late, evicted, seenMs, advancedMs, sweptMs, made, sites } = snapshot;
  const memory: Memory = { ...createMemory(limits), late, evicted, seenMs, advancedMs: 0, sweptMs, made };
  const clocks = snapshot.clocks.map(([by, site, newestMs, receivedMs, passedMs]) => Object.assign(clockOf(memory, by, site), { newestMs: newestMs ?? -Infinity, receivedMs: receivedMs ?? -Infinity, passedMs: passedMs ?? -Infinity }));
  memory.advancedMs = advancedMs;
  for (const { clock: index, rule, hash, groups } of snapshot.shelves) {
    const clock = clocks[index];
    const node = clock === undefined ? undefined : forest.get(clock.by)?.nodes.get(rule);
    if (clock === undefined || node?.rule.hash !== hash) continue;
    const shelf = shelfOf(memory, clock, node);
    for (const written of groups) restoreGroup(memory, shelf, written, (site) => sites[site] ?? '');
  }
  return memory;
}

function restoreGroup(memory: Memory, shelf: Shelf, [key, fresh, seenS, base, flat, state]: GroupSnapshot, siteName: (index: number) => string): void {
  const group = createGroup(key, shelf);
  const alone = isAlone(shelf);
  group.fresh = fresh === 1;
  group.seenS = seenS;
  for (let i = 0; i < flat.length; i += alone ? 3 : 4) enter(group, base + Number(flat[i]), Number(flat[i + 1]), flat[i + 2] ?? 0, alone ? '' : siteName(Number(flat[i + 3])));
  addGroup(memory, shelf, group);
  if (group.reached !== undefined && state.length === 3) Object.assign(group.reached, { told: [...state[0]], passedOn: [...state[1]], compactAt: state[2] });
  if (group.closed === undefined || state.length !== 2) return;
  group.closed.toldUntil = state[0] ?? -Infinity;
  group.closed.lastEnd = state[1] ?? -Infinity;
  openWindow(memory, shelf, group);
}
