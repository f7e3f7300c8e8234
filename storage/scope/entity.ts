import { SEED_KINDS } from '../../contracts/scope.ts';
import type { Entity, EntityKind } from '../../contracts/scope.ts';
import { hostReceived, isAnonymous, pluginActed } from './acting.ts';
import type { Presence, StoredAct } from './scope-store.ts';

export const ENTITY_KINDS: readonly EntityKind[] = [...SEED_KINDS.filter((kind) => kind !== 'alert'), 'destination'];

/** Tells entities apart. Values hold no line feed where ours come from, and one that does harms nobody but itself. */
export function entityKey({ kind, value, at }: Entity): string {
  return at === undefined ? `${kind}\n${value}` : `${kind}\n${value}\n${at}`;
}

export function sameEntity(a: Entity | undefined, b: Entity | undefined): boolean {
  return a === undefined || b === undefined ? a === b : entityKey(a) === entityKey(b);
}

/** The entities whose belonging would make the deed one of the breach, the closest first. */
export function entitiesOf(deed: StoredAct): readonly Entity[] {
  const { plugin, destination } = deed;
  const found = [...whoOf(deed, isAnonymous(deed))];
  if (pluginActed(deed)) found.push({ kind: 'plugin', value: plugin });
  if (hostReceived(deed)) found.push({ kind: 'destination', value: destination });
  return found;
}

export function entitiesOfPresence(presence: Presence): readonly Entity[] {
  const { actor, session, key, done } = presence;
  return whoOf(presence, session === '' && key === '' && (actor === '' || done === 0));
}

function whoOf({ actor, session, key, address }: Pick<StoredAct, 'actor' | 'session' | 'key' | 'address'>, anonymous: boolean): readonly Entity[] {
  const found: Entity[] = [];
  const add = (kind: EntityKind, value: string): void => {
    if (value === '') return;
    found.push({ kind, value });
    if (address !== '') found.push({ kind, value, at: address });
  };
  add('session', session);
  add('key', key);
  if (actor !== '') found.push({ kind: 'actor', value: actor });
  if (address === '') return found;
  // An account's deeds at one address are its own only where no session or key tells more.
  if (actor !== '' && session === '' && key === '' && !anonymous) found.push({ kind: 'actor', value: actor, at: address });
  if (anonymous) found.push({ kind: 'address', value: address });
  return found;
}

/** What tells most narrowly who was present; undefined of what nobody did. */
export function credentialOf({ actor, session, key }: Pick<Presence, 'actor' | 'session' | 'key'>): Entity | undefined {
  if (session !== '') return { kind: 'session', value: session };
  if (key !== '') return { kind: 'key', value: key };
  return actor === '' ? undefined : { kind: 'actor', value: actor };
}
