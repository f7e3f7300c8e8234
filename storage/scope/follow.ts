import type { Entity, LinkReason, ScopeLink, ScopeRequest } from '../../contracts/scope.ts';
import { entityKey } from './entity.ts';
import { beginInquiry, coverOfPresence, inWindow, lookUpAgents, lookUpDeeds, lookUpFirstUses, lookUpPresences, MOST_FOLLOWED } from './inquiry.ts';
import type { Inquiry, Node } from './inquiry.ts';
import { CONFIDENCES } from './reasons.ts';
import type { ScopeStore, ScopeView } from './scope-store.ts';
import type { Tie } from './tie.ts';
import { accountTies } from './ties/account-ties.ts';
import { addressTies, visitedAddresses } from './ties/address-ties.ts';
import { madeNames, makingTies } from './ties/making-ties.ts';
import { seedTies } from './ties/seed-ties.ts';

/** Rounds after which no more is followed. Each goes at least one link further. */
const MOST_ROUNDS = 64;
/** Look-ups within a round that lead to further ones. */
const MOST_STEPS = 6;
const MOST_EVIDENCE = 8;

/** From the seed to everything that belongs to the breach: the inquiry as it ends. */
export async function followSeed(store: ScopeStore, view: ScopeView, request: ScopeRequest): Promise<Inquiry> {
  const inquiry = await beginInquiry(store, view, request);
  await lookUpSeed(inquiry);
  for (let round = 0; ; round++) {
    const before = followedState(inquiry);
    inquiry.nodes = weigh(inquiry, [...seedTies(inquiry), ...addressTies(inquiry), ...accountTies(inquiry), ...makingTies(inquiry)]);
    await gather(inquiry);
    const after = followedState(inquiry);
    if (after === before && round > 0) return inquiry;
    if (round === MOST_ROUNDS) {
      inquiry.truncated = true;
      return inquiry;
    }
  }
}

async function lookUpSeed(inquiry: Inquiry): Promise<void> {
  const { seed } = inquiry.request;
  const { alertActs } = inquiry;
  if (seed.kind !== 'alert' && seed.kind !== 'plugin') await lookUpPresences(inquiry, seed.kind, [seed.value]);
  await lookUpPresences(inquiry, 'session', alertActs.map(({ session }) => session));
  await lookUpPresences(inquiry, 'key', alertActs.map(({ key }) => key));
  await lookUpPresences(inquiry, 'address', alertActs.map(({ address }) => address));
  if (seed.kind === 'address') await lookUpNewcomers(inquiry);
  else await lookUpPresences(inquiry, 'actor', [...(seed.kind === 'alert' ? alertActs : inquiry.presences.values())].map(({ actor }) => actor));
  await lookUpAgents(inquiry, [...[...inquiry.presences.values()].map(({ firstLeaf }) => firstLeaf), ...alertActs.map(({ leaf }) => leaf)]);
}

/** Everything that the ties of the next round are judged by. */
async function gather(inquiry: Inquiry): Promise<void> {
  await lookUpDeeds(inquiry);
  for (let step = 0; step < MOST_STEPS; step++) {
    const asked = inquiry.asked.size;
    const followed = [...inquiry.nodes.values()].filter((node) => node.followed).map(({ link }) => link.to);
    const values = (kind: Entity['kind']): readonly string[] => followed.filter((entity) => entity.kind === kind).map(({ value }) => value);
    const made = madeNames(inquiry);
    await Promise.all([
      lookUpPresences(inquiry, 'session', values('session')),
      lookUpPresences(inquiry, 'key', [...values('key'), ...made.keys]),
      lookUpPresences(inquiry, 'actor', [...values('actor'), ...made.actors, ...ownersOf(inquiry)]),
      lookUpPresences(inquiry, 'address', [...values('address'), ...visitedAddresses(inquiry)]),
      lookUpFirstUses(inquiry, 'plugin', made.plugins),
      lookUpFirstUses(inquiry, 'destination', made.destinations),
    ]);
    await lookUpNewcomers(inquiry);
    await lookUpAgents(inquiry, [...inquiry.presences.values()].map(({ firstLeaf }) => firstLeaf));
    if (inquiry.asked.size === asked) return;
  }
}

