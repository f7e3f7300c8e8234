import { IDENTIFIER_KINDS } from '../../contracts/token.ts';
import { BY_PERSON, responses } from '../console/openapi.ts';
import type { ApiObject, PathItems } from '../console/openapi.ts';
import { ANSWER_FORMATS, MEDIA_TYPES } from './answer-format.ts';

const FORMAT: ApiObject = { type: 'string', enum: ANSWER_FORMATS };
const NAME: ApiObject = { name: 'name', in: 'path', required: true, schema: { type: 'string' } };
const ANSWER = responses(Object.fromEntries(ANSWER_FORMATS.map((format) => [MEDIA_TYPES[format].split(';', 1)[0], { schema: { type: 'string' } }])), 400, 401, 403, 404, 413, 422, 429, 500, 503);

const BODY: ApiObject = {
  type: 'object',
  additionalProperties: false,
  properties: {
    parameters: { type: 'object', description: 'As GET /v1/audit lists them' },
    identifier: { type: 'object', additionalProperties: false, required: ['kind', 'value'], properties: { kind: { enum: IDENTIFIER_KINDS }, value: { type: 'string', maxLength: 1_000 } }, description: 'Instead of tokens: of the person asked about. Needs the role compliance and a reason.' },
    reason: { type: 'string', maxLength: 1_000, description: 'Why; it stands on the trail' },
    format: FORMAT,
    limit: { type: 'integer', minimum: 1, description: 'Rows of this page' },
    after: { type: 'string', description: '"next" of the page before' },
  },
};

/** What `/openapi.json` says of the audit routes. */
export const AUDIT_PATHS: PathItems = {
  '/v1/audit': { get: { summary: 'The saved queries with their parameters', security: BY_PERSON, responses: responses({ 'application/json': { schema: { type: 'object' } } }, 401, 403, 429, 503) } },
  '/v1/audit/{name}': {
    get: {
      summary: 'The answer of a query; its parameters stand in the address by their names, so none may be an identifier', security: BY_PERSON,
      parameters: [NAME, ...['format', 'limit', 'after', 'reason'].map((name) => ({ name, in: 'query', schema: name === 'format' ? FORMAT : { type: 'string' } }))], responses: ANSWER,
    },
    post: { summary: 'The same, also for a person\'s identifier', security: BY_PERSON, parameters: [NAME], requestBody: { content: { 'application/json': { schema: BODY } } }, responses: ANSWER },
  },
};
