import type { ControlStream } from '../../contracts/event-log.ts';
import { isName, NAME_RULE } from '../../contracts/names.ts';
import type { Doer, Trail } from '../../contracts/trail.ts';
import type { PersonRole } from '../../storage/console/people.ts';
import { openPeopleRegister } from './people-register.ts';
import type { PersonState } from './person-record.ts';
import { personKey } from './person-record.ts';
import type { PersonRecord } from './person-record.ts';
import { newToken } from './person-token.ts';

export class PersonError extends Error {
  override readonly name = 'PersonError';
  readonly retryable = false;
}

export interface PeopleAdmin {
  list(): Promise<readonly PersonState[]>;
  /** The token, to be shown once. Rejects with `PersonError` when there is such a person. */
  add(name: string, role: PersonRole, by: Doer): Promise<string>;
  /** A new token; the one before stops working at once. With `role`, that role from now on. */
  rotate(name: string, role: PersonRole | undefined, by: Doer): Promise<string>;
  remove(name: string, by: Doer): Promise<void>;
}

/** Each change is on the trail before it takes effect. */
export function peopleAdmin(registry: ControlStream, trail: Trail, now: () => number = Date.now): PeopleAdmin {
  const known = async (name: string): Promise<PersonState | undefined> => (await openPeopleRegister(registry)).get(name);
  const write = (record: PersonRecord): Promise<number> => registry.append(personKey(record.name), JSON.stringify(record));
  const act = (action: string, name: string, by: Doer, about: Readonly<Record<string, string>> = {}): Promise<void> =>
    trail.write({ action, category: ['iam'], outcome: 'unknown', target: { kind: 'user', name }, actor: by, about });
  const give = async (name: string, role: PersonRole, by: Doer): Promise<string> => {
    const { token, hash } = await newToken(name);
    await write({ type: 'token', name, at: now(), by: by.name, role, token: hash });
    return token;
  };
  return {
    list: async () => (await openPeopleRegister(registry)).list(),
    async add(name, role, by) {
      if (!isName(name)) throw new PersonError(`a person's name ${NAME_RULE}`);
      if ((await known(name)) !== undefined) throw new PersonError(`there is a person ${name} already; names are one person's own. "tourniquet person rotate ${name}" gives a new token`);
      await act('person-added', name, by, { role });
      return give(name, role, by);
    },
    async rotate(name, role, by) {
      const person = await known(name);
      if (person === undefined) throw new PersonError(`there is no such person; "tourniquet person list" shows who there is`);
      const next = role ?? person.role;
      await act('person-token-rotated', name, by, next === person.role ? {} : { role: next, role_before: person.role });
      return give(name, next, by);
    },
    async remove(name, by) {
      if ((await known(name)) === undefined) throw new PersonError(`there is no such person; "tourniquet person list" shows who there is`);
      await act('person-removed', name, by);
      await write({ type: 'removed', name, at: now(), by: by.name });
    },
  };
}
