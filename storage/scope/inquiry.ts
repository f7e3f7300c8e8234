import type { Entity, ScopeLink, ScopeRequest } from '../../contracts/scope.ts';
import { entitiesOf, entitiesOfPresence, entityKey } from './entity.ts';
import type { Presence, ScopeStore, ScopeTimes, ScopeView, StoredAct } from './scope-store.ts';

/** How long before the window an account's, key's or address's habits are looked up. */
const HABIT_MS = 90 * 86_400_000;

export const MOST_FOLLOWED = 10_000;
export const MOST_DEEDS = 200_000;
/** Presences of one look-up. */
const MOST_PRESENCES = 20_000;
/** Leaves whose program is looked up in one round. */
const MOST_AGENTS = 10_000;

/** An entity that something leads to, by the best way known. */
export interface Node {
  readonly link: ScopeLink;
  readonly followed: boolean;
}

/** All that is known so far of one breach. It only grows while links are followed. */
export interface Inquiry {
  readonly store: ScopeStore;
  readonly view: ScopeView;
  readonly request: ScopeRequest;
  readonly times: ScopeTimes;
  /** The times and those before them that habits are taken from. */
  readonly habitTimes: ScopeTimes;
  readonly innocent: ReadonlySet<string>;
  /** By who and where, see `presenceKey`; in the order of their first events. */
  readonly presences: Map<string, Presence>;
  /** The same by each of their columns. */
  by: PresenceIndex;
  readonly deeds: Map<number, StoredAct>;
  readonly agents: Map<number, string>;
  /** When a plugin first acted or a host was first called; undefined: never. */
  readonly firstUses: Map<string, number | undefined>;
  /** Look-ups that were made. */
  readonly asked: Set<string>;
  /** Acts the seed stands for when it is an alert. */
  readonly alertActs: readonly StoredAct[];
  nodes: ReadonlyMap<string, Node>;
  truncated: boolean;
}

type PresenceColumn = 'actor' | 'session' | 'key' | 'address';
type PresenceIndex = Readonly<Record<PresenceColumn, ReadonlyMap<string, readonly Presence[]>>>;

function indexOf(presences: readonly Presence[]): PresenceIndex {
  const by = (column: PresenceColumn): ReadonlyMap<string, readonly Presence[]> => Map.groupBy(presences, (one) => one[column]);
  return { actor: by('actor'), session: by('session'), key: by('key'), address: by('address') };
}

/** Presences known so far that have this value. */
export function presencesBy({ by }: Inquiry, column: PresenceColumn, value: string): readonly Presence[] {
  return by[column].get(value) ?? [];
}

export async function beginInquiry(store: ScopeStore, view: ScopeView, request: ScopeRequest): Promise<Inquiry> {
  const { seed, fromMs, toMs } = request;
  const leaves = seed.kind === 'alert' ? ((await store.alertLeaves(view, seed.value)) ?? []) : [];
  return {
    store, view, request, times: { fromMs, toMs }, habitTimes: { fromMs: fromMs - HABIT_MS, toMs },
    innocent: new Set((request.innocent ?? []).map(entityKey)),
    presences: new Map(), by: indexOf([]), deeds: new Map(), agents: new Map(), firstUses: new Map(), asked: new Set(), nodes: new Map(), truncated: false,
    alertActs: leaves.length === 0 ? [] : (await store.actsAt(view, leaves)).toSorted((a, b) => a.leaf - b.leaf),
  };
}

function presenceKey({ actor, session, key, address }: Presence): string {
  return `${actor}\n${session}\n${key}\n${address}`;
}

/** Values of a kind that were not asked for yet; from now on they were. */
function unasked(inquiry: Inquiry, what: string, values: Iterable<string>): readonly string[] {
  const fresh: string[] = [];
  for (const value of values) {
    const name = `${what}\n${value}`;
    if (value === '' || inquiry.asked.has(name)) continue;
    inquiry.asked.add(name);
    fresh.push(value);
  }
  return fresh;
}

