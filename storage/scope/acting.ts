import type { StoredAct } from './scope-store.ts';

/** What a deed says about who acted, where that is not plain from its columns. */

/** Kinds of event in which a plugin, file or account is acted upon rather than acting. */
const ACTED_UPON = ['configuration', 'file', 'iam', 'authentication'];

/** Whether the plugin named in the deed did it, rather than had it done to it. */
export function pluginActed({ plugin, category }: Pick<StoredAct, 'plugin' | 'category'>): boolean {
  return plugin !== '' && !ACTED_UPON.includes(category);
}

/** Whether the deed sent something to its destination, rather than named it. */
export function hostReceived({ destination, category }: Pick<StoredAct, 'destination' | 'category'>): boolean {
  return destination !== '' && !ACTED_UPON.includes(category);
}

/** Whether nothing but the address tells who did it. A log-in that failed names an account, but nobody was in it. */
export function isAnonymous({ actor, session, key, outcome }: Pick<StoredAct, 'actor' | 'session' | 'key' | 'outcome'>): boolean {
  return session === '' && key === '' && (actor === '' || outcome === 'failure');
}

/** The same in SQL. */
export const ACTS_ITSELF_SQL = `category NOT IN (${ACTED_UPON.map((name) => `'${name}'`).join(', ')})`;
export const ANONYMOUS_SQL = "session = '' AND key = '' AND (actor = '' OR outcome = 'failure')";
