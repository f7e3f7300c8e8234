import type { Entity } from '../../contracts/scope.ts';
import { coverOfPresence, inWindow, presencesBy } from './inquiry.ts';
import type { Inquiry } from './inquiry.ts';
import { credentialOf, entityKey } from './entity.ts';
import type { Presence } from './scope-store.ts';

/** What an address is to the breach: its own, newly shared with somebody else's program, or known to others before. */
export interface Place {
  readonly address: string;
  /** When the breach was first there. */
  readonly sinceMs: number;
  /** Accounts, sessions and keys there that do not belong, by whether they were there before. */
  readonly before: readonly Presence[];
  readonly after: readonly Presence[];
  /** Of `after` those of other programs than the breach's there. */
  readonly strange: readonly Presence[];
}

export function agentOf({ agents }: Inquiry, { firstLeaf }: Presence): string {
  return agents.get(firstLeaf) ?? '';
}

/** Everybody seen at the address who says who they are. */
export function partiesAt(inquiry: Inquiry, address: string): readonly Presence[] {
  return presencesBy(inquiry, 'address', address).filter((one) => one.done > 0 && credentialOf(one) !== undefined);
}

/** Judges an address from `sinceMs` on. `programs`: what the breach used there; none known, none counts as strange. */
export function placeOf(inquiry: Inquiry, address: string, sinceMs: number, programs: ReadonlySet<string>): Place {
  const others = partiesAt(inquiry, address).filter((one) => coverOfPresence(inquiry, one) === undefined);
  const before = others.filter(({ firstMs }) => firstMs < sinceMs);
  const after = others.filter((one) => one.firstMs >= sinceMs && inWindow(inquiry, one));
  return { address, sinceMs, before, after, strange: programs.size === 0 ? [] : after.filter((one) => !programs.has(agentOf(inquiry, one))) };
}

/** How many different accounts, sessions of nobody and keys of nobody there are. */
export function countParties(presences: readonly Presence[]): number {
  return new Set(presences.map((one) => (one.actor !== '' ? `actor\n${one.actor}` : entityKey(credentialOf(one) ?? { kind: 'address', value: one.address })))).size;
}

/** Whether the account was at the presence's address by the same program before, in another session. */
export function hasHabit(inquiry: Inquiry, presence: Presence): boolean {
  const { actor, session, address, firstMs } = presence;
  const program = agentOf(inquiry, presence);
  return actor !== '' && presencesBy(inquiry, 'actor', actor).some((one) => one.session !== session && one.address === address && one.firstMs < firstMs && agentOf(inquiry, one) === program);
}

/**
 * All of a session, key or account when it began at the address, else only what is done from there: its owner may go on
 * using it elsewhere.
 */
export function belongingPart(inquiry: Inquiry, { kind, value }: Entity, address: string, atMs: number): Entity {
  if (address === '') return { kind, value };
  if (kind === 'actor') return { kind, value, at: address };
  const seen = presencesBy(inquiry, kind === 'session' ? 'session' : 'key', value).filter(({ done }) => done > 0);
  const here = seen.find((one) => one.address === address);
  // Whoever began a session by the same program where the account was not known had it from the beginning.
  const isOwners = (one: Presence): boolean => kind === 'key' || here === undefined || agentOf(inquiry, one) !== agentOf(inquiry, here) || hasHabit(inquiry, one);
  const ownerElsewhere = seen.some((one) => one.address !== address && one.firstMs <= atMs && one.firstMs < (here?.firstMs ?? atMs) && isOwners(one));
  return ownerElsewhere ? { kind, value, at: address } : { kind, value };
}
