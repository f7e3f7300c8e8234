import { belongsFrom, coverOfPresence, inWindow } from '../inquiry.ts';
import type { Inquiry, Node } from '../inquiry.ts';
import { credentialOf } from '../entity.ts';
import { agentOf } from '../place.ts';
import { sameNetwork } from '../network.ts';
import { WEIGHTS } from '../reasons.ts';
import type { Presence } from '../scope-store.ts';
import { counted } from '../tie.ts';
import type { Tie } from '../tie.ts';

/** Longest time between the end of a session and its continuation, and how far the two may overlap. */
const HANDOVER_MS = 15 * 60_000;
const OVERLAP_MS = 2 * 60_000;

/** A presence that belongs, with what makes it so. */
interface Belonging {
  readonly presence: Presence;
  readonly node: Node;
  readonly fromMs: number;
}

/** Between an account, its sessions and its keys. */
export function accountTies(inquiry: Inquiry): readonly Tie[] {
  const named = [...inquiry.presences.values()].filter(({ actor }) => actor !== '');
  return [...Map.groupBy(named, ({ actor }) => actor)].flatMap(([actor, presences]) => {
    const belonging = presences.flatMap((presence): readonly Belonging[] => {
      // A log-in that failed names an account that nobody was in.
      const node = presence.done > 0 && inWindow(inquiry, presence) ? coverOfPresence(inquiry, presence) : undefined;
      return node === undefined ? [] : [{ presence, node, fromMs: belongsFrom(inquiry, presence, node) }];
    });
    if (belonging.length === 0) return [];
    const whole = inquiry.nodes.get(`actor\n${actor}`);
    const sessions = whole?.followed === true ? sessionsOf(inquiry, whole, presences) : [];
    return [...sessions, ...actorTies(inquiry, actor, presences, belonging), ...belonging.flatMap((one) => [...continued(inquiry, one, presences), ...alike(inquiry, one, presences, belonging)])];
  });
}

/** All that an account of the breach used. */
function sessionsOf(inquiry: Inquiry, { link }: Node, presences: readonly Presence[]): readonly Tie[] {
  return presences.filter((one) => one.session !== '' && inWindow(inquiry, one) && one.lastMs >= link.sinceMs).map((one) => ({
    from: link.to, to: { kind: 'session', value: one.session }, reason: 'session-of-actor', base: link.confidence, weight: WEIGHTS.whole, sinceMs: Math.max(one.firstMs, link.sinceMs), evidence: [one.firstLeaf], doubt: '',
  }));
}

/** The account of a session that belongs: the intruder's own only when nobody else ever used it. */
function actorTies(inquiry: Inquiry, actor: string, presences: readonly Presence[], belonging: readonly Belonging[]): readonly Tie[] {
  const first = belonging.filter(({ node }) => node.link.to.kind !== 'actor').toSorted((a, b) => a.fromMs - b.fromMs)[0];
  if (first === undefined) return [];
  const others = presences.filter((one) => one.done > 0 && !belonging.some(({ presence }) => presence === one));
  const alone = others.length === 0 && presences.every((one) => one.firstMs >= inquiry.times.fromMs);
  const doubt = alone ? '' : others.length === 0 ? 'the account was in use before the time asked for' : `the account has ${counted(new Set(others.map(useName)).size, 'other use')} that nothing ties to the breach`;
  const { node, presence, fromMs } = first;
  return [{ from: node.link.to, to: { kind: 'actor', value: actor }, reason: 'actor-of-session', base: node.link.confidence, weight: alone ? WEIGHTS.whole : WEIGHTS.shared, sinceMs: fromMs, evidence: [presence.firstLeaf], doubt }];
}

/** Tells uses of an account apart: a session, a key, or an address without either. */
function useName({ session, key, address }: Presence): string {
  return session === '' && key === '' ? address : `${session}\n${key}`;
}

/** Sessions of the same account, place and program that one of the breach goes over into, or came from. */
function continued(inquiry: Inquiry, { presence, node }: Belonging, presences: readonly Presence[]): readonly Tie[] {
  if (presence.session === '') return [];
  return presences.filter((one) => one.session !== '' && one.session !== presence.session && inWindow(inquiry, one) && one.address === presence.address && follows(presence, one) && agentOf(inquiry, one) === agentOf(inquiry, presence)).map((one) => ({
    from: node.link.to, to: partAt(presences, one), reason: 'session-continued', base: node.link.confidence, weight: WEIGHTS.whole, sinceMs: Math.max(one.firstMs, inquiry.times.fromMs), evidence: [presence.lastLeaf, one.firstLeaf].toSorted((a, b) => a - b), doubt: '',
  }));
}

/** All of the session where it was used from one address alone. */
function partAt(presences: readonly Presence[], { session, address }: Presence): Tie['to'] {
  const elsewhere = presences.some((one) => one.session === session && one.address !== address);
  return elsewhere ? { kind: 'session', value: session, at: address } : { kind: 'session', value: session };
}

function follows(a: Presence, b: Presence): boolean {
  const [earlier, later] = a.firstMs <= b.firstMs ? [a, b] : [b, a];
  const pauseMs = later.firstMs - earlier.lastMs;
  return pauseMs <= HANDOVER_MS && pauseMs >= -OVERLAP_MS;
}

/** Uses of the account from places where it was never used before, by the program or from the network of the breach. */
function alike(inquiry: Inquiry, { presence, node, fromMs }: Belonging, presences: readonly Presence[], belonging: readonly Belonging[]): readonly Tie[] {
  const program = agentOf(inquiry, presence);
  const innocent = presences.filter((one) => one.done > 0 && !belonging.some((other) => other.presence === one));
  return presences.flatMap((one): readonly Tie[] => {
    const to = credentialOf(one);
    if (one === presence || to === undefined || to.kind === 'actor' || one.done === 0 || !inWindow(inquiry, one)) return [];
    const before = innocent.filter((other) => other !== one && other.firstMs < Math.min(fromMs, one.firstMs));
    const programs = new Set(before.map((other) => agentOf(inquiry, other)));
    const theirs = (program !== '' && agentOf(inquiry, one) === program && !programs.has(program)) || (sameNetwork(one.address, presence.address) && !before.some(({ address }) => sameNetwork(address, one.address)));
    // Earlier than the breach is known to have had the account, only what differs from its habits is the breach's.
    if (before.some(({ address }) => address === one.address) || (one.firstMs < fromMs && (!theirs || before.length === 0))) return [];
    const sameSession = one.session !== '' && one.session === presence.session;
    const owners = programs.has(agentOf(inquiry, one));
    const began = !presences.some((other) => other.session === one.session && other.key === one.key && other.address !== one.address && other.firstMs < one.firstMs);
    return [{
      from: node.link.to, to: began ? to : { ...to, at: one.address }, reason: sameSession ? 'session-elsewhere' : 'session-alike', base: node.link.confidence,
      weight: theirs ? WEIGHTS.whole : owners ? WEIGHTS.habitual : WEIGHTS.doubtful, sinceMs: Math.max(one.firstMs, inquiry.times.fromMs), evidence: [one.firstLeaf],
      doubt: theirs ? '' : owners ? 'the program is one that the account used before: its owner may be elsewhere' : 'a program that neither the breach nor the account used before',
    }];
  });
}
