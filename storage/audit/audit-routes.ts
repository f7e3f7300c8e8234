import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ConsoleError } from '../console/errors.ts';
import type { Admit } from '../console/people.ts';
import { ANSWER_FORMATS, formatPage, isAnswerFormat, MEDIA_TYPES } from './answer-format.ts';
import type { AnswerFormat } from './answer-format.ts';
import { listQueries } from './audit-folders.ts';
import type { AuditQuery } from './audit-query.ts';
import { isIdentifierKind } from './audit-service.ts';
import type { AuditRequest, AuditService, Identifier } from './audit-service.ts';
import { QueryFileError } from './query-problem.ts';

export interface AuditRouteDeps {
  readonly audit: AuditService;
  readonly admit: Admit;
  /** Most rows of a page. */
  readonly pageRows: number;
}

const DEFAULT_LIMIT = 1_000;
const OWN_FIELDS: ReadonlySet<string> = new Set(['format', 'limit', 'after', 'reason']);
const BODY_FIELDS: ReadonlySet<string> = new Set(['parameters', 'identifier', ...OWN_FIELDS]);

/** `GET /v1/audit`, and each query as GET (parameters in the address) and POST (also identifiers, in the body). */
export function addAuditRoutes(server: FastifyInstance, deps: AuditRouteDeps): void {
  server.route({
    method: 'GET', url: '/v1/audit',
    async handler(request) {
      await deps.admit(request, 'query');
      const { queries, problems } = await listQueries(deps.audit.folders);
      return { queries: queries.map(queryFacts), unreadable: problems.map((problem) => problem.message.split('\n', 1)[0]) };
    },
  });
  server.route<{ Params: { name: string } }>({
    method: 'GET', url: '/v1/audit/:name',
    async handler(request, reply) {
      const given = objectOf(request.query);
      if (Object.hasOwn(given, 'identifier')) throw new ConsoleError('TQ-CONSOLE-07', { problem: 'an identifier in an address would stand in logs: send it in the body of a POST' });
      const parameters = Object.fromEntries(Object.entries(given).filter(([name]) => !OWN_FIELDS.has(name)));
      return answer(deps, request, reply, given, parameters, undefined);
    },
  });
  server.route<{ Params: { name: string } }>({
    method: 'POST', url: '/v1/audit/:name',
    async handler(request, reply) {
      const body = objectOf(request.body ?? {});
      if (Object.keys(body).some((name) => !BODY_FIELDS.has(name))) throw new ConsoleError('TQ-CONSOLE-04', { problem: `the body takes ${[...BODY_FIELDS].join(', ')}` });
      return answer(deps, request, reply, body, objectOf(body['parameters'] ?? {}), body['identifier'] === undefined ? undefined : identifierOf(body['identifier']));
    },
  });
}

export function queryFacts({ name, title, question, controls, role, parameters, hash }: AuditQuery): object {
  return { name, title, question, controls, role, parameters: parameters.map(({ default: given, ...parameter }) => ({ ...parameter, required: given === undefined, ...(given === undefined ? {} : { default: given }) })), sha256: hash };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ConsoleError('TQ-CONSOLE-04', { problem: 'expected an object' });
  // An object's own names; each value is checked where it is used.
  return { ...value };
}

function identifierOf(value: unknown): Identifier {
  const { kind, value: text, ...more } = objectOf(value);
  if (!isIdentifierKind(kind) || typeof text !== 'string' || text === '' || text.length > 1_000 || Object.keys(more).length > 0) throw new ConsoleError('TQ-CONSOLE-07', { problem: 'identifier is {"kind": "email", "phone", "digits", "alphanumeric" or "text", "value": …}' });
  return { kind, value: text };
}

async function answer(deps: AuditRouteDeps, request: FastifyRequest<{ Params: { name: string } }>, reply: FastifyReply, given: Readonly<Record<string, unknown>>, parameters: AuditRequest['parameters'], identifier: Identifier | undefined): Promise<FastifyReply> {
  let asker = await deps.admit(request, identifier === undefined ? 'query' : 'identifiers');
  const query = await deps.audit.folders.query(request.params.name).catch((error: unknown) => {
    if (error instanceof QueryFileError) throw new ConsoleError('TQ-CONSOLE-06', { problem: 'its file cannot be read; "tourniquet audit list" says why', cause: error });
    throw error;
  });
  if (query === undefined) throw new ConsoleError('TQ-CONSOLE-06');
  if (query.role !== 'analyst') asker = await deps.admit(request, query.role === 'admin' ? 'people' : 'identifiers');
  const { reason, after } = given;
  if ((reason !== undefined && (typeof reason !== 'string' || reason.length > 1_000)) || (after !== undefined && typeof after !== 'string')) throw new ConsoleError('TQ-CONSOLE-07', { problem: 'reason and after are texts' });
  const format = formatOf(given['format'], request.headers.accept);
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  const page = await deps.audit.ask(asker, {
    query, parameters, format, limit: limitOf(given['limit'], deps.pageRows),
    ...(identifier === undefined ? {} : { identifier }), ...(reason === undefined ? {} : { reason }), ...(after === undefined ? {} : { after }),
  }, gone.signal);
  return reply.header('content-type', MEDIA_TYPES[format]).send(Readable.from(inChunks(formatPage(format, query, page)), { objectMode: false }));
}

const CHUNK_CHARACTERS = 32_768;

/** Rows are small: sent one by one, each would cost a write of its own. */
async function* inChunks(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let held = '';
  for await (const piece of pieces) {
    held += piece;
    if (held.length < CHUNK_CHARACTERS) continue;
    yield held;
    held = '';
  }
  if (held !== '') yield held;
}

function limitOf(given: unknown, most: number): number {
  const limit = given === undefined ? Math.min(DEFAULT_LIMIT, most) : typeof given === 'string' && /^\d{1,9}$/.test(given) ? Number(given) : given;
  if (typeof limit !== 'number' || !Number.isSafeInteger(limit) || limit < 1 || limit > most) throw new ConsoleError('TQ-CONSOLE-07', { problem: `limit is a whole number from 1 to ${most}` });
  return limit;
}

/** What is asked for by name, else what the client accepts, else NDJSON. */
function formatOf(given: unknown, accept: string | undefined): AnswerFormat {
  if (isAnswerFormat(given)) return given;
  if (given !== undefined) throw new ConsoleError('TQ-CONSOLE-07', { problem: `format is one of ${ANSWER_FORMATS.join(', ')}` });
  return ANSWER_FORMATS.find((format) => accept?.includes(MEDIA_TYPES[format].split(';', 1)[0] ?? '') === true) ?? 'ndjson';
}
