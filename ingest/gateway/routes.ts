import { acceptBlock } from './accept-block.ts';
import { acceptEnrolment, MAX_ENROLMENT_BYTES } from './accept-enrolment.ts';
import { acceptLines } from './accept-lines.ts';
import { answerOrders } from './accept-orders.ts';
import { acceptOtlp } from './accept-otlp.ts';
import { acceptReports, MAX_REPORTS_BYTES, REPORT_TYPES } from './accept-reports.ts';
import { openApiDocument } from './openapi.ts';
import { checkReady } from './readiness.ts';
import { emptyAnswer, jsonAnswer } from './route.ts';
import type { Route } from './route.ts';
import { AFTER_SCHEMA, BLOCK_ANSWER_SCHEMA, BINARY_SCHEMA, DOCUMENT_SCHEMA, ENROLMENT_ANSWER_SCHEMA, FORMAT_SCHEMA, ZONE_SCHEMA, HEALTH_SCHEMA, LINES_ANSWER_SCHEMA, NAME_SCHEMA, ORDERS_ANSWER_SCHEMA, OTLP_ANSWER_SCHEMA, TEXT_SCHEMA } from './schemas.ts';

const UNDER_LOAD = [429, 500, 503];
const FRAMING = [400, 401, 403, 413, 415, 422];

const INGEST_ROUTES: readonly Route[] = [
  {
    method: 'POST', path: '/v1/blocks', summary: 'Takes one signed block of a chain; answers once it is durable', security: 'signature',
    bodyTypes: ['application/octet-stream', 'application/x-ndjson'], answers: { 'application/json': BLOCK_ANSWER_SCHEMA }, errors: [...FRAMING, ...UNDER_LOAD],
    handle: async (context, request) => jsonAnswer(await acceptBlock(context, request)),
  },
  {
    method: 'POST', path: '/v1/events', summary: 'Takes plain lines under an ingest key', security: 'ingest-key',
    query: { site: NAME_SCHEMA, stream: { ...NAME_SCHEMA, default: 'default' }, format: FORMAT_SCHEMA, zone: ZONE_SCHEMA },
    bodyTypes: ['application/x-ndjson', 'text/plain'], answers: { 'application/json': LINES_ANSWER_SCHEMA }, errors: [...FRAMING, ...UNDER_LOAD],
    handle: async (context, request) => jsonAnswer(await acceptLines(context, request)),
  },
  {
    method: 'POST', path: '/v1/logs', summary: 'Takes OTLP/HTTP logs under an ingest key', security: 'ingest-key', errorShape: 'otlp',
    query: { site: NAME_SCHEMA, stream: { ...NAME_SCHEMA, default: 'otlp' } },
    bodyTypes: ['application/json', 'application/x-protobuf'], answers: { 'application/json': OTLP_ANSWER_SCHEMA, 'application/x-protobuf': BINARY_SCHEMA },
    errors: [...FRAMING, ...UNDER_LOAD],
    handle: acceptOtlp,
  },
  {
    method: 'POST', path: '/v1/enrol', summary: 'Pins the public key of a shipper at first contact', security: 'enrolment',
    bodyTypes: ['application/json'], maxBodyBytes: MAX_ENROLMENT_BYTES, answers: { 'application/json': ENROLMENT_ANSWER_SCHEMA }, errors: [...FRAMING, 500, 503],
    handle: async (context, request) => jsonAnswer(await acceptEnrolment(context, request)),
  },
];

/** No credentials are asked for, so any page may send. */
const ANY_ORIGIN = { 'access-control-allow-origin': '*' };

const SITE_ROUTES: readonly Route[] = [
  {
    method: 'GET', path: '/v1/orders', summary: "Letters and commands that wait for a site's plugin", security: 'mailbox',
    query: { site: NAME_SCHEMA, after: AFTER_SCHEMA }, answers: { 'application/json': ORDERS_ANSWER_SCHEMA }, errors: [401, 422, ...UNDER_LOAD],
    handle: async (context, request) => ({ ...jsonAnswer(await answerOrders(context, request)), headers: { 'cache-control': 'no-store' } }),
  },
  {
    method: 'POST', path: '/v1/reports/:site', summary: "Takes what browsers report of a site's pages", security: 'none',
    bodyTypes: REPORT_TYPES, maxBodyBytes: MAX_REPORTS_BYTES, answers: {}, errors: [413, 415, 422, ...UNDER_LOAD],
    handle: async (context, request) => {
      await acceptReports(context, request);
      return emptyAnswer(ANY_ORIGIN);
    },
  },
  {
    method: 'OPTIONS', path: '/v1/reports/:site', summary: 'Tells browsers that they may report', security: 'none', answers: {}, errors: [],
    handle: () => emptyAnswer({ ...ANY_ORIGIN, 'access-control-allow-methods': 'POST', 'access-control-allow-headers': 'content-type', 'access-control-max-age': '86400' }),
  },
];

const STATE_ROUTES: readonly Route[] = [
  {
    method: 'GET', path: '/healthz', summary: 'The process answers', security: 'none', answers: { 'application/json': HEALTH_SCHEMA }, errors: [],
    handle: () => jsonAnswer({ status: 'ok' }),
  },
  {
    method: 'GET', path: '/readyz', summary: 'The event log and the sealing key can be used', security: 'none', answers: { 'application/json': HEALTH_SCHEMA }, errors: [503],
    handle: async (context) => {
      await checkReady(context);
      return jsonAnswer({ status: 'ok' });
    },
  },
  {
    method: 'GET', path: '/metrics', summary: 'Prometheus metrics', security: 'none', answers: { 'text/plain': TEXT_SCHEMA }, errors: [],
    handle: ({ metrics, admission }) => ({
      contentType: 'text/plain; version=0.0.4; charset=utf-8',
      body: metrics.text({ in_flight_bytes: admission.bytes, in_flight_appends: admission.appends }),
    }),
  },
];

const DOCUMENT_ROUTE: Route = {
  method: 'GET', path: '/openapi.json', summary: 'This document', security: 'none', answers: { 'application/json': DOCUMENT_SCHEMA }, errors: [],
  handle: () => jsonAnswer(openApiDocument(ROUTES)),
};

export const ROUTES: readonly Route[] = [...INGEST_ROUTES, ...SITE_ROUTES, ...STATE_ROUTES, DOCUMENT_ROUTE];
