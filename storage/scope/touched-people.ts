import type { ScopeDeed, ScopeSubject, ScopeTotal } from '../../contracts/scope.ts';
import type { Touched } from './scope-store.ts';

/** What a deed did to the data it touched. */
export type Touch = 'read' | 'changed' | 'exported' | 'sentOut';

const TOUCH_OF: Readonly<Record<string, Touch>> = { change: 'changed', export: 'exported', backup: 'exported', download: 'exported', ai: 'sentOut', mail: 'sentOut', outbound: 'sentOut' };

export function touchOf(how: string): Touch {
  return Object.hasOwn(TOUCH_OF, how) ? (TOUCH_OF[how] ?? 'read') : 'read';
}

/** Outcome of a deed that failed because it was refused before anything left. */
export const REFUSED = 'refused';

/** Whether data came into other hands: what failed showed nothing, but what was sent had left before it failed, unless it was refused. */
export function touches({ outcome, how }: { readonly outcome: string; readonly how: string }): boolean {
  return touchOf(how) === 'sentOut' ? outcome !== REFUSED : outcome !== 'failure';
}

function rising<T extends string | number>(values: Iterable<T>): readonly T[] {
  return [...new Set(values)].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Persons whom the deeds touched, by token. `deeds` by leaf. */
export function touchedPeople(touched: readonly Touched[], deeds: ReadonlyMap<number, ScopeDeed>): readonly ScopeSubject[] {
  const people: ScopeSubject[] = [];
  const done = doneBy(deeds);
  for (const { subject, kind, jurisdiction, leaves } of touched) {
    const own: Done[] = [];
    for (const leaf of rising(leaves)) {
      const one = done.get(leaf);
      if (one !== undefined) own.push(one);
    }
    if (own.length > 0) people.push({ subject, kind, jurisdiction, ...doneTo(own) });
  }
  return people.toSorted((a, b) => (a.subject < b.subject ? -1 : a.subject > b.subject ? 1 : 0));
}

/** What deeds have in common: there are few of them, so that a person's are looked at once a kind, not once a deed. */
type DeedKind = Pick<ScopeDeed, 'how' | 'classes' | 'fields'>;

interface Done {
  readonly deed: ScopeDeed;
  readonly touch: Touch;
  /** The same object for each deed of a kind. */
  readonly kind: DeedKind;
}

/** Deeds that touched whom they name, by leaf. */
function doneBy(deeds: ReadonlyMap<number, ScopeDeed>): ReadonlyMap<number, Done> {
  const kinds = new Map<string, DeedKind>();
  const done = new Map<number, Done>();
  for (const deed of deeds.values()) {
    if (!touches(deed)) continue;
    const { how, classes, fields } = deed;
    const key = JSON.stringify([how, classes, fields]);
    const kind = kinds.get(key) ?? { how, classes, fields };
    kinds.set(key, kind);
    done.set(deed.leaf, { deed, touch: touchOf(how), kind });
  }
  return done;
}

/** What these deeds, at least one, did to the person whom each of them touched. */
function doneTo(own: readonly Done[]): Omit<ScopeSubject, 'subject' | 'kind' | 'jurisdiction'> {
  const counts: Record<Touch, number> = { read: 0, changed: 0, exported: 0, sentOut: 0 };
  const kinds = new Set<DeedKind>();
  let [firstMs, lastMs, confidence] = [Infinity, -Infinity, 0];
  for (const { deed, touch, kind } of own) {
    counts[touch]++;
    kinds.add(kind);
    firstMs = Math.min(firstMs, deed.atMs);
    lastMs = Math.max(lastMs, deed.atMs);
    confidence = Math.max(confidence, deed.confidence);
  }
  const all = [...kinds];
  return {
    ...counts, hows: rising(all.map(({ how }) => how).filter((how) => how !== '')), classes: rising(all.flatMap(({ classes }) => classes)), fields: rising(all.flatMap(({ fields }) => fields)),
    firstMs, lastMs, confidence, evidence: own.map(({ deed }) => deed.leaf),
  };
}

/** Without spreading: a list may be longer than a call takes arguments. */
export function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), values[0] ?? 0);
}

export function most(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), values[0] ?? 0);
}

/** Deeds, persons and records by each name that `namesOf` gives a deed; persons by the deeds that touched them. */
export function totalsBy(deeds: ReadonlyMap<number, ScopeDeed>, people: readonly ScopeSubject[], namesOf: (deed: ScopeDeed) => readonly string[]): readonly ScopeTotal[] {
  const totals = new Map<string, { deeds: number; subjects: number; records: number }>();
  // Deeds have few different lists of names: a person's are looked at once a list, not once a deed.
  const lists = new Map<string, readonly string[]>();
  const listOf = new Map<number, readonly string[]>();
  for (const deed of deeds.values()) {
    const names = namesOf(deed);
    const key = JSON.stringify(names);
    const list = lists.get(key) ?? [...new Set(names)];
    lists.set(key, list);
    listOf.set(deed.leaf, list);
    if (!touches(deed)) continue;
    for (const name of list) {
      const total = totals.get(name) ?? { deeds: 0, subjects: 0, records: 0 };
      totals.set(name, { ...total, deeds: total.deeds + 1, records: total.records + deed.records });
    }
  }
  for (const { evidence } of people) {
    for (const name of namesIn(evidence, listOf)) {
      const total = totals.get(name);
      if (total !== undefined) total.subjects++;
    }
  }
  return sortedTotals(totals);
}

function namesIn(leaves: readonly number[], listOf: ReadonlyMap<number, readonly string[]>): ReadonlySet<string> {
  const seen = new Set<readonly string[]>();
  const names = new Set<string>();
  for (const leaf of leaves) {
    const list = listOf.get(leaf);
    if (list === undefined || seen.has(list)) continue;
    seen.add(list);
    for (const name of list) names.add(name);
  }
  return names;
}

/** Persons by where they live, where the trail knows it; '' where not. */
export function totalsByJurisdiction(people: readonly ScopeSubject[]): readonly ScopeTotal[] {
  const totals = new Map<string, { deeds: number; subjects: number; records: number }>();
  const deeds = new Map<string, Set<number>>();
  for (const { jurisdiction, evidence } of people) {
    const known = deeds.get(jurisdiction) ?? new Set();
    deeds.set(jurisdiction, known);
    for (const leaf of evidence) known.add(leaf);
    const total = totals.get(jurisdiction) ?? { deeds: 0, subjects: 0, records: 0 };
    totals.set(jurisdiction, { ...total, subjects: total.subjects + 1, records: total.records + evidence.length });
  }
  for (const [name, total] of totals) total.deeds = deeds.get(name)?.size ?? 0;
  return sortedTotals(totals);
}

function sortedTotals(totals: ReadonlyMap<string, Omit<ScopeTotal, 'name'>>): readonly ScopeTotal[] {
  return [...totals].map(([name, total]) => ({ name, ...total })).toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** Records that deeds touched beyond the persons they name: each may be one more, or one of those named. */
export function unnamedRecords(deeds: Iterable<ScopeDeed>): number {
  let sum = 0;
  for (const deed of deeds) if (touches(deed)) sum += Math.max(0, deed.records - deed.subjects);
  return sum;
}
