import { createHmac, randomBytes } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Trail } from '../../contracts/trail.ts';
import { ConsoleError } from '../../storage/console/errors.ts';
import { may } from '../../storage/console/people.ts';
import type { Admit, Asker, Person } from '../../storage/console/people.ts';
import type { PeopleRegister } from './people-register.ts';
import { holds, parseToken } from './person-token.ts';
import type { ParsedToken } from './person-token.ts';

export interface AdmissionDeps {
  readonly people: Pick<PeopleRegister, 'refresh' | 'get'>;
  readonly trail: Trail;
  readonly attemptsPerMinute: number;
  readonly now?: () => number;
}

/** Tokens that were checked, so that a page does not cost a derivation each time. */
const MOST_CHECKED = 1_000;
/** Addresses whose wrong tokens are counted. */
const MOST_ADDRESSES = 10_000;
/** Derivations that wait for one another. */
const MOST_WAITING = 16;
/** Refusals on the trail: a flood must not fill it. What is left out is counted in the next. */
const REFUSALS_PER_MINUTE = 30;
const MINUTE_MS = 60_000;

/** Counts what happens at an address in the running minute. */
class MinuteCounts {
  readonly #counts = new Map<string, { count: number; sinceMs: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  of(place: string): number {
    const known = this.#counts.get(place);
    return known === undefined || this.#now() - known.sinceMs >= MINUTE_MS ? 0 : known.count;
  }

  add(place: string): void {
    const count = this.of(place);
    const sinceMs = count === 0 ? this.#now() : (this.#counts.get(place)?.sinceMs ?? this.#now());
    this.#counts.delete(place);
    this.#counts.set(place, { count: count + 1, sinceMs });
    const oldest = this.#counts.keys().next().value;
    if (this.#counts.size > MOST_ADDRESSES && oldest !== undefined) this.#counts.delete(oldest);
  }
}

/** Who holds the token of a request, and whether their role may; refusals are rate-limited by address and on the trail. */
export function createAdmission({ people, trail, attemptsPerMinute, now = Date.now }: AdmissionDeps): Admit {
  const wrong = new MinuteCounts(now);
  const told = new MinuteCounts(now);
  const check = tokenCheck(people);
  let untold = 0;

  const refuse = async (error: ConsoleError, action: string, who: string, address: string, about: Readonly<Record<string, string>> = {}): Promise<never> => {
    if (told.of('') >= REFUSALS_PER_MINUTE) {
      untold += 1;
      throw error;
    }
    told.add('');
    const left = untold;
    untold = 0;
    await trail.write({ action, category: ['authentication'], outcome: 'failure', actor: { name: who, address }, about: { ...about, ...(left === 0 ? {} : { not_recorded: left }) } });
    throw error;
  };

  return async (request, permission) => {
    const address = request.ip;
    const token = bearerOf(request);
    if (token === undefined) throw new ConsoleError('TQ-CONSOLE-01');
    const person = await check(token, () => {
      if (wrong.of(address) >= attemptsPerMinute) throw new ConsoleError('TQ-CONSOLE-03', { retryAfterSeconds: 60 });
    });
    if (person === undefined) {
      wrong.add(address);
      // The name is what somebody claimed; whether there is such a person is not told.
      return refuse(new ConsoleError('TQ-CONSOLE-01'), 'token-refused', token.name, address);
    }
    const asker: Asker = { ...person, address };
    if (!may(person.role, permission)) return refuse(new ConsoleError('TQ-CONSOLE-02'), 'permission-refused', person.name, address, { permission, role: person.role });
    return asker;
  };
}

function bearerOf(request: FastifyRequest): ParsedToken | undefined {
  const bearer = /^Bearer (\S{1,200})$/i.exec(request.headers.authorization ?? '')?.[1];
  return bearer === undefined ? undefined : parseToken(bearer);
}

/**
 * Reads the people anew each time, so a removal holds at once; derives one token at a time. `mayDerive` throws when it may
 * not: whoever was let in before is let in all the same, so nobody shuts others out who come from the same address.
 */
function tokenCheck(people: AdmissionDeps['people']): (token: ParsedToken, mayDerive: () => void) => Promise<Person | undefined> {
  const ownKey = randomBytes(32);
  const checked = new Set<string>();
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return async ({ name, secret }, mayDerive) => {
    await people.refresh();
    const known = people.get(name);
    // Bound to the kept hash: another token of the person ends what was checked with the one before.
    const mark = createHmac('sha256', ownKey).update(`${name}\n${known?.token.hash ?? ''}\n${secret}`).digest('base64url');
    const person = known === undefined ? undefined : { name, role: known.role };
    if (known !== undefined && checked.has(mark)) return person;
    mayDerive();
    if (waiting >= MOST_WAITING) throw new ConsoleError('TQ-CONSOLE-10');
    waiting += 1;
    const derived = last.then(() => holds(secret, known?.token));
    last = derived.catch(() => undefined);
    const good = await derived.finally(() => {
      waiting -= 1;
    });
    if (!good) return undefined;
    checked.add(mark);
    const oldest = checked.keys().next().value;
    if (checked.size > MOST_CHECKED && oldest !== undefined) checked.delete(oldest);
    return person;
  };
}
