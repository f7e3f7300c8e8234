import { createHash, timingSafeEqual } from 'node:crypto';
import type { Server } from 'node:http';
import { join } from 'node:path';
import fastify from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { makePrivateDirectory } from './atomic-file.ts';
import { openAudit } from './audit.ts';
import type { Audit } from './audit.ts';
import { checkpointSigner } from './checkpoint-signer.ts';
import { KeysError } from './errors.ts';
import { openKeyRing } from './key-ring.ts';
import { KEYS_ROLES } from './operation.ts';
import type { AuditSubject, KeysRole, Operation } from './operation.ts';
import { operations } from './operations.ts';
import { requestFields } from './request-fields.ts';
import { tokenBucket } from './token-bucket.ts';
import { openVaultStore } from './vault.ts';

export interface KeysServerOptions {
  readonly directory: string;
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** SHA-256 (hex) of each role's secret of 32 random bytes. A role that is missing cannot do anything. */
  readonly roleSecrets: ReadonlyMap<KeysRole, string>;
  readonly lookupsPerMinute?: number;
  /** How long a checkpoint key signs beside the one that follows it. */
  readonly overlapDays?: number;
  /** PEM. With it the role speaks https only. */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer };
  readonly now?: () => number;
}

export interface KeysServer {
  readonly url: string;
  /** Waits for the requests in flight. */
  readonly close: () => Promise<void>;
}

const LOOKUPS_PER_MINUTE = 10;
const OVERLAP_DAYS = 30;
const DAY_MS = 86_400_000;
/** Refusals of unknown callers written to the audit at most; a flood must not fill the disk. */
const AUDITED_REFUSALS_PER_MINUTE = 60;
const BODY_BYTES = 2 * 1024 * 1024;

/** Where the audit lies in the keys directory. */
export function auditDirectory(directory: string): string {
  return join(directory, 'audit');
}

/** Starts the keys role on its directory, which it makes at first start. Rejects with `KeysError`. */
export async function startKeysServer(options: KeysServerOptions): Promise<KeysServer> {
  const now = options.now ?? Date.now;
  const ring = openKeyRing(options.directory, now());
  const vaultDirectory = join(options.directory, 'vault');
  makePrivateDirectory(vaultDirectory);
  await using opened = new AsyncDisposableStack();
  const audit = opened.use(openAudit(auditDirectory(options.directory), now));
  const vault = opened.use(openVaultStore(vaultDirectory));
  const app = serverOf(options.tls);
  opened.defer(async () => app.close());
  const mayLookUp = tokenBucket(options.lookupsPerMinute ?? LOOKUPS_PER_MINUTE, now);
  const table = operations({ ring, vault, sign: checkpointSigner(ring, vault, now), mayLookUp, overlapMs: (options.overlapDays ?? OVERLAP_DAYS) * DAY_MS, now });
  const guard: Guard = { audit, secrets: options.roleSecrets, mayAuditRefusal: tokenBucket(AUDITED_REFUSALS_PER_MINUTE, now) };
  for (const [name, operation] of Object.entries(table)) addRoute(app, name, operation, guard);
  answerErrors(app);
  const url = await app.listen({ host: options.host, port: options.port });
  const running = opened.move();
  return { url, close: async () => running.disposeAsync() };
}

function serverOf(tls: KeysServerOptions['tls']): FastifyInstance {
  const common = { logger: false, bodyLimit: BODY_BYTES };
  // Routes and hooks are the same over TLS; only the type of the raw server differs.
  return tls === undefined ? fastify<Server>(common) : (fastify({ ...common, https: { cert: tls.cert, key: tls.key, minVersion: 'TLSv1.3' } }) as unknown as FastifyInstance);
}

interface Guard {
  readonly audit: Audit;
  readonly secrets: ReadonlyMap<KeysRole, string>;
  readonly mayAuditRefusal: () => boolean;
}

function addRoute(app: FastifyInstance, name: string, operation: Operation, guard: Guard): void {
  const { roles, run } = operation;
  if (roles === 'public') {
    app.get(`/v1/${name}`, async () => run(requestFields({}), { site: '', reason: '' }));
    return;
  }
  app.post(`/v1/${name}`, async (request) => {
    const audited: AuditSubject = { site: '', reason: '' };
    const role = callerRole(request, guard.secrets);
    const act = async (outcome: string) => guard.audit.record({ role: role ?? 'unknown', operation: name, ...audited, outcome });
    try {
      if (role === undefined) throw new KeysError('TQ-KEYS-01');
      if (!roles.includes(role)) throw new KeysError('TQ-KEYS-02');
      const answer: unknown = await run(requestFields(request.body), audited);
      await act('done');
      return answer;
    } catch (cause) {
      const error = cause instanceof KeysError ? cause : new KeysError('TQ-KEYS-11', name, { cause });
      if (error.code !== 'TQ-KEYS-01' || guard.mayAuditRefusal()) await act(error.code);
      throw error;
    }
  });
}

/** The role a request may speak for. Compares digests, in constant time. */
function callerRole(request: FastifyRequest, secrets: ReadonlyMap<KeysRole, string>): KeysRole | undefined {
  const role = KEYS_ROLES.find((known) => known === request.headers['tourniquet-role']);
  const hash = role === undefined ? undefined : secrets.get(role);
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (hash === undefined || bearer === undefined) return undefined;
  const wanted = Buffer.from(hash, 'hex');
  const given = createHash('sha256').update(bearer).digest();
  return wanted.length === given.length && timingSafeEqual(wanted, given) ? role : undefined;
}

function answerErrors(app: FastifyInstance): void {
  const answer = (reply: FastifyReply, error: KeysError) => reply.code(error.status).send({ code: error.code, message: error.message, retryable: error.retryable });
  app.setNotFoundHandler(async (_request, reply) => answer(reply, new KeysError('TQ-KEYS-03', 'path')));
  // What fastify itself refuses (no JSON, too large): its message could quote the body.
  app.setErrorHandler(async (error, _request, reply) => answer(reply, error instanceof KeysError ? error : new KeysError('TQ-KEYS-03', 'body')));
}
