import { REASON_TEXT, SEED_KINDS } from '../../contracts/scope.ts';
import { BY_PERSON, responses } from '../console/openapi.ts';
import type { ApiObject, PathItems } from '../console/openapi.ts';
import { ENTITY_KINDS } from './entity.ts';

const SHARE: ApiObject = { type: 'number', minimum: 0, maximum: 1 };
const VALUE: ApiObject = { type: 'string', minLength: 1, maxLength: 512 };

const BODY: ApiObject = {
  type: 'object', additionalProperties: false, required: ['site', 'seed', 'fromMs', 'toMs'],
  properties: {
    site: { type: 'string' },
    seed: { type: 'object', additionalProperties: false, required: ['kind', 'value'], properties: { kind: { enum: SEED_KINDS }, value: VALUE } },
    fromMs: { type: 'integer', description: 'Unix milliseconds' },
    toMs: { type: 'integer', description: 'Unix milliseconds, not included' },
    leastConfidence: { ...SHARE, default: 0.5, description: 'Links below it are shown, but not followed' },
    confidences: { type: 'object', additionalProperties: false, properties: Object.fromEntries(Object.keys(REASON_TEXT).map((reason) => [reason, SHARE])) },
    innocent: { type: 'array', maxItems: 1_000, items: { type: 'object', additionalProperties: false, required: ['kind', 'value'], properties: { kind: { enum: ENTITY_KINDS }, value: VALUE, at: VALUE } } },
  },
};

/** What `/openapi.json` says of the scope's route. */
export const SCOPE_PATHS: PathItems = {
  '/v1/scope': {
    post: {
      summary: 'Whose data a breach touched, with all that leads there and what could hide; needs the role compliance', security: BY_PERSON,
      requestBody: { required: true, content: { 'application/json': { schema: BODY } } },
      responses: responses({ 'application/json': { schema: { type: 'object' } } }, 400, 401, 403, 413, 422, 429, 500, 503),
    },
  },
};