/** Accounts of sessions and keys that belong: their habits tell what else is the intruder's. */
function ownersOf(inquiry: Inquiry): readonly string[] {
  return [...inquiry.presences.values()].filter((one) => inWindow(inquiry, one) && coverOfPresence(inquiry, one) !== undefined).map(({ actor }) => actor);
}

/** Who was first seen at an address of the breach when it was there: where they began, and their habits, tell whose they are. */
async function lookUpNewcomers(inquiry: Inquiry): Promise<void> {
  const addresses = new Set(visitedAddresses(inquiry));
  if (inquiry.request.seed.kind === 'address') addresses.add(inquiry.request.seed.value);
  const found = [...inquiry.presences.values()].filter((one) => addresses.has(one.address) && one.firstMs >= inquiry.times.fromMs);
  await Promise.all((['session', 'key', 'actor'] as const).map((kind) => lookUpPresences(inquiry, kind, found.map((one) => one[kind]))));
}

/**
 * Of all ways to an entity the surest; each is as sure as what it comes from, its reason and its case together. What was
 * followed once stays: it may itself be why nothing else leads to it any more.
 */
function weigh(inquiry: Inquiry, ties: readonly Tie[]): ReadonlyMap<string, Node> {
  const { request, innocent } = inquiry;
  const kept = [...inquiry.nodes].filter(([, node]) => node.followed);
  const best = new Map(kept.map(([key, { link }]) => [key, link]));
  const since = new Map(kept.map(([key, { link }]) => [key, link.sinceMs]));
  for (const tie of ties) {
    const link = linkOf(tie, request, innocent);
    const key = entityKey(tie.to);
    const known = best.get(key);
    if (known === undefined || isBetter(link, known)) best.set(key, link);
    if (link.followed) since.set(key, Math.min(since.get(key) ?? link.sinceMs, link.sinceMs));
  }
  const surest = [...best].map(([key, link]) => [key, { ...link, sinceMs: since.get(key) ?? link.sinceMs }] as const).toSorted(([one, a], [other, b]) => b.confidence - a.confidence || (one < other ? -1 : 1));
  let followed = 0;
  return new Map(surest.map(([key, link]) => {
    const room = !link.followed || ++followed <= MOST_FOLLOWED;
    if (!room) inquiry.truncated = true;
    return [key, { link: room ? link : { ...link, followed: false }, followed: link.followed && room }];
  }));
}

function linkOf({ from, to, reason, base, weight, sinceMs, evidence, doubt }: Tie, request: ScopeRequest, innocent: ReadonlySet<string>): ScopeLink {
  const confidence = Math.round(base * confidenceOf(reason, request) * weight * 1_000) / 1_000;
  const cleared = innocent.has(entityKey(to)) || innocent.has(entityKey({ kind: to.kind, value: to.value }));
  return { from, to, reason, confidence, followed: !cleared && confidence >= request.leastConfidence && confidence > 0, sinceMs, evidence: [...new Set(evidence)].toSorted((a, b) => a - b).slice(0, MOST_EVIDENCE), doubt: cleared ? 'named as innocent by whoever asked' : doubt };
}

function confidenceOf(reason: LinkReason, { confidences }: ScopeRequest): number {
  return confidences?.[reason] ?? CONFIDENCES[reason];
}

/** The surer one; of equals what belongs from earlier on, then whatever stands first in order. */
function isBetter(a: ScopeLink, b: ScopeLink): boolean {
  if (a.confidence !== b.confidence) return a.confidence > b.confidence;
  if (a.sinceMs !== b.sinceMs) return a.sinceMs < b.sinceMs;
  return orderOf(a) < orderOf(b);
}

function orderOf({ from, reason, evidence }: ScopeLink): string {
  return `${reason}\n${from === undefined ? '' : entityKey(from)}\n${evidence.join(',')}`;
}

function followedState({ nodes, asked }: Inquiry): string {
  const followed = [...nodes.values()].filter((node) => node.followed).map(({ link }) => `${entityKey(link.to)}\n${link.confidence}\n${link.sinceMs}`).toSorted();
  return `${asked.size}\n${followed.join('\n')}`;
}
