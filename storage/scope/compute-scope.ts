import type { ScopeDeed, ScopeLink, ScopeReport, ScopeRequest, ScopeSubject, Untouched } from '../../contracts/scope.ts';
import { entityKey } from './entity.ts';
import { followSeed } from './follow.ts';
import { scopeGaps } from './gaps.ts';
import { coverOfDeed } from './inquiry.ts';
import type { Inquiry } from './inquiry.ts';
import type { PlainRequests, ScopeStore, ScopeView, StoredAct, WindowFacts } from './scope-store.ts';
import { sourceTrust, takenOver } from './takeover.ts';
import { least, most, REFUSED, totalsBy, totalsByJurisdiction, touchedPeople, touches, unnamedRecords } from './touched-people.ts';

export type ScopeErrorKind = 'no-such-alert' | 'no-such-site';

/** A question that has no answer, as opposed to one whose answer is nobody. */
export class ScopeError extends Error {
  override readonly name = 'ScopeError';
  readonly kind: ScopeErrorKind;
  constructor(kind: ScopeErrorKind) {
    super(kind === 'no-such-alert' ? 'the site has no such alert: take the id as it stands in the alert or webhook, and the site it names' : 'nothing is stored of this site: "tourniquet site list" names those that are known');
    this.kind = kind;
  }
}

/** Whose data the breach touched that the seed belongs to. Rejects with a `ScopeError`, or with what the store says. */
export async function computeScope(store: ScopeStore, request: ScopeRequest): Promise<ScopeReport> {
  const { treeSize, asOfMs } = await store.horizon(request.site);
  if (treeSize === 0) throw new ScopeError('no-such-site');
  const view = { site: request.site, treeSize };
  const [inquiry, facts] = await Promise.all([followSeed(store, view, request), store.facts(view, { fromMs: request.fromMs, toMs: request.toMs })]);
  if (request.seed.kind === 'alert' && inquiry.alertActs.length === 0) throw new ScopeError('no-such-alert');
  const acts = deedsOf(inquiry);
  const leaves = acts.map(({ act }) => act.leaf);
  const failed = acts.flatMap(({ act }) => (act.outcome === 'failure' && touches(act) ? [act.leaf] : []));
  const [touched, rules, refused, plain] = await Promise.all([store.touched(view, acts.map(({ act }) => act)), store.rulesOf(view, leaves), store.refused(view, failed), plainRequests(store, view, inquiry)]);
  const deeds = acts.map(({ act, link }) => scopeDeed(refused.has(act.leaf) ? { ...act, outcome: REFUSED } : act, link, rules.get(act.leaf) ?? []));
  const byLeaf = new Map(deeds.map((deed) => [deed.leaf, deed]));
  const subjects = touchedPeople(touched, byLeaf);
  return { ...summary(inquiry, deeds, byLeaf, subjects, facts, plain), asOfMs, treeSize };
}

/** Of addresses that belong to the breach, from when on the first of them does. */
async function plainRequests(store: ScopeStore, view: ScopeView, { nodes, times }: Inquiry): Promise<PlainRequests | undefined> {
  const links = [...nodes.values()].map(({ link }) => link).filter(({ followed, to }) => followed && to.kind === 'address');
  if (links.length === 0) return undefined;
  return store.plainRequests(view, [...new Set(links.map(({ to }) => to.value))], { fromMs: Math.max(times.fromMs, least(links.map(({ sinceMs }) => sinceMs))), toMs: times.toMs });
}

function summary(inquiry: Inquiry, deeds: readonly ScopeDeed[], byLeaf: ReadonlyMap<number, ScopeDeed>, subjects: readonly ScopeSubject[], facts: WindowFacts, plain: PlainRequests | undefined): Omit<ScopeReport, 'asOfMs' | 'treeSize'> {
  const taken = takenOver(deeds);
  const unnamed = unnamedRecords(deeds);
  const times = deeds.map(({ atMs }) => atMs);
  const gaps = scopeGaps(facts, inquiry.times, { unnamed, plain, leftOut: inquiry.truncated });
  return {
    v: 1, request: inquiry.request,
    links: [...inquiry.nodes.values()].map(({ link }) => link).toSorted((a, b) => b.confidence - a.confidence || a.sinceMs - b.sinceMs || (entityKey(a.to) < entityKey(b.to) ? -1 : 1)),
    deeds, subjects,
    classes: totalsBy(byLeaf, subjects, ({ classes }) => classes),
    fields: totalsBy(byLeaf, subjects, ({ fields }) => fields),
    jurisdictions: totalsByJurisdiction(subjects),
    destinations: totalsBy(byLeaf, subjects, ({ destination }) => (destination === '' ? [] : [destination])),
    unnamedRecords: unnamed, firstMs: least(times), lastMs: most(times),
    takenOver: taken, trust: sourceTrust(facts, taken?.sinceMs), gaps,
    untouched: untouchedOf(deeds, subjects, facts),
    coverage: {
      receivedFromMs: facts.received.fromMs, receivedToMs: facts.received.toMs, ...facts.blocks, eventsCounted: facts.eventsCounted,
      missingLines: gaps.reduce((sum, { kind, count }) => (kind === 'lines-missing' ? sum + count : sum), 0),
    },
    rules: facts.ruleSets,
  };
}

/** Deeds of what is followed, from when on it belongs, by rising leaf. */
function deedsOf(inquiry: Inquiry): readonly { readonly act: StoredAct; readonly link: ScopeLink }[] {
  return [...inquiry.deeds.values()].toSorted((a, b) => a.leaf - b.leaf).flatMap((act) => {
    const node = coverOfDeed(inquiry, act);
    return node === undefined ? [] : [{ act, link: node.link }];
  });
}

function scopeDeed(act: StoredAct, { to: by, confidence }: ScopeLink, rules: readonly string[]): ScopeDeed {
  return {
    leaf: act.leaf, atMs: act.atMs, receivedAtMs: act.receivedAtMs, by, confidence, provenance: act.provenance,
    actor: act.actor, session: act.session, address: act.address, key: act.key, plugin: act.plugin,
    category: act.category, action: act.action, outcome: act.outcome, how: act.how, target_kind: act.target_kind, target: act.target, destination: act.destination, region: act.region,
    classes: act.classes, fields: act.fields, records: act.records, subjects: act.subjects, rules,
  };
}

function untouchedOf(deeds: readonly ScopeDeed[], subjects: readonly ScopeSubject[], { knownSubjects, classes, hows }: WindowFacts): Untouched {
  const done = deeds.filter(touches);
  const [held, ways] = [new Set(done.flatMap((deed) => deed.classes)), new Set(done.map(({ how }) => how))];
  return {
    knownSubjects, untouchedSubjects: Math.max(0, knownSubjects - subjects.length),
    classes: classes.filter((name) => !held.has(name)).toSorted(), hows: hows.filter((how) => how !== '' && !ways.has(how)).toSorted(),
  };
}
