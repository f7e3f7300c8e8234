/** JSON Schema 2020-12 and OpenAPI 3.1 objects, written as they are served. */
export interface ApiObject {
  readonly [keyword: string]: unknown;
}

/** Path to its operations by method. */
export type PathItems = Readonly<Record<string, ApiObject>>;

const PROBLEM: ApiObject = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: { type: { const: 'about:blank' }, title: { type: 'string' }, status: { type: 'integer' }, detail: { type: 'string' }, code: { type: 'string', pattern: '^TQ-CONSOLE-[0-9]{2}$' } },
};

/** Responses: what 200 holds by media type, and problems for every other status. */
export function responses(ok: ApiObject, ...statuses: readonly number[]): ApiObject {
  const problem = { description: 'Refused', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } };
  return Object.fromEntries([['200', { description: 'Done', content: ok }], ...statuses.map((status) => [String(status), problem])]);
}

/** Of operations that a person's token opens. */
export const BY_PERSON: readonly ApiObject[] = [{ person: [] }];

/** OpenAPI 3.1 (spec.openapis.org/oas/v3.1.0). */
export function openApiDocument(paths: PathItems): ApiObject {
  const own: PathItems = {
    '/healthz': { get: { summary: 'The process answers', security: [], responses: responses({ 'application/json': { schema: { type: 'object' } } }) } },
    '/openapi.json': { get: { summary: 'This document', security: [], responses: responses({ 'application/json': { schema: { type: 'object' } } }) } },
  };
  return {
    openapi: '3.1.0',
    info: { title: 'Tourniquet console', version: '1', description: 'Audit queries, breach scope and the ledger. Identifiers of persons go into bodies, never into addresses.' },
    paths: { ...own, ...paths },
    components: { schemas: { Problem: PROBLEM }, securitySchemes: { person: { type: 'http', scheme: 'bearer', description: 'A person\'s own token, printed once by "tourniquet person add"' } } },
  };
}
