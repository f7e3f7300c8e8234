import type { ClickHouseClient } from '@clickhouse/client';
import { IDENTIFIER_KINDS } from '../../contracts/token.ts';
import type { IdentifierKind } from '../../contracts/token.ts';
import type { ActFact, Doer, Trail } from '../../contracts/trail.ts';
import { ConsoleError } from '../console/errors.ts';
import type { AnswerFormat } from './answer-format.ts';
import { prepareAnswer } from './audit-answer.ts';
import type { Answer, AnswerPage } from './audit-answer.ts';
import type { AuditFolders } from './audit-folders.ts';
import type { AuditQuery } from './audit-query.ts';
import { CursorError } from './cursor.ts';
import { ALL_SITES, MOST_SUBJECTS, ParameterError, readParameters } from './parameters.ts';
import type { ParameterValues } from './parameters.ts';
import { SealedCheckpoints } from './sealed-checkpoints.ts';
import { tokensOnRecord } from './tokens-on-record.ts';
import type { SiteToken } from './tokens-on-record.ts';

/** A person's identifier in the clear: it is made tokens of, and goes nowhere else. */
export interface Identifier {
  readonly kind: IdentifierKind;
  readonly value: string;
}

export interface AuditRequest {
  readonly query: AuditQuery;
  /** As they came, by name. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly identifier?: Identifier;
  /** Why; it stands on the trail. An identifier needs one. */
  readonly reason?: string;
  readonly format: AnswerFormat;
  readonly limit: number;
  readonly after?: string;
}

export interface AuditDeps {
  /** Of the store's user `reader`. */
  readonly client: ClickHouseClient;
  readonly folders: AuditFolders;
  readonly trail: Trail;
  /** Every site there is, our own among them. */
  readonly sites: () => Promise<readonly string[]>;
  /** The keys role's look-up: tokens of an identifier on these sites, in every key epoch. */
  readonly lookup: (kind: IdentifierKind, identifier: string, sites: readonly string[], reason: string) => Promise<readonly SiteToken[]>;
  /** On a cluster brings the client's replica level with the others: a checkpoint may have come to it before the rows it covers. */
  readonly bringLevel?: () => Promise<void>;
  readonly now?: () => number;
}

export interface AuditService {
  readonly folders: AuditFolders;
  /**
   * One page. The run is on the trail, with names, tokens and times, before the store is asked for a row. Rejects with
   * `ConsoleError`, and with what the store said.
   */
  ask(asker: Doer, request: AuditRequest, signal?: AbortSignal): Promise<AnswerPage>;
}

export function auditService(deps: AuditDeps): AuditService {
  const { client, folders, trail, bringLevel, now = Date.now } = deps;
  const sealed = new SealedCheckpoints(client);
  return {
    folders,
    async ask(asker, request, signal) {
      const answer = await prepared(deps, request, now);
      const written = trail.write({
        action: 'audit-query-run', category: ['data_access'], outcome: 'unknown', actor: asker, target: { kind: 'query', name: request.query.name },
        ...(request.reason === undefined ? {} : { reason: request.reason }), about: runFacts(request, answer.values),
      });
      const [checkpoints] = await Promise.all([sealed.at(answer.sites, answer.sealedByMs), written]);
      await bringLevel?.();
      return await answer.page(client, checkpoints, signal).catch((error: unknown) => {
        throw parameterProblem(error);
      });
    },
  };
}

async function prepared(deps: AuditDeps, request: AuditRequest, now: () => number): Promise<Answer> {
  const sites = await deps.sites();
  try {
    const parameters = request.identifier === undefined ? request.parameters : await withTokens(deps, request, request.identifier, sites, now);
    return prepareAnswer({ query: request.query, parameters, limit: request.limit, sites, now, ...(request.after === undefined ? {} : { after: request.after }) });
  } catch (error) {
    throw parameterProblem(error);
  }
}

function parameterProblem(error: unknown): unknown {
  return error instanceof ParameterError ? new ConsoleError(error instanceof CursorError ? 'TQ-CONSOLE-08' : 'TQ-CONSOLE-07', { problem: error.message, cause: error }) : error;
}

/** Any token: what else was given is checked before an identifier is looked up. */
const SOME_TOKEN = 'a'.repeat(24);

async function withTokens({ lookup, client }: AuditDeps, { query, parameters, reason = '' }: AuditRequest, { kind, value }: Identifier, sites: readonly string[], now: () => number): Promise<Readonly<Record<string, unknown>>> {
  const subject = query.parameters.find(({ type }) => type === 'subjects');
  if (subject === undefined) throw new ParameterError([`${query.name} asks about no person: it takes no identifier`]);
  if (Object.hasOwn(parameters, subject.name)) throw new ParameterError([`${subject.name} and an identifier are two ways to name the person: give one`]);
  if (reason.trim() === '') throw new ParameterError(['an identifier needs a reason: it stands on the trail and in the audit of the keys role']);
  const values = readParameters(query, { ...parameters, [subject.name]: SOME_TOKEN }, { sites, asOfMs: now() });
  const chosen = query.parameters.flatMap(({ name, type }) => (type === 'sites' && values[name] !== ALL_SITES ? [values[name]] : [])).flat().map(String);
  const named = (chosen.length === 0 ? sites : chosen).filter((site) => !site.startsWith('_'));
  if (named.length === 0) throw new ParameterError(['an identifier has tokens of sites only: name one']);
  const tokens = await lookup(kind, value, named, reason).catch((error: unknown) => {
    throw lookupProblem(error);
  });
  if (tokens.length <= MOST_SUBJECTS / 2) return { ...parameters, [subject.name]: [...new Set(tokens.map(({ token }) => token))] };
  return { ...parameters, ...narrowed(query, subject.name, await tokensOnRecord(client, tokens), tokens) };
}

/** Of an identifier's tokens on very many sites only those on record; of one that is on none, some, so that the answer is empty. */
function narrowed({ parameters }: AuditQuery, subject: string, found: readonly SiteToken[], asked: readonly SiteToken[]): Readonly<Record<string, readonly string[]>> {
  const some = found.length === 0 ? asked.slice(0, 1) : found;
  const sites = parameters.find(({ type }) => type === 'sites');
  return { [subject]: [...new Set(some.map(({ token }) => token))], ...(sites === undefined ? {} : { [sites.name]: [...new Set(some.map(({ site }) => site))] }) };
}

/** What the keys role refused, in words for who asks; by its codes, which never change. */
function lookupProblem(error: unknown): unknown {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'TQ-KEYS-06') return new ConsoleError('TQ-CONSOLE-09', { retryAfterSeconds: 60, cause: error });
  if (code === 'TQ-KEYS-03') return new ParameterError(['the identifier is empty once spaces and signs are taken away, or longer than 1000 characters']);
  return error;
}

/** More values than these stand on the trail as a number only. */
const MOST_VALUES = 100;

function runFacts({ query, identifier, format, limit, after }: AuditRequest, values: ParameterValues): Readonly<Record<string, ActFact>> {
  const parameters = Object.fromEntries(Object.entries(values).map(([name, value]): [string, ActFact] => [name, Array.isArray(value) && value.length > MOST_VALUES ? { values: value.length } : value]));
  return { query_sha256: query.hash, parameters, format, limit, ...(identifier === undefined ? {} : { identifier: identifier.kind }), ...(after === undefined ? {} : { later_page: true }) };
}

export function isIdentifierKind(text: unknown): text is IdentifierKind {
  return IDENTIFIER_KINDS.some((kind) => kind === text);
}
