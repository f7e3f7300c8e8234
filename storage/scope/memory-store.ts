import { hostReceived, isAnonymous, pluginActed } from './acting.ts';
import { ORDINARY_ROLES } from './scope-store.ts';
import type { Presence, PresenceKind, ScopeStore, ScopeTimes, StoredAct, Touched, WindowFacts } from './scope-store.ts';

/** A trail in memory: what the scope is computed on in tests. Of facts beyond deeds it holds what it is given. */
export interface MemoryTrail {
  readonly site: string;
  readonly acts: readonly StoredAct[];
  /** Persons each leaf's deed touched. */
  readonly subjects: ReadonlyMap<number, readonly { readonly subject: string; readonly kind: string; readonly jurisdiction: string }[]>;
  /** Programs by leaf. */
  readonly agents: ReadonlyMap<number, string>;
  /** Leaves that alerts rest on, by id. */
  readonly alerts: ReadonlyMap<string, readonly number[]>;
  readonly rules: ReadonlyMap<number, readonly string[]>;
  /** Leaves of what was refused before it left; none when absent. */
  readonly refused?: ReadonlySet<number>;
  readonly facts: WindowFacts;
  /** Answered requests of the access log; none when absent. */
  readonly requests?: readonly { readonly address: string; readonly atMs: number; readonly bytes: number }[];
}

export const NO_FACTS: WindowFacts = {
  sources: [], received: { fromMs: 0, toMs: 0 }, blocks: { blocks: 0, lines: 0, stored: 0, deadLetters: 0 }, eventsCounted: 0, chains: [], silences: [], holes: [], deadLetters: [], expired: [], underived: { events: 0, fromMs: 0, toMs: 0 }, ruleSets: [], knownSubjects: 0, classes: [], hows: [],
};

function within({ atMs }: StoredAct, { fromMs, toMs }: ScopeTimes): boolean {
  return atMs >= fromMs && atMs < toMs;
}

function presencesOf(acts: readonly StoredAct[]): readonly Presence[] {
  return [...Map.groupBy(acts, ({ actor, session, key, address }) => [actor, session, key, address].join('\n')).values()].map((own): Presence => {
    const [first, last] = [own.reduce((a, b) => (b.atMs < a.atMs || (b.atMs === a.atMs && b.leaf < a.leaf) ? b : a)), own.reduce((a, b) => (b.atMs > a.atMs || (b.atMs === a.atMs && b.leaf > a.leaf) ? b : a))];
    const done = own.filter(({ outcome }) => outcome !== 'failure');
    return {
      actor: first.actor, session: first.session, key: first.key, address: first.address, staff: own.some(({ role }) => !ORDINARY_ROLES.includes(role)),
      firstMs: first.atMs, lastMs: last.atMs, firstLeaf: first.leaf, lastLeaf: last.leaf, done: done.length, persons: done.reduce((sum, { subjects }) => sum + subjects, 0),
    };
  });
}

function names(act: StoredAct, kind: string, values: ReadonlySet<string>): boolean {
  switch (kind) {
    case 'actor':
      return values.has(act.actor);
    case 'session':
      return values.has(act.session);
    case 'key':
      return values.has(act.key);
    case 'address':
      return values.has(act.address) && isAnonymous(act);
    case 'plugin':
      return values.has(act.plugin) && pluginActed(act);
    default:
      return values.has(act.destination) && hostReceived(act);
  }
}

export function createMemoryStore(trail: MemoryTrail): ScopeStore {
  const { site, acts } = trail;
  const seen = (view: { readonly site: string; readonly treeSize: number }): readonly StoredAct[] => (view.site === site ? acts.filter(({ leaf }) => leaf < view.treeSize) : []);
  const last = acts.reduce<StoredAct | undefined>((a, b) => (a === undefined || b.leaf > a.leaf ? b : a), undefined);
  return {
    horizon: async (of) => (of === site && last !== undefined ? { treeSize: last.leaf + 1, asOfMs: last.receivedAtMs } : { treeSize: 0, asOfMs: 0 }),
    async presences(view, kind: PresenceKind, values, times, most) {
      const asked = new Set(values);
      return presencesOf(seen(view).filter((act) => within(act, times) && asked.has(act[kind]))).toSorted((a, b) => b.lastMs - a.lastMs).slice(0, most);
    },
    async firstUses(view, kind, values, times) {
      const asked = new Set(values);
      const uses = Map.groupBy(seen(view).filter((act) => within(act, times) && names(act, kind, asked)), (act) => act[kind]);
      return [...uses].map(([value, own]) => ({ value, firstMs: own.reduce((ms, { atMs }) => Math.min(ms, atMs), Number.POSITIVE_INFINITY) }));
    },
    async deeds(view, kind, values, times, most) {
      const asked = new Set(values);
      return seen(view).filter((act) => within(act, times) && names(act, kind, asked)).toSorted((a, b) => a.atMs - b.atMs || a.leaf - b.leaf).slice(0, most);
    },
    alertLeaves: async (_view, id) => trail.alerts.get(id),
    actsAt: async (view, leaves) => seen(view).filter(({ leaf }) => leaves.includes(leaf)),
    agents: async (_view, leaves) => new Map(leaves.flatMap((leaf) => { const agent = trail.agents.get(leaf); return agent === undefined ? [] : [[leaf, agent] as const]; })),
    async touched(_view, deeds) {
      const found = new Map<string, Touched & { leaves: number[] }>();
      for (const { leaf } of deeds) {
        for (const person of trail.subjects.get(leaf) ?? []) {
          const known = found.get(person.subject);
          if (known === undefined) found.set(person.subject, { ...person, leaves: [leaf] });
          else known.leaves.push(leaf);
        }
      }
      return [...found.values()];
    },
    refused: async (_view, leaves) => new Set(leaves.filter((leaf) => trail.refused?.has(leaf) === true)),
    rulesOf: async (_view, leaves) => new Map(leaves.flatMap((leaf) => { const rules = trail.rules.get(leaf); return rules === undefined ? [] : [[leaf, rules] as const]; })),
    async plainRequests(view, addresses, { fromMs, toMs }) {
      const found = (trail.requests ?? []).filter(({ address, atMs }) => view.site === site && addresses.includes(address) && atMs >= fromMs && atMs < toMs);
      const times = found.map(({ atMs }) => atMs);
      return found.length === 0 ? undefined : { requests: found.length, bytes: found.reduce((sum, { bytes }) => sum + bytes, 0), firstMs: Math.min(...times), lastMs: Math.max(...times) };
    },
    facts: async () => trail.facts,
  };
}
