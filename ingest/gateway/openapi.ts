import { ERROR_SCHEMA, NAME_SCHEMA, STATUS_SCHEMA } from './schemas.ts';
import type { Route, Schema } from './route.ts';

/** OpenAPI 3.1 (spec.openapis.org/oas/v3.1.0) of the routes. */
export function openApiDocument(routes: readonly Route[]): Schema {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const route of routes) paths[documentedPath(route)] = { ...paths[documentedPath(route)], [route.method.toLowerCase()]: operation(route) };
  return {
    openapi: '3.1.0',
    info: { title: 'Tourniquet gateway', version: '1', description: 'Where sites send their logs. Bodies may be gzip or zstd compressed.' },
    paths,
    components: {
      schemas: { Error: ERROR_SCHEMA, Status: STATUS_SCHEMA },
      securitySchemes: {
        'ingest-key': { type: 'http', scheme: 'bearer', description: 'Shown once by "tourniquet site add"' },
        mailbox: { type: 'http', scheme: 'bearer', description: 'The secret whose SHA-256 a shipper gave as mailbox_hash when it enrolled' },
      },
    },
  };
}

/** As OpenAPI writes named parts. */
export function documentedPath({ path }: Route): string {
  return path.replace(/:([a-z]+)/g, '{$1}');
}

function pathNames({ path }: Route): readonly string[] {
  return [...path.matchAll(/:([a-z]+)/g)].map(([, name]) => name ?? '');
}

function operation(route: Route): Schema {
  const errorRef = { $ref: `#/components/schemas/${route.errorShape === 'otlp' ? 'Status' : 'Error'}` };
  const responses: Record<string, Schema> = Object.keys(route.answers).length === 0 ? { 204: { description: 'Done' } } : { 200: { description: 'Done', content: content(route.answers) } };
  for (const status of route.errors.toSorted((a, b) => a - b)) {
    const headers = status === 429 || status === 503 ? { headers: { 'Retry-After': { schema: { type: 'integer' }, description: 'Seconds to wait' } } } : {};
    responses[status] = { description: 'Refused', ...headers, content: content({ 'application/json': errorRef }) };
  }
  return {
    summary: route.summary,
    security: route.security === 'ingest-key' || route.security === 'mailbox' ? [{ [route.security]: [] }] : [],
    parameters: [
      ...pathNames(route).map((name) => ({ name, in: 'path', required: true, schema: NAME_SCHEMA })),
      ...Object.entries(route.query ?? {}).map(([name, schema]) => ({ name, in: 'query', required: false, schema })),
    ],
    ...(route.bodyTypes === undefined ? {} : { requestBody: { required: true, content: content(Object.fromEntries(route.bodyTypes.map((type) => [type, { type: 'string' }]))) } }),
    responses,
  };
}

function content(schemas: Readonly<Record<string, Schema>>): Schema {
  return Object.fromEntries(Object.entries(schemas).map(([type, schema]) => [type, { schema }]));
}
