import { isPersonRole, PERSON_ROLES } from '../../storage/console/people.ts';
import type { PersonRole } from '../../storage/console/people.ts';
import { accountName } from '../account.ts';
import { loadConfig } from '../config/config.ts';
import { connectKeys, requireRunning } from '../connections.ts';
import { openEventLog } from '../event-log.ts';
import { homeAt } from '../home.ts';
import { peopleAdmin, PersonError } from '../people/people-admin.ts';
import type { PeopleAdmin } from '../people/people-admin.ts';
import { openPeopleRegister } from '../people/people-register.ts';
import { personFacts } from '../people/people-routes.ts';
import { openTrail } from '../trail.ts';
import { UsageError } from '../usage-error.ts';

function roleIn(text: string): PersonRole {
  if (!isPersonRole(text)) throw new UsageError(`--role is one of ${PERSON_ROLES.join(', ')}`);
  return text;
}

/** Changes are on the trail before they take effect, so the keys role has to run. */
async function withPeople<T>(change: (people: PeopleAdmin) => Promise<T>): Promise<T> {
  const home = homeAt();
  const config = loadConfig();
  requireRunning(config, home, 'keys');
  await using log = await openEventLog(config, home);
  const trail = await openTrail(log, await connectKeys(config, home, 'gateway'));
  return await change(peopleAdmin(log.registry, trail)).catch((error: unknown) => {
    throw error instanceof PersonError ? new UsageError(error.message, { cause: error }) : error;
  });
}

function by(): { readonly name: string } {
  return { name: accountName() };
}

function printToken(name: string, role: string, token: string, json: boolean): number {
  const lines = [`${name}, ${role}. The token is shown only now, and is ${name}'s alone: the trail names who asked.`, '', `  ${token}`, '', 'Send it as "Authorization: Bearer TOKEN" to the console.', ''];
  process.stdout.write(json ? `${JSON.stringify({ name, role, token })}\n` : lines.join('\n'));
  return 0;
}

export async function addPerson(name: string, options: { readonly role: string; readonly json?: true }): Promise<number> {
  const role = roleIn(options.role);
  return printToken(name, role, await withPeople((people) => people.add(name, role, by())), options.json === true);
}

/** A new token; with a role, that role from now on. */
export async function rotatePerson(name: string, options: { readonly role?: string; readonly json?: true }): Promise<number> {
  const role = options.role === undefined ? undefined : roleIn(options.role);
  return withPeople(async (people) => {
    const token = await people.rotate(name, role, by());
    const now = (await people.list()).find((person) => person.name === name);
    return printToken(name, now?.role ?? role ?? '', token, options.json === true);
  });
}

export async function removePerson(name: string): Promise<number> {
  await withPeople((people) => people.remove(name, by()));
  process.stdout.write(`Removed ${name}: the token no longer opens anything.\n`);
  return 0;
}

export async function listPeople(options: { readonly json?: true }): Promise<number> {
  await using log = await openEventLog(loadConfig(), homeAt());
  const people = (await openPeopleRegister(log.registry)).list();
  if (options.json === true) {
    for (const person of people) process.stdout.write(`${JSON.stringify(personFacts(person))}\n`);
    return 0;
  }
  if (people.length === 0) process.stdout.write('Nobody yet. Add somebody with "tourniquet person add NAME --role ROLE".\n');
  const width = Math.max(4, ...people.map(({ name }) => name.length));
  if (people.length > 0) process.stdout.write(`${'NAME'.padEnd(width)}  ROLE        TOKEN SINCE           BY\n`);
  for (const { name, role, tokenAt, by: who } of people) process.stdout.write(`${name.padEnd(width)}  ${role.padEnd(10)}  ${new Date(tokenAt).toISOString().slice(0, 19)}Z  ${who}\n`);
  return 0;
}
