import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { fastify } from 'fastify';
import { describe, expect, test } from 'vitest';
import { LATE_MS } from './admission.ts';
import { createContext, createGateway, gatewayServer } from './gateway.ts';
import { documentedPath } from './openapi.ts';
import { ROUTES } from './routes.ts';
import type { Schema } from './route.ts';
import { ERROR_SCHEMA, STATUS_SCHEMA } from './schemas.ts';
import { blockOf, enrolledShipper, eventLine, newShipper, openTestGateway, SITE } from './test-gateway.ts';

/** Fastify's own validator, so that the document is tested with the dialect the server speaks. */
async function conforms(schema: Schema, value: unknown): Promise<boolean> {
  const app = fastify({ ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false } } });
  app.get('/', (request) => ({ valid: request.validateInput(value, { ...schema }) }));
  const { valid }: { readonly valid: boolean } = (await app.inject('/')).json();
  return valid;
}

function schemaAt(path: string): Schema {
  const schema = ROUTES.find((route) => route.path === path)?.answers['application/json'];
  if (schema === undefined) throw new Error(`no schema for ${path}`);
  return schema;
}

test('over a socket: a site enrols, sends a block and plain lines, and sees them counted', async () => {
  await using gateway = await openTestGateway();
  await using server = await createGateway({ ...gateway.context });
  const shipper = newShipper();
  const enrolled = await fetch(`${server.url}/v1/enrol`, { method: 'POST', body: JSON.stringify({ site: SITE, secret: gateway.secrets.enrolmentSecret, key: shipper.key }) });
  expect([enrolled.status, await enrolled.json()]).toEqual([200, { site: SITE, receipt_key: gateway.context.receipts.publicKey }]);
  const block = blockOf(shipper, [eventLine(1), 'bad']);
  const sent = await fetch(`${server.url}/v1/blocks`, { method: 'POST', body: gzipSync(block.bytes), headers: { 'content-encoding': 'gzip' } });
  expect([sent.status, await sent.json()]).toEqual([200, { receipt: expect.objectContaining({ lines: 2, dead_letters: 1 }) }]);
  const lines = await fetch(`${server.url}/v1/events?site=${SITE}&stream=app`, { method: 'POST', body: eventLine(2), headers: { authorization: `Bearer ${gateway.secrets.ingestKey}` } });
  expect([lines.status, await lines.json()]).toEqual([200, { accepted: 1, dead_letters: 0, lines: 1 }]);
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  for (const line of ['requests_total{route="/v1/blocks",status="200"} 1', 'lines_total{provenance="plugin"} 2', 'dead_letters_total{provenance="plugin"} 1', 'lines_total{provenance="gateway"} 1', 'append_seconds_count 2', 'in_flight_bytes 0', 'in_flight_appends 0']) expect(metrics).toContain(`tourniquet_gateway_${line}\n`);
  expect(metrics).toMatch(/append_seconds_bucket\{le="\+Inf"\} 2\n/);
  expect(await gateway.records()).toHaveLength(2);
});

describe('the OpenAPI document', () => {
  test('names every route the server has, and no other', async () => {
    await using gateway = await openTestGateway();
    const app = gatewayServer(gateway.context);
    const document: { readonly openapi: string; readonly paths: Record<string, Record<string, unknown>> } = (await app.inject('/openapi.json')).json();
    const documented = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
    expect(documented).toEqual(ROUTES.map((route) => `${route.method} ${documentedPath(route)}`));
    for (const route of ROUTES) expect(app.hasRoute({ method: route.method, url: route.path })).toBe(true);
    expect(documented.length).toBe(app.printRoutes({ commonPrefix: false }).match(/GET|POST|OPTIONS/g)?.length);
    expect(await conforms(schemaAt('/openapi.json'), document)).toBe(true);
  });

  test('is kept by answers, right and wrong ones', async () => {
    await using gateway = await openTestGateway({ deps: { checkpointFor: () => 'note' } });
    const app = gatewayServer(gateway.context);
    const shipper = await enrolledShipper(gateway);
    const authorization = `Bearer ${gateway.secrets.ingestKey}`;
    const right = [
      ['/v1/blocks', { method: 'POST', url: '/v1/blocks', payload: blockOf(shipper, [eventLine(1)]).bytes }],
      ['/v1/events', { method: 'POST', url: '/v1/events?format=ndjson', payload: eventLine(1), headers: { authorization } }],
      ['/v1/logs', { method: 'POST', url: '/v1/logs', payload: '{}', headers: { authorization, 'content-type': 'application/json' } }],
      ['/v1/enrol', { method: 'POST', url: '/v1/enrol', payload: { site: SITE, secret: gateway.secrets.enrolmentSecret, key: shipper.key } }],
      ['/healthz', { method: 'GET', url: '/healthz' }],
      ['/readyz', { method: 'GET', url: '/readyz' }],
    ] as const;
    for (const [path, request] of right) {
      const answer = await app.inject({ ...request });
      expect([path, answer.statusCode, await conforms(schemaAt(path), answer.json())]).toEqual([path, 200, true]);
    }
    const wrong = [
      [422, { method: 'POST', url: '/v1/blocks', payload: 'x' }],
      [415, { method: 'POST', url: '/v1/blocks', payload: 'x', headers: { 'content-encoding': 'br' } }],
      [413, { method: 'POST', url: '/v1/blocks', payload: Buffer.alloc(3 * 1024 * 1024) }],
      [401, { method: 'POST', url: '/v1/events', payload: 'x' }],
      [422, { method: 'POST', url: '/v1/events', payload: '', headers: { authorization } }],
      [422, { method: 'POST', url: '/v1/enrol', payload: '{}' }],
      [401, { method: 'POST', url: '/v1/enrol', payload: { site: SITE, secret: 'A'.repeat(43), key: shipper.key } }],
      [403, { method: 'POST', url: '/v1/enrol', payload: { site: SITE, secret: gateway.secrets.enrolmentSecret, key: newShipper().key } }],
      [405, { method: 'GET', url: '/v1/blocks' }],
      [405, { method: 'DELETE', url: '/healthz' }],
      [404, { method: 'GET', url: '/' }],
      [404, { method: 'POST', url: '/v1/blocks/../../etc/passwd' }],
    ] as const;
    for (const [status, request] of wrong) {
      const answer = await app.inject({ ...request });
      expect([request.url, answer.statusCode, await conforms(ERROR_SCHEMA, answer.json())]).toEqual([request.url, status, true]);
    }
    expect((await app.inject({ method: 'GET', url: '/v1/blocks' })).headers['allow']).toBe('POST');
  });
});

