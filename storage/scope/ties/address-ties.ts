import type { Entity } from '../../../contracts/scope.ts';
import { belongsFrom, coverOfPresence, inWindow } from '../inquiry.ts';
import type { Inquiry, Node } from '../inquiry.ts';
import { credentialOf, entitiesOfPresence, entityKey } from '../entity.ts';
import { agentOf, belongingPart, countParties, partiesAt, placeOf } from '../place.ts';
import type { Place } from '../place.ts';
import { CONFIDENCES, WEIGHTS } from '../reasons.ts';
import type { Presence } from '../scope-store.ts';
import { counted } from '../tie.ts';
import type { Tie } from '../tie.ts';

/** The breach at one address: the surest of what belongs there, and what it used. */
interface Visit {
  readonly address: string;
  readonly node: Node;
  readonly sinceMs: number;
  readonly leaf: number;
  readonly programs: ReadonlySet<string>;
  readonly accounts: ReadonlySet<string>;
}

/** From sessions and keys of the breach to their addresses, and on to what else was used there. */
export function addressTies(inquiry: Inquiry): readonly Tie[] {
  const { seed } = inquiry.request;
  const visits = visitsOf(inquiry);
  const ties = visits.flatMap((visit) => (seed.kind === 'address' && seed.value === visit.address ? [] : visitTies(inquiry, visit)));
  return seed.kind === 'address' ? [...ties, ...seedAddressTies(inquiry, seed.value)] : ties;
}

export function visitedAddresses(inquiry: Inquiry): readonly string[] {
  return [...new Set(visitsOf(inquiry).map(({ address }) => address))];
}

function visitsOf(inquiry: Inquiry): readonly Visit[] {
  const visits = new Map<string, { node: Node; sinceMs: number; leaf: number; programs: Set<string>; accounts: Set<string> }>();
  for (const presence of inquiry.presences.values()) {
    const node = presence.address === '' || !inWindow(inquiry, presence) ? undefined : coverOfPresence(inquiry, presence);
    if (node === undefined) continue;
    const sinceMs = belongsFrom(inquiry, presence, node);
    const known = visits.get(presence.address);
    const visit = known ?? { node, sinceMs, leaf: presence.firstLeaf, programs: new Set(), accounts: new Set() };
    visits.set(presence.address, visit);
    if (node.link.confidence > visit.node.link.confidence) visit.node = node;
    if (sinceMs < visit.sinceMs) Object.assign(visit, { sinceMs, leaf: presence.firstLeaf });
    visit.programs.add(agentOf(inquiry, presence));
    visit.accounts.add(presence.actor);
  }
  for (const node of inquiry.nodes.values()) {
    const { to, reason, sinceMs, evidence } = node.link;
    if (!node.followed || reason !== 'alert-names' || to.kind !== 'address' || visits.has(to.value)) continue;
    // What the alert rests on need not be a deed: nothing else tells that the breach was here, nor with which program.
    visits.set(to.value, { node, sinceMs, leaf: evidence[0] ?? 0, programs: new Set(evidence.map((leaf) => inquiry.agents.get(leaf) ?? '')), accounts: new Set() });
  }
  return [...visits].map(([address, visit]) => ({ address, ...visit }));
}

function visitTies(inquiry: Inquiry, visit: Visit): readonly Tie[] {
  const { address, node, sinceMs, leaf, programs, accounts } = visit;
  const { to: from, confidence } = node.link;
  const place = placeOf(inquiry, address, sinceMs, programs);
  const to: Entity = { kind: 'address', value: address };
  const [weight, doubt] = judged(place, accounts);
  const own: readonly Tie[] = from.kind === 'address' ? [] : [{ from, to, reason: from.kind === 'key' ? 'address-of-key' : 'address-of-session', base: confidence, weight, sinceMs, evidence: [leaf], doubt }];
  const regulars = new Set(place.before.map(({ actor }) => actor).filter((actor) => actor !== ''));
  const parties = partiesAt(inquiry, address).filter((one) => one.firstMs >= sinceMs && inWindow(inquiry, one) && !regulars.has(one.actor));
  const others = parties.filter((one) => !entitiesOfPresence(one).some((entity) => entityKey(entity) === entityKey(from)));
  return [...own, ...others.map((one) => partyTie(inquiry, one, { from: to, base: confidence, ...partyWeight(inquiry, one, place, programs) }))];
}

