import type { LinkReason } from '../../../contracts/scope.ts';
import { isAnonymous, pluginActed } from '../acting.ts';
import { credentialOf } from '../entity.ts';
import { inWindow, presencesBy } from '../inquiry.ts';
import type { Inquiry } from '../inquiry.ts';
import { agentOf, belongingPart, countParties, hasHabit, partiesAt } from '../place.ts';
import { WEIGHTS } from '../reasons.ts';
import type { Presence, StoredAct } from '../scope-store.ts';
import { counted } from '../tie.ts';
import type { Tie } from '../tie.ts';
import { touchOf } from '../touched-people.ts';

/** Where the asker's seed leads by itself. Presences of the seed and their programs were looked up. */
export function seedTies(inquiry: Inquiry): readonly Tie[] {
  const { seed, fromMs } = inquiry.request;
  switch (seed.kind) {
    case 'session':
    case 'key':
      return credentialSeed(inquiry, seed.kind, seed.value);
    case 'actor':
    case 'plugin':
    case 'address':
      return [{ from: undefined, to: { kind: seed.kind, value: seed.value }, reason: 'seed', base: 1, weight: WEIGHTS.whole, sinceMs: fromMs, evidence: [], doubt: '' }];
    case 'alert':
      return inquiry.alertActs.flatMap((act) => alertTies(inquiry, act));
    default:
      return seed.kind satisfies never;
  }
}

/**
 * A session or key that was copied is used by two: by its owner, from where the account was before, and in the same time
 * from a new address, a session by a new program, too: people wander, servers do not. Then the seed is the copy.
 */
function credentialSeed(inquiry: Inquiry, kind: 'session' | 'key', value: string): readonly Tie[] {
  const { fromMs } = inquiry.times;
  const seen = presencesBy(inquiry, kind, value);
  const whole: Tie = { from: undefined, to: { kind, value }, reason: 'seed', base: 1, weight: WEIGHTS.whole, sinceMs: fromMs, evidence: [], doubt: '' };
  const owners = seen.filter((one) => one.firstMs < fromMs || (kind === 'session' && hasHabit(inquiry, one)));
  const programs = new Set(owners.map((one) => agentOf(inquiry, one)));
  const addresses = new Set(owners.map(({ address }) => address));
  const copies = seen.filter((one) => inWindow(inquiry, one) && !addresses.has(one.address) && (kind === 'key' || !programs.has(agentOf(inquiry, one))));
  const beside = copies.filter((copy) => owners.some((owner) => owner.lastMs > copy.firstMs && owner.firstMs < copy.firstMs));
  if (beside.length === 0) return [whole];
  const rest = seen.filter((one) => inWindow(inquiry, one) && !copies.includes(one));
  const tie = (one: Presence, weight: number, doubt: string): Tie => ({ ...whole, to: { kind, value, at: one.address }, weight, sinceMs: Math.max(fromMs, one.firstMs), evidence: [one.firstLeaf], doubt });
  return [
    ...copies.map((one) => tie(one, WEIGHTS.whole, 'its owner uses it from elsewhere in the same time')),
    ...rest.map((one) => tie(one, WEIGHTS.shared, 'the account was used from here, or by this program, before: most likely its owner')),
  ];
}

/** An alert's event names who did it, most narrowly by the session or key. */
function alertTies(inquiry: Inquiry, act: StoredAct): readonly Tie[] {
  const reason: LinkReason = 'alert-names';
  const base = { from: undefined, reason, base: 1, sinceMs: inquiry.times.fromMs, evidence: [act.leaf] };
  if (pluginActed(act) && touchOf(act.how) === 'sentOut') return [{ ...base, to: { kind: 'plugin', value: act.plugin }, weight: WEIGHTS.whole, doubt: act.session === '' ? '' : 'the plugin sent it in the request of somebody who need not have wanted it' }];
  // Accounts that somebody tried to log in to did nothing.
  const who = isAnonymous(act) ? undefined : credentialOf(act);
  if (who !== undefined) return [{ ...base, to: belongingPart(inquiry, who, act.address, act.atMs), weight: WEIGHTS.whole, doubt: '' }];
  if (act.address !== '') {
    const others = countParties(partiesAt(inquiry, act.address));
    return [{ ...base, to: { kind: 'address', value: act.address }, weight: others === 0 ? WEIGHTS.whole : WEIGHTS.conspicuous, doubt: others === 0 ? '' : `${counted(others, 'account')} used this address, too` }];
  }
  return act.plugin === '' ? [] : [{ ...base, to: { kind: 'plugin', value: act.plugin }, weight: WEIGHTS.whole, doubt: '' }];
}