/** Where and when these were present, habits included. */
export async function lookUpPresences(inquiry: Inquiry, kind: PresenceColumn, values: Iterable<string>): Promise<void> {
  const fresh = unasked(inquiry, `presence ${kind}`, values);
  if (fresh.length === 0) return;
  const found = await inquiry.store.presences(inquiry.view, kind, fresh, inquiry.habitTimes, MOST_PRESENCES);
  if (found.length >= MOST_PRESENCES) inquiry.truncated = true;
  const { presences } = inquiry;
  for (const presence of found) presences.set(presenceKey(presence), presence);
  // Whatever order the store answered in: no two begin with the same event.
  const inOrder = [...presences.values()].toSorted((a, b) => a.firstLeaf - b.firstLeaf);
  presences.clear();
  for (const presence of inOrder) presences.set(presenceKey(presence), presence);
  inquiry.by = indexOf(inOrder);
}

/** The programs that events were done with: of the newest when there are many. */
export async function lookUpAgents(inquiry: Inquiry, of: readonly number[]): Promise<void> {
  const leaves = of.filter((leaf) => !inquiry.agents.has(leaf)).toSorted((a, b) => b - a).slice(0, MOST_AGENTS);
  if (leaves.length === 0) return;
  const found = await inquiry.store.agents(inquiry.view, leaves);
  for (const leaf of leaves) inquiry.agents.set(leaf, found.get(leaf) ?? '');
}

export async function lookUpFirstUses(inquiry: Inquiry, kind: 'plugin' | 'destination', values: Iterable<string>): Promise<void> {
  const fresh = unasked(inquiry, `use ${kind}`, values);
  if (fresh.length === 0) return;
  const found = await inquiry.store.firstUses(inquiry.view, kind, fresh, inquiry.habitTimes);
  for (const value of fresh) inquiry.firstUses.set(`${kind}\n${value}`, undefined);
  for (const { value, firstMs } of found) inquiry.firstUses.set(`${kind}\n${value}`, firstMs);
}

/** The deeds of what is followed. */
export async function lookUpDeeds(inquiry: Inquiry): Promise<void> {
  const followed = [...inquiry.nodes.values()].filter((node) => node.followed).map(({ link }) => link.to);
  for (const [kind, entities] of Map.groupBy(followed, (entity) => entity.kind)) {
    const fresh = unasked(inquiry, `deeds ${kind}`, entities.map(({ value }) => value));
    if (fresh.length === 0) continue;
    const room = MOST_DEEDS - inquiry.deeds.size;
    const found = room <= 0 ? [] : await inquiry.store.deeds(inquiry.view, kind, fresh, inquiry.times, room);
    if (found.length >= room) inquiry.truncated = true;
    for (const deed of found) inquiry.deeds.set(deed.leaf, deed);
  }
}

/** What makes somebody's deed or presence one of the breach: the surest entity followed by then. */
function coverOf(inquiry: Inquiry, entities: readonly Entity[], atMs: number): Node | undefined {
  let best: Node | undefined;
  for (const entity of entities) {
    const key = entityKey(entity);
    if (inquiry.innocent.has(key)) return undefined;
    const node = inquiry.nodes.get(key);
    if (node === undefined || !node.followed || node.link.sinceMs > atMs) continue;
    if (best === undefined || node.link.confidence > best.link.confidence) best = node;
  }
  return best;
}

export function coverOfDeed(inquiry: Inquiry, deed: StoredAct): Node | undefined {
  return coverOf(inquiry, entitiesOf(deed), deed.atMs);
}

/** Undefined, too, when all of the presence lies before the breach. */
export function coverOfPresence(inquiry: Inquiry, presence: Presence): Node | undefined {
  return coverOf(inquiry, entitiesOfPresence(presence), presence.lastMs);
}

/** From when on a covered presence belongs, within the window. */
export function belongsFrom(inquiry: Inquiry, presence: Presence, { link }: Node): number {
  return Math.max(presence.firstMs, link.sinceMs, inquiry.times.fromMs);
}

export function inWindow({ times }: Inquiry, { lastMs, firstMs }: Presence): boolean {
  return lastMs >= times.fromMs && firstMs < times.toMs;
}
