import { fastify } from 'fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ConsoleConfig } from './config.ts';
import { ConsoleError, problemBody, toConsoleError } from './errors.ts';
import { openApiDocument } from './openapi.ts';
import type { PathItems } from './openapi.ts';

export interface ConsoleServerOptions {
  readonly config: ConsoleConfig;
  /** What `/openapi.json` says of the routes that are added. */
  readonly paths: PathItems;
  /** Told of what the console itself is to blame for. */
  readonly onFault?: (error: unknown) => void;
}

const BODY_BYTES = 1024 * 1024;

/** The server without its routes: bounded bodies and times, a bounded number of answers at a time, errors as problem details. */
export function consoleServer(options: ConsoleServerOptions): FastifyInstance {
  const { config } = options;
  const app = fastify({
    logger: false,
    bodyLimit: BODY_BYTES,
    requestTimeout: config.request_timeout_ms,
    // Of a socket on which nothing moves: a client that stops reading does not keep its place.
    connectionTimeout: config.idle_seconds * 1_000,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    trustProxy: config.proxies.length === 0 ? false : [...config.proxies],
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error, _request, reply) => sendProblem(options, reply, error),
  });
  app.setErrorHandler((error, _request, reply) => sendProblem(options, reply, error));
  app.setNotFoundHandler((_request, reply) => sendProblem(options, reply, new ConsoleError('TQ-CONSOLE-05')));
  limitAnswers(app, config.answers);
  app.addHook('onSend', async (_request, reply, payload) => {
    void reply.header('x-content-type-options', 'nosniff').header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
    return payload;
  });
  app.get('/healthz', () => ({ status: 'ok' }));
  app.get('/openapi.json', () => openApiDocument(options.paths));
  return app;
}

/** Of requests that are there to their end, by route: neither a slow sender nor another spelling of a path goes round it. */
function limitAnswers(app: FastifyInstance, most: number): void {
  let underWay = 0;
  app.addHook('preHandler', async ({ routeOptions }, { raw }) => {
    if (routeOptions.url?.startsWith('/v1/') !== true || raw.closed) return;
    if (underWay >= most) throw new ConsoleError('TQ-CONSOLE-10');
    underWay += 1;
    raw.once('close', () => {
      underWay -= 1;
    });
  });
}

function sendProblem({ onFault }: ConsoleServerOptions, reply: FastifyReply, thrown: unknown): FastifyReply {
  const error = toConsoleError(thrown);
  if (error.status >= 500) onFault?.(error.cause ?? error);
  if (error.retryAfterSeconds !== undefined) void reply.header('retry-after', String(error.retryAfterSeconds));
  if (error.status === 401) void reply.header('www-authenticate', 'Bearer');
  return reply.code(error.status).header('content-type', 'application/problem+json').send(JSON.stringify(problemBody(error)));
}