describe('OTLP errors', () => {
  test('are google.rpc.Status in the encoding of the request', async () => {
    await using gateway = await openTestGateway();
    const app = gatewayServer(gateway.context);
    const authorization = `Bearer ${gateway.secrets.ingestKey}`;
    const json = await app.inject({ method: 'POST', url: '/v1/logs', payload: '{', headers: { authorization, 'content-type': 'application/json' } });
    expect([json.statusCode, json.json().code, await conforms(STATUS_SCHEMA, json.json())]).toEqual([400, 3, true]);
    const wire = await app.inject({ method: 'POST', url: '/v1/logs', payload: Buffer.alloc(9, 0xff), headers: { authorization, 'content-type': 'application/x-protobuf' } });
    expect([wire.statusCode, wire.headers['content-type'], wire.rawPayload.subarray(0, 2)]).toEqual([400, 'application/x-protobuf', Buffer.of(0x08, 3)]);
    const missing = await app.inject({ method: 'POST', url: '/v1/logs', payload: '{}', headers: { 'content-type': 'application/json' } });
    expect([missing.statusCode, missing.json().code]).toEqual([401, 16]);
  });

  test('say when to try again', async () => {
    await using gateway = await openTestGateway({ config: { max_in_flight_appends: 1 }, deps: { seal: () => new Promise(() => undefined) } });
    const app = gatewayServer(gateway.context);
    const headers = { authorization: `Bearer ${gateway.secrets.ingestKey}`, 'content-type': 'application/json' };
    const payload = '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{}]}]}]}';
    gateway.context.admission.beginAppend();
    const answer = await app.inject({ method: 'POST', url: '/v1/logs', payload, headers });
    expect([answer.statusCode, answer.headers['retry-after'], answer.json().code]).toEqual([503, '1', 14]);
  });
});

describe('back-pressure', () => {
  test('what is above the bytes in flight is refused before it is read, and room comes back', async () => {
    await using gateway = await openTestGateway();
    const app = gatewayServer(gateway.context);
    const held = gateway.context.admission.admit(gateway.context.config.max_in_flight_bytes - 10);
    const refused = await app.inject({ method: 'POST', url: '/v1/blocks', payload: 'x'.repeat(100) });
    expect([refused.statusCode, refused.json().reason, refused.headers['retry-after']]).toEqual([503, 'busy', '1']);
    held.release();
    held.release();
    expect(gateway.context.admission.bytes).toBe(0);
    expect((await app.inject({ method: 'POST', url: '/v1/blocks', payload: 'x'.repeat(100) })).statusCode).toBe(422);
    expect(gateway.context.admission.bytes).toBe(0);
  });

  test('a gateway whose log fails says that it is not ready, without naming the cause', async () => {
    const log = { bounds: () => Promise.reject(new Error('disk of secret-host')) };
    await using gateway = await openTestGateway();
    const app = gatewayServer({ ...gateway.context, log: { ...gateway.log, ...log } });
    const answer = await app.inject('/readyz');
    expect([answer.statusCode, answer.json().reason, answer.headers['retry-after']]).toEqual([503, 'not_ready', '2']);
    expect(answer.body).not.toContain('secret-host');
    expect((await app.inject('/healthz')).statusCode).toBe(200);
    expect(gateway.faults).toHaveLength(1);
  });
});

