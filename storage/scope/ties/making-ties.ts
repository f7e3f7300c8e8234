import { coverOfDeed, presencesBy } from '../inquiry.ts';
import type { Inquiry, Node } from '../inquiry.ts';
import { WEIGHTS } from '../reasons.ts';
import type { Presence, StoredAct } from '../scope-store.ts';
import { pluginActed } from '../acting.ts';
import type { Tie } from '../tie.ts';
import { counted } from '../tie.ts';

const MADE_ACCOUNT = ['user-created', 'administrator-created'];
const CHANGED_ACCOUNT = ['user-role-changed', 'administrator-granted', 'capability-granted', 'password-changed', 'password-reset', 'email-changed'];
const MADE_KEY = ['application-password-created', 'api-key-created'];
/** What of a plugin's life puts foreign code or settings in force, and how sure that makes it the intruder's. */
const PLUGIN_ACTIONS: Readonly<Record<string, number>> = {
  'plugin-installed': WEIGHTS.whole, 'plugin-file-edited': WEIGHTS.whole, 'plugin-activated': WEIGHTS.sameProgram, 'plugin-updated': WEIGHTS.doubtful,
};

/** What a deed of the breach makes, with the deed and what makes it one. */
interface Making {
  readonly deed: StoredAct;
  readonly node: Node;
}

function makings(inquiry: Inquiry): readonly Making[] {
  return [...inquiry.deeds.values()].flatMap((deed): readonly Making[] => {
    if (deed.outcome === 'failure' || !['iam', 'configuration', 'file'].includes(deed.category)) return [];
    const node = coverOfDeed(inquiry, deed);
    return node === undefined ? [] : [{ deed, node }];
  });
}

/** Names of what deeds of the breach made or changed, to be looked up before `makingTies` can judge them. */
export function madeNames(inquiry: Inquiry): { readonly actors: readonly string[]; readonly keys: readonly string[]; readonly plugins: readonly string[]; readonly destinations: readonly string[] } {
  const deeds = makings(inquiry).map(({ deed }) => deed);
  return {
    actors: deeds.filter(({ target_kind }) => target_kind === 'user').map(({ target }) => target),
    keys: deeds.filter(({ target_kind }) => target_kind === 'key').map(({ target }) => target),
    plugins: deeds.map(({ plugin }) => plugin),
    destinations: deeds.map(({ destination }) => destination),
  };
}

/** Accounts, keys, plugins and destinations that deeds of the breach brought into the site. */
export function makingTies(inquiry: Inquiry): readonly Tie[] {
  return [...makings(inquiry).flatMap((making) => [...accountTies(inquiry, making), ...keyTies(inquiry, making), ...pluginTies(inquiry, making), ...hostTies(inquiry, making)]), ...ranFor(inquiry)];
}

function tieOf({ deed, node }: Making, to: Tie['to'], reason: Tie['reason'], weight: number, doubt: string): Tie {
  return { from: node.link.to, to, reason, base: node.link.confidence, weight, sinceMs: deed.atMs, evidence: [deed.leaf], doubt };
}

function accountTies(inquiry: Inquiry, making: Making): readonly Tie[] {
  const { deed } = making;
  if (deed.target_kind !== 'user' || deed.target === '' || deed.target === deed.actor) return [];
  const to = { kind: 'actor', value: deed.target } as const;
  if (MADE_ACCOUNT.includes(deed.action)) return [tieOf(making, to, 'account-made-by', WEIGHTS.whole, '')];
  if (!CHANGED_ACCOUNT.includes(deed.action)) return [];
  const before = presencesBy(inquiry, 'actor', deed.target).filter(({ done, firstMs }) => done > 0 && firstMs < deed.atMs).length;
  return [tieOf(making, to, 'account-changed-by', before === 0 ? WEIGHTS.whole : WEIGHTS.doubtful, before === 0 ? '' : `the account was in use before, in ${counted(before, 'session or place')}: its owner may go on using it`)];
}

function keyTies(inquiry: Inquiry, making: Making): readonly Tie[] {
  const { deed } = making;
  if (!MADE_KEY.includes(deed.action)) return [];
  if (deed.target_kind === 'key' && deed.target !== '') return [tieOf(making, { kind: 'key', value: deed.target }, 'key-made-by', WEIGHTS.whole, '')];
  const owner = deed.target_kind === 'user' && deed.target !== '' ? deed.target : deed.actor;
  const keys = Map.groupBy(presencesBy(inquiry, 'actor', owner).filter(({ key }) => key !== ''), ({ key }) => key);
  const firstUse = (uses: readonly Presence[]): number => Math.min(...uses.map(({ firstMs }) => firstMs));
  return [...keys].filter(([, uses]) => firstUse(uses) >= deed.atMs).map(([key]) => tieOf(making, { kind: 'key', value: key }, 'key-made-by', WEIGHTS.sameProgram, 'the event does not name the key; this one of the account was first used afterwards'));
}

function pluginTies(inquiry: Inquiry, making: Making): readonly Tie[] {
  const { deed } = making;
  const weight = Object.hasOwn(PLUGIN_ACTIONS, deed.action) ? PLUGIN_ACTIONS[deed.action] : undefined;
  if (deed.plugin === '' || weight === undefined) return [];
  const firstMs = inquiry.firstUses.get(`plugin\n${deed.plugin}`);
  const before = firstMs !== undefined && firstMs < deed.atMs;
  const [sure, doubt] = !before ? [weight, weight === WEIGHTS.doubtful ? 'an update may be what it says' : '']
    : deed.action === 'plugin-file-edited' ? [WEIGHTS.conspicuous, 'the plugin was at work before: what it does as always is among its deeds, too'] : [WEIGHTS.doubtful, 'the plugin was at work before'];
  return [tieOf(making, { kind: 'plugin', value: deed.plugin }, 'plugin-installed-by', sure, doubt)];
}

function hostTies(inquiry: Inquiry, making: Making): readonly Tie[] {
  const { deed } = making;
  if (deed.destination === '') return [];
  const firstMs = inquiry.firstUses.get(`destination\n${deed.destination}`);
  const known = firstMs !== undefined && firstMs < deed.atMs;
  return [tieOf(making, { kind: 'destination', value: deed.destination }, 'destination-set-by', known ? WEIGHTS.shared : WEIGHTS.whole, known ? 'the site sent data there before' : '')];
}

const MOST_RAN_FOR = 20;

/** Sessions in whose requests a plugin of the breach did something: named, never followed. */
function ranFor(inquiry: Inquiry): readonly Tie[] {
  const found = new Map<string, Tie>();
  for (const deed of [...inquiry.deeds.values()].toSorted((a, b) => a.leaf - b.leaf)) {
    if (found.size >= MOST_RAN_FOR) break;
    const node = deed.session === '' || !pluginActed(deed) ? undefined : inquiry.nodes.get(`plugin\n${deed.plugin}`);
    if (node?.followed !== true || found.has(deed.session)) continue;
    found.set(deed.session, tieOf({ deed, node }, { kind: 'session', value: deed.session }, 'plugin-ran-for', WEIGHTS.whole, 'whoever was there when a plugin acted has not done it'));
  }
  return [...found.values()];
}