function judged({ before, strange }: Place, accounts: ReadonlySet<string>): readonly [weight: number, doubt: string] {
  const owners = before.filter(({ actor }) => actor !== '' && accounts.has(actor));
  if (before.length > owners.length) return [WEIGHTS.habitual, `${counted(countParties(before.filter((one) => !owners.includes(one))), 'other account')} used this address before`];
  if (owners.length > 0) return [WEIGHTS.habitual, 'the account was used from this address before'];
  return strange.length === 0 ? [WEIGHTS.whole, ''] : [WEIGHTS.doubtful, `${counted(countParties(strange), 'other account')} used this address by other programs`];
}

/** Somebody who came to an address where the breach was already. */
function partyWeight(inquiry: Inquiry, party: Presence, { before, strange }: Place, programs: ReadonlySet<string>): { readonly weight: number; readonly doubt: string } {
  const same = programs.has(agentOf(inquiry, party));
  if (before.length > 0) return { weight: WEIGHTS.habitual, doubt: 'others used this address before the breach did' };
  if (strange.length === 0 && same) return { weight: WEIGHTS.whole, doubt: '' };
  return same ? { weight: WEIGHTS.sameProgram, doubt: 'others used this address by other programs' } : { weight: WEIGHTS.shared, doubt: 'another program than the breach used here' };
}

interface PartyCase {
  readonly from: Entity;
  readonly base: number;
  readonly weight: number;
  readonly doubt: string;
}

function partyTie(inquiry: Inquiry, party: Presence, { from, base, weight, doubt }: PartyCase): Tie {
  const who = credentialOf(party) ?? from;
  const to = belongingPart(inquiry, who, party.address, party.firstMs);
  const reason = who.kind === 'session' ? 'session-at-address' : who.kind === 'key' ? 'key-used-from' : 'account-at-address';
  return { from, to, reason, base, weight, sinceMs: Math.max(party.firstMs, inquiry.times.fromMs), evidence: [party.firstLeaf], doubt };
}

/** Sessions and keys of this many accounts by this many programs are those of people who share an address. */
const SHARED_PARTIES = 4;
const SHARED_PROGRAMS = 3;
/** Persons that an ordinary account has reason to see: its own, and a few it buys for. */
const ORDINARY_PERSONS = 5;

/** Of an address that the asker names: all who used it, unless they did so before, or many share it and do what ordinary people do. */
function seedAddressTies(inquiry: Inquiry, address: string): readonly Tie[] {
  const { fromMs } = inquiry.times;
  const parties = partiesAt(inquiry, address);
  const known = parties.filter(({ firstMs }) => firstMs < fromMs);
  const accounts = new Set(known.map(({ actor }) => actor).filter((actor) => actor !== ''));
  const present = parties.filter((one) => inWindow(inquiry, one));
  const isFresh = ({ firstMs, actor }: Presence): boolean => firstMs >= fromMs && !accounts.has(actor);
  const fresh = present.filter(isFresh);
  const crowded = countParties(fresh) >= SHARED_PARTIES && new Set(fresh.map((one) => agentOf(inquiry, one))).size >= SHARED_PROGRAMS;
  const shared = crowded || known.length > 0;
  return present.map((one) => {
    const ordinary = !one.staff && one.persons <= ORDINARY_PERSONS;
    const [weight, doubt] = !isFresh(one) ? [WEIGHTS.habitual, 'the account used this address before the time asked for']
      : !shared ? [WEIGHTS.whole, '']
        : ordinary ? [WEIGHTS.shared, 'many share this address, and this one does what ordinary visitors do'] : [WEIGHTS.conspicuous, 'many share this address'];
    return partyTie(inquiry, one, { from: { kind: 'address', value: address }, base: CONFIDENCES.seed, weight, doubt });
  });
}
