import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { CONSOLE_SETTINGS } from './config.ts';
import type { ConsoleConfig } from './config.ts';
import { CONSOLE_ERRORS, toConsoleError } from './errors.ts';
import { consoleServer } from './server.ts';

const CONFIG: ConsoleConfig = { ...Object.fromEntries(Object.entries(CONSOLE_SETTINGS).map(([name, setting]) => [name, setting.default])), answers: 2 } as ConsoleConfig; // each setting with its default

test('so many answers at a time, more are told to wait; what needs no token is not counted', async () => {
  const app = consoleServer({ config: CONFIG, paths: {} });
  const release = Promise.withResolvers<void>();
  app.route({ method: 'GET', url: '/v1/slow', handler: () => release.promise.then(() => 'done') });
  const slow = [app.inject('/v1/slow'), app.inject('/v1/slow')];
  await sleep(20);
  const refused = await app.inject('/v1/slow');
  expect([refused.statusCode, refused.headers['retry-after'], refused.json()]).toEqual([503, '1', expect.objectContaining({ code: 'TQ-CONSOLE-10' })]);
  expect((await app.inject('/healthz')).json()).toEqual({ status: 'ok' });
  release.resolve();
  expect((await Promise.all(slow)).map((answer) => answer.statusCode)).toEqual([200, 200]);
  expect((await app.inject('/v1/slow')).statusCode).toBe(200);
});

test('another spelling of the path is counted as the path is', async () => {
  const app = consoleServer({ config: CONFIG, paths: {} });
  const release = Promise.withResolvers<void>();
  let asked = 0;
  app.route({ method: 'GET', url: '/v1/slow', handler: () => (++asked <= 2 ? release.promise.then(() => 'late') : 'at once') });
  const slow = ['/%761/slow', '/v1/slow'].map((url) => app.inject(url));
  await expect.poll(() => asked).toBe(2);
  expect((await Promise.all(['/v1/slow', '/%76%31/slow'].map((url) => app.inject(url)))).map((answer) => answer.statusCode)).toEqual([503, 503]);
  release.resolve();
  expect((await Promise.all(slow)).map((answer) => answer.body)).toEqual(['late', 'late']);
});

test('who does not send what was announced keeps nobody out, and who leaves gives the place back', async () => {
  const app = consoleServer({ config: CONFIG, paths: {} });
  app.route({ method: 'POST', url: '/v1/ask', handler: () => 'done' });
  let begun = 0;
  app.server.on('request', () => begun++);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const sockets = Array.from({ length: CONFIG.answers }, () => connect(Number(new URL(url).port), '127.0.0.1'));
  for (const socket of sockets) socket.write('POST /v1/ask HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{');
  await expect.poll(() => begun).toBe(CONFIG.answers);
  const ask = async (): Promise<number> => (await fetch(`${url}/v1/ask`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })).status;
  expect(await ask()).toBe(200);
  for (const socket of sockets) socket.write('1234567}', () => socket.destroy());
  for (let i = 0; i < CONFIG.answers * 2; i++) expect(await ask()).toBe(200);
  await app.close();
});

test('an error of ours is not quoted to the caller', async () => {
  const faults: unknown[] = [];
  const app = consoleServer({ config: CONFIG, paths: {}, onFault: (error) => faults.push(error) });
  const secret = new Error('password=hunter2');
  app.route({ method: 'GET', url: '/v1/broken', handler: () => Promise.reject(secret) });
  const answer = await app.inject('/v1/broken');
  expect([answer.statusCode, answer.body.includes('hunter2'), faults]).toEqual([500, false, [secret]]);
});

test('the address of who asks is the proxy\'s, unless the proxy is named', async () => {
  for (const [proxies, address] of [[[], '127.0.0.1'], [['127.0.0.1'], '203.0.113.9']] as const) {
    const app = consoleServer({ config: { ...CONFIG, proxies }, paths: {} });
    app.route({ method: 'GET', url: '/v1/who', handler: (request) => request.ip });
    expect((await app.inject({ url: '/v1/who', headers: { 'x-forwarded-for': '198.51.100.1, 203.0.113.9' } })).body).toBe(address);
  }
});

test('of what is thrown only HTTP\'s own faults, the store\'s bounds and what can be tried again are believed', () => {
  const code = (error: object): string => toConsoleError(error).code;
  expect([code(new Error('x')), code({ statusCode: 413 }), code({ statusCode: 415 }), code({ code: '159' }), code({ code: '241' }), code({ retryable: true }), code({ code: 'ECONNRESET' }), code({ code: '202' }), code({ statusCode: 200 })])
    .toEqual(['TQ-CONSOLE-13', 'TQ-CONSOLE-12', 'TQ-CONSOLE-04', 'TQ-CONSOLE-16', 'TQ-CONSOLE-16', 'TQ-CONSOLE-11', 'TQ-CONSOLE-11', 'TQ-CONSOLE-11', 'TQ-CONSOLE-13']);
  for (const [name, { status, message }] of Object.entries(CONSOLE_ERRORS)) expect([name, status >= 400, message.endsWith('.')]).toEqual([name, true, true]);
});
