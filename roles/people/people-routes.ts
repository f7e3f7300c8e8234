import type { FastifyInstance } from 'fastify';
import { isName } from '../../contracts/names.ts';
import { ConsoleError } from '../../storage/console/errors.ts';
import { BY_PERSON, responses } from '../../storage/console/openapi.ts';
import type { PathItems } from '../../storage/console/openapi.ts';
import { isPersonRole, PERSON_ROLES } from '../../storage/console/people.ts';
import type { Admit, PersonRole } from '../../storage/console/people.ts';
import { PersonError } from './people-admin.ts';
import type { PeopleAdmin } from './people-admin.ts';
import type { PersonState } from './person-record.ts';

export interface PeopleRouteDeps {
  readonly people: PeopleAdmin;
  readonly admit: Admit;
}

/** For admins: who may ask the console. A token stands in one answer, once. */
export function addPeopleRoutes(server: FastifyInstance, { people, admit }: PeopleRouteDeps): void {
  server.route({
    method: 'GET', url: '/v1/people',
    async handler(request) {
      await admit(request, 'people');
      return { people: (await people.list()).map(personFacts) };
    },
  });
  server.route({
    method: 'POST', url: '/v1/people',
    async handler(request) {
      const asker = await admit(request, 'people');
      const { name, role } = fieldsOf(request.body);
      if (!isName(name) || role === undefined) throw new ConsoleError('TQ-CONSOLE-07', { problem: `the body is {"name": …, "role": ${PERSON_ROLES.join(' | ')}}` });
      return { name, role, token: await told(people.add(name, role, asker)) };
    },
  });
  server.route<{ Params: { name: string } }>({
    method: 'POST', url: '/v1/people/:name/token',
    async handler(request) {
      const asker = await admit(request, 'people');
      const { role } = fieldsOf(request.body ?? {});
      return { name: request.params.name, token: await told(people.rotate(request.params.name, role, asker)) };
    },
  });
  server.route<{ Params: { name: string } }>({
    method: 'DELETE', url: '/v1/people/:name',
    async handler(request) {
      const asker = await admit(request, 'people');
      await told(people.remove(request.params.name, asker));
      return { name: request.params.name, removed: true };
    },
  });
}

export function personFacts({ name, role, addedAt, tokenAt, by }: PersonState): object {
  return { name, role, added_at: new Date(addedAt).toISOString(), token_at: new Date(tokenAt).toISOString(), by };
}

function fieldsOf(body: unknown): { readonly name: unknown; readonly role: PersonRole | undefined } {
  const { name, role, ...more }: Partial<Record<string, unknown>> = typeof body === 'object' && body !== null ? { ...body } : {};
  if (Object.keys(more).length > 0 || (role !== undefined && !isPersonRole(role))) throw new ConsoleError('TQ-CONSOLE-07', { problem: `the body takes name and role, one of ${PERSON_ROLES.join(', ')}` });
  return { name, role };
}

function told<T>(change: Promise<T>): Promise<T> {
  return change.catch((error: unknown) => {
    throw error instanceof PersonError ? new ConsoleError('TQ-CONSOLE-15', { cause: error }) : error;
  });
}

const JSON_ANSWER = { 'application/json': { schema: { type: 'object' } } };
const NAME = { name: 'name', in: 'path', required: true, schema: { type: 'string' } };
const REFUSALS = [401, 403, 409, 422, 429, 503];

/** What `/openapi.json` says of these routes. */
export const PEOPLE_PATHS: PathItems = {
  '/v1/people': {
    get: { summary: 'Who may ask the console', security: BY_PERSON, responses: responses(JSON_ANSWER, ...REFUSALS) },
    post: {
      summary: 'Adds a person; the answer holds their token, once', security: BY_PERSON, responses: responses(JSON_ANSWER, ...REFUSALS),
      requestBody: { required: true, content: { 'application/json': { schema: { type: 'object', required: ['name', 'role'], additionalProperties: false, properties: { name: { type: 'string' }, role: { enum: PERSON_ROLES } } } } } },
    },
  },
  '/v1/people/{name}/token': { post: { summary: 'A new token, and a new role when one is named; the token before stops working', security: BY_PERSON, parameters: [NAME], responses: responses(JSON_ANSWER, ...REFUSALS) } },
  '/v1/people/{name}': { delete: { summary: 'Ends a person\'s access at once', security: BY_PERSON, parameters: [NAME], responses: responses(JSON_ANSWER, ...REFUSALS) } },
};