describe('hostile HTTP', () => {
  test.each([
    ['rubbish', 'rubbish\r\n\r\n'],
    ['a header of 100 kB', `GET /healthz HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`],
    ['a NUL in a header', 'GET /healthz HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n'],
    ['two lengths', 'POST /v1/blocks HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx'],
    ['length and chunks', 'POST /v1/blocks HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a negative length', 'POST /v1/blocks HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n'],
    ['a broken escape in the path', 'GET /%ff%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'],
    ['broken chunks', 'POST /v1/blocks HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
  ])('%s is answered with 4xx in the shape of all errors, and the next request is served', async (_name, bytes) => {
    await using gateway = await openTestGateway();
    await using server = await createGateway({ ...gateway.context });
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    // A reset after the answer is the server's right.
    socket.on('error', () => undefined);
    socket.write(bytes);
    await once(socket, 'close');
    const [head = '', body = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(await conforms(ERROR_SCHEMA, JSON.parse(body))).toBe(true);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });

  test('of a body whose length is not told no more is set aside than its route takes', async () => {
    await using gateway = await openTestGateway();
    const app = gatewayServer(gateway.context);
    const { hostname, port } = new URL(await app.listen({ port: 0 }));
    for (const [path, bytes] of [['/v1/reports/shop', 64 * 1024], ['/v1/enrol', 4096], ['/v1/blocks', 2 * 1024 * 1024]] as const) {
      const socket = connect(Number(port), hostname);
      socket.write(`POST ${path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`);
      await expect.poll(() => gateway.context.admission.bytes, { interval: 1 }).toBe(bytes);
      socket.destroy();
      await expect.poll(() => gateway.context.admission.bytes, { interval: 1 }).toBe(0);
    }
    await app.close();
  });

  test('who sends slowly keeps nobody out: a late body gives its place to the next, one that is there keeps it', async () => {
    await using gateway = await openTestGateway();
    let nowMs = 0;
    const context = createContext({ ...gateway.context, clock: () => nowMs });
    const most = 2 * 1024 * 1024;
    const app = gatewayServer(context);
    const { hostname, port } = new URL(await app.listen({ port: 0 }));
    const slow = connect(Number(port), hostname);
    slow.on('error', () => undefined);
    slow.write(`POST /v1/blocks HTTP/1.1\r\nHost: a\r\nContent-Length: ${most}\r\n\r\nxx`);
    await expect.poll(() => context.admission.bytes, { interval: 1 }).toBe(most);
    const held = context.admission.admit(context.config.max_in_flight_bytes - most, () => expect.fail('it was there'));
    held.arrived();
    const closed = once(slow, 'close');
    const ask = async () => (await app.inject({ method: 'POST', url: '/v1/blocks', payload: 'x'.repeat(900) })).statusCode;
    nowMs = LATE_MS - 1;
    expect(await ask()).toBe(503);
    nowMs = LATE_MS;
    expect(await ask()).toBe(422);
    await closed;
    expect([await ask(), context.admission.bytes]).toEqual([422, context.config.max_in_flight_bytes - most]);
    held.release();
    await app.close();
  });

  test('clients that never send the rest, of a head or a body, do not keep the gateway from closing; what is there is answered first', async () => {
    await using gateway = await openTestGateway();
    const sealing = Promise.withResolvers<void>();
    const server = await createGateway({ ...gateway.context, seal: (_head, body) => sealing.promise.then(() => body) });
    const { hostname, port } = new URL(server.url);
    const halves = ['POST /v1/blo', 'POST /v1/blocks HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nxx'].map((text) => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      socket.write(text);
      return once(socket, 'close');
    });
    const answer = fetch(`${server.url}/v1/events?format=ndjson&stream=s`, { method: 'POST', headers: { authorization: `Bearer ${gateway.secrets.ingestKey}` }, body: `${eventLine(1)}\n` });
    await expect.poll(async () => (await fetch(`${server.url}/metrics`)).text(), { interval: 1 }).toMatch(/in_flight_bytes 1[0-9]{3}\n[^]*in_flight_appends 1\n/);
    const closed = server.close();
    sealing.resolve();
    expect((await answer).status).toBe(200);
    await Promise.all([closed, ...halves]);
  });

  test('a client that goes away in the middle of its body leaves nothing held', async () => {
    await using gateway = await openTestGateway();
    const app = gatewayServer(gateway.context);
    const { hostname, port } = new URL(await app.listen({ port: 0 }));
    const socket = connect(Number(port), hostname);
    socket.write('POST /v1/blocks HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nxx');
    await expect.poll(() => gateway.context.admission.bytes, { interval: 1 }).toBe(1000);
    socket.destroy();
    await expect.poll(() => gateway.context.admission.bytes, { interval: 1 }).toBe(0);
    expect(await gateway.records()).toEqual([]);
    await app.close();
  });
});
