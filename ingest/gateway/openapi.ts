import { ERROR_SCHEMA, STATUS_SCHEMA } from './schemas.ts';
import type { Route, Schema } from './route.ts';

/** OpenAPI 3.1 (spec.openapis.org/oas/v3.1.0) of the routes. */
export function openApiDocument(routes: readonly Route[]): Schema {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) };
  return {
    openapi: '3.1.0',
    info: { title: 'Tourniquet gateway', version: '1', description: 'Where sites send their logs. Bodies may be gzip or zstd compressed.' },
    paths,
    components: {
      schemas: { Error: ERROR_SCHEMA, Status: STATUS_SCHEMA },
      securitySchemes: { 'ingest-key': { type: 'http', scheme: 'bearer', description: 'Shown once by "tourniquet site add"' } },
    },
  };
}

function operation(route: Route): Schema {
  const errorRef = { $ref: `#/components/schemas/${route.errorShape === 'otlp' ? 'Status' : 'Error'}` };
  const responses: Record<string, Schema> = { 200: { description: 'Done', content: content(route.answers) } };
  for (const status of route.errors.toSorted((a, b) => a - b)) {
    const headers = status === 429 || status === 503 ? { headers: { 'Retry-After': { schema: { type: 'integer' }, description: 'Seconds to wait' } } } : {};
    responses[status] = { description: 'Refused', ...headers, content: content({ 'application/json': errorRef }) };
  }
  return {
    summary: route.summary,
    security: route.security === 'ingest-key' ? [{ 'ingest-key': [] }] : [],
    parameters: Object.entries(route.query ?? {}).map(([name, schema]) => ({ name, in: 'query', required: false, schema })),
    ...(route.bodyTypes === undefined ? {} : { requestBody: { required: true, content: content(Object.fromEntries(route.bodyTypes.map((type) => [type, { type: 'string' }]))) } }),
    responses,
  };
}

function content(schemas: Readonly<Record<string, Schema>>): Schema {
  return Object.fromEntries(Object.entries(schemas).map(([type, schema]) => [type, { schema }]));
}
