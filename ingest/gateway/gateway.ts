import { fastify } from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MAX_BODY_BYTES } from '../../contracts/limits.ts';
import type { SyslogSink } from '../syslog/sink.ts';
import { createAdmission } from './admission.ts';
import type { Ticket } from './admission.ts';
import { createBudgets } from './budgets.ts';
import type { GatewayContext, GatewayDeps } from './context.ts';
import { GatewayError, errorBody, toGatewayError } from './errors.ts';
import { createMetrics } from './metrics.ts';
import { otlpErrorAnswer } from './otlp-answer.ts';
import { createRateLimit } from './rate-limit.ts';
import { createReceiptSigner } from './receipt-signer.ts';
import { createRecordWriter } from './record-writer.ts';
import type { Route } from './route.ts';
import { ROUTES } from './routes.ts';
import { createSyslogSink } from './syslog-sink.ts';

export type { GatewayDeps } from './context.ts';

export interface Gateway extends AsyncDisposable {
  readonly url: string;
  /** Where a syslog listener brings what it reads. */
  readonly syslogSink: SyslogSink;
  /** Answers what is under way, then resolves; cuts off what is not sent within a second or not answered within two: all of it may be sent again. */
  close(): Promise<void>;
}

/** Less than all roles together are given to end. */
const DRAIN_MS = 2_000;
const DRAIN_BODIES_MS = 1_000;

/** A plugin asks once a minute; a site may have several. */
const ORDERS_A_MINUTE = 120;
/** Requests, of up to twenty reports each. */
const REPORTS_A_MINUTE = 300;
const MOST_BUDGETS = 50_000;

/** Listens when it resolves. */
export async function createGateway(deps: GatewayDeps): Promise<Gateway> {
  const context = createContext(deps);
  const app = gatewayServer(context);
  const url = await app.listen({ host: deps.config.host, port: deps.config.port });
  const close = async () => {
    // A server that closes looks at no request's time any more.
    const timers = [setTimeout(() => context.admission.giveUpArriving(), DRAIN_BODIES_MS), setTimeout(() => app.server.closeAllConnections(), DRAIN_MS)];
    await app.close().finally(() => {
      for (const timer of timers) clearTimeout(timer);
    });
  };
  return { url, syslogSink: createSyslogSink(context), close, [Symbol.asyncDispose]: close };
}

export function createContext(deps: GatewayDeps): GatewayContext {
  const admission = createAdmission(deps.config, deps.clock);
  const metrics = createMetrics();
  return {
    ...deps,
    receipts: createReceiptSigner(deps.receiptKey),
    admission,
    metrics,
    rateLimit: createRateLimit(deps.config, deps.clock),
    orderBudgets: createBudgets({ perMinute: ORDERS_A_MINUTE, mostNames: MOST_BUDGETS }, deps.clock),
    reportBudgets: createBudgets({ perMinute: REPORTS_A_MINUTE, mostNames: MOST_BUDGETS }, deps.clock),
    writer: createRecordWriter(deps.log, deps.seal, admission, metrics, deps.config.append_timeout_ms),
  };
}

/** The server without a socket, for tests. */
export function gatewayServer(context: GatewayContext): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    trustProxy: context.config.trusted_proxies.length === 0 ? false : [...context.config.trusted_proxies],
    requestTimeout: context.config.request_timeout_ms,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 100 },
    frameworkErrors: (error, _request, reply) => sendError(context, undefined, reply, error),
    clientErrorHandler(_error, socket) {
      context.metrics.refused('bad_request');
      const body = JSON.stringify(errorBody(new GatewayError('TQ-GATEWAY-16')));
      if (socket.writable) socket.end(`HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);
    },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  for (const route of ROUTES) addRoute(app, context, route);
  const byPath = Map.groupBy(ROUTES, (route) => route.path);
  app.setNotFoundHandler((request, reply) => {
    const known = byPath.get(request.url.split('?', 1)[0] ?? '');
    if (known === undefined) return sendError(context, undefined, reply, new GatewayError('TQ-GATEWAY-10'));
    void reply.header('allow', known.map((route) => route.method).join(', '));
    return sendError(context, undefined, reply, new GatewayError('TQ-GATEWAY-11'));
  });
  app.setErrorHandler((error, _request, reply) => sendError(context, undefined, reply, error));
  return app;
}

function addRoute(app: FastifyInstance, context: GatewayContext, route: Route): void {
  const tickets = new WeakMap<FastifyRequest, Ticket>();
  app.route({
    method: route.method,
    url: route.path,
    ...(route.maxBodyBytes === undefined ? {} : { bodyLimit: route.maxBodyBytes }),
    exposeHeadRoute: false,
    onRequest(request, reply, done) {
      // Before the body is read: what is not admitted is never held.
      const ticket = context.admission.admit(route.method === 'POST' ? announcedBytes(request, route.maxBodyBytes ?? MAX_BODY_BYTES) : 0, () => request.raw.destroy());
      tickets.set(request, ticket);
      reply.raw.once('close', () => ticket.release());
      done();
    },
    preValidation(request, _reply, done) {
      tickets.get(request)?.arrived();
      done();
    },
    async handler(request, reply) {
      // Set by the hook above, which ran first.
      const ticket = tickets.get(request)!;
      try {
        const answer = await route.handle(context, {
          body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
          encoding: request.headers['content-encoding'],
          authorization: request.headers.authorization,
          contentType: request.headers['content-type'],
          query: isRecord(request.query) ? request.query : {},
          params: isRecord(request.params) ? request.params : {},
          address: request.ip,
          ticket,
        });
        const status = answer.status ?? 200;
        context.metrics.request(route.path, status);
        void reply.code(status).headers(answer.headers ?? {});
        return status === 204 ? reply.send() : reply.header('content-type', answer.contentType).send(answer.body);
      } finally {
        ticket.release();
      }
    },
    errorHandler: (error, _request, reply) => sendError(context, route, reply, error),
  });
}

function announcedBytes(request: FastifyRequest, most: number): number {
  const announced = Number(request.headers['content-length'] ?? most);
  return announced >= 0 && announced <= most ? announced : most;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function sendError(context: GatewayContext, route: Route | undefined, reply: FastifyReply, thrown: unknown): FastifyReply {
  const error = toGatewayError(thrown);
  if (error.status >= 500) context.onFault?.(error.cause ?? error);
  context.metrics.request(route?.path ?? 'none', error.status);
  context.metrics.refused(error.reason);
  if (error.retryAfterSeconds !== undefined) void reply.header('retry-after', String(error.retryAfterSeconds));
  if (error.status === 401) void reply.header('www-authenticate', 'Bearer');
  const answer = route?.errorShape === 'otlp' ? otlpErrorAnswer(error, reply.request.headers['content-type']) : { contentType: 'application/json', body: JSON.stringify(errorBody(error)) };
  return reply.code(error.status).header('content-type', answer.contentType).send(answer.body);
}
