import { isPersonRole } from '../../storage/console/people.ts';
import type { PersonRole } from '../../storage/console/people.ts';
import type { TokenHash } from './person-token.ts';

/** Where records of people stand in the registry stream: appended, folded in order. */
export const PERSON_PREFIX = 'person/';

export function personKey(name: string): string {
  return `${PERSON_PREFIX}${name}`;
}

/** `token` sets role and token, whatever was before; `removed` ends both. `by`: who did it. `at`: Unix ms. */
export type PersonRecord =
  | { readonly type: 'token'; readonly name: string; readonly at: number; readonly by: string; readonly role: PersonRole; readonly token: TokenHash }
  | { readonly type: 'removed'; readonly name: string; readonly at: number; readonly by: string };

/** Undefined when the text is no record of a person. Only this folder writes them; a newer type is passed over. */
export function parsePersonRecord(value: string): PersonRecord | undefined {
  try {
    const record: unknown = JSON.parse(value);
    if (typeof record !== 'object' || record === null || !('type' in record) || !('name' in record) || typeof record.name !== 'string') return undefined;
    if (record.type !== 'removed' && !(record.type === 'token' && 'role' in record && isPersonRole(record.role))) return undefined;
    // Written by this folder only; the registry stream is no input from outside.
    return record as PersonRecord;
  } catch {
    return undefined;
  }
}

export interface PersonState {
  readonly name: string;
  readonly role: PersonRole;
  readonly token: TokenHash;
  readonly addedAt: number;
  readonly tokenAt: number;
  readonly by: string;
}

/** Deterministic: everyone who reads the stream comes to the same people. */
export function foldPerson(people: Map<string, PersonState>, record: PersonRecord): void {
  switch (record.type) {
    case 'token':
      people.set(record.name, { name: record.name, role: record.role, token: record.token, addedAt: people.get(record.name)?.addedAt ?? record.at, tokenAt: record.at, by: record.by });
      return;
    case 'removed':
      people.delete(record.name);
      return;
    default:
      record satisfies never;
  }
}
