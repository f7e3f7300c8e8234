import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { endpointsOf } from './endpoint.ts';
import type { Endpoint } from './endpoint.ts';
import { RespondError } from './errors.ts';
import { startReceiver } from './receiver-fixture.ts';
import { createSender } from './webhook-sender.ts';
import type { SendOutcome } from './webhook-sender.ts';

const NOW_MS = 1_614_265_330_500;

function endpoint(url: string, change: Partial<Endpoint> = {}): Endpoint {
  return { name: 'e', url: new URL(url), keys: [Buffer.alloc(24)], allowPrivateAddresses: true, timeoutMs: 300, maxQueued: 10, ...change };
}

async function sendTo(target: Endpoint, resolve?: Parameters<typeof createSender>[1]): Promise<SendOutcome> {
  using sender = createSender(target, resolve);
  return await sender.send('alert_a', '{}', NOW_MS);
}

function code(outcome: SendOutcome): string {
  return outcome.kind === 'delivered' ? 'delivered' : outcome.error.code;
}

describe('a receiver that', () => {
  test.each([[200, 'delivered'], [204, 'delivered'], [299, 'delivered'], [400, 'TQ-RESPOND-08'], [401, 'TQ-RESPOND-08'], [404, 'TQ-RESPOND-08'], [410, 'TQ-RESPOND-09'], [429, 'TQ-RESPOND-08'], [500, 'TQ-RESPOND-08']])('answers %i gives %s', async (status, expected) => {
    await using receiver = await startReceiver((response) => response.writeHead(status).end());
    expect(code(await sendTo(endpoint(receiver.url)))).toBe(expected);
  });

  test.each([301, 302, 303, 307, 308])('redirects with %i is not followed', async (status) => {
    await using target = await startReceiver();
    await using receiver = await startReceiver((response) => response.writeHead(status, { location: target.url }).end());
    expect(code(await sendTo(endpoint(receiver.url)))).toBe('TQ-RESPOND-07');
    expect(target.received).toHaveLength(0);
  });

  test.each([[429, 60_000], [503, 60_000], [500, undefined]])('answers %i with Retry-After is left alone for %s ms', async (status, retryAfterMs) => {
    await using receiver = await startReceiver((response) => response.writeHead(status, { 'retry-after': '60' }).end());
    expect(await sendTo(endpoint(receiver.url))).toMatchObject(retryAfterMs === undefined ? { kind: 'failed' } : { kind: 'failed', retryAfterMs });
  });

  test('never answers, or trickles header bytes, times out', async () => {
    await using silent = await startReceiver(() => undefined);
    expect(code(await sendTo(endpoint(silent.url)))).toBe('TQ-RESPOND-05');
    const trickle = createServer((socket) => {
      const timer = setInterval(() => socket.write('H'), 50);
      socket.on('close', () => clearInterval(timer)).on('error', () => undefined);
      socket.write('HTTP/1.1 200 OK\r\nX-');
    });
    await new Promise<void>((resolve) => trickle.listen(0, '127.0.0.1', resolve));
    // A listening TCP server has an address object.
    expect(code(await sendTo(endpoint(`http://127.0.0.1:${(trickle.address() as AddressInfo).port}/`)))).toBe('TQ-RESPOND-05');
    trickle.close();
  });

  test('resets the connection, or is not there, can be tried again', async () => {
    await using receiver = await startReceiver((_, request) => request.socket.resetAndDestroy());
    const reset = await sendTo(endpoint(receiver.url));
    expect(reset).toMatchObject({ kind: 'failed', error: { code: 'TQ-RESPOND-06', retryable: true } });
    expect(code(await sendTo(endpoint('http://127.0.0.1:1/')))).toBe('TQ-RESPOND-06');
  });

  test('sends an endless body is cut off and its next request works', async () => {
    let closed = 0;
    await using receiver = await startReceiver((response) => {
      response.writeHead(200);
      const more = (): void => {
        while (response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', more).on('close', () => closed++);
      more();
    });
    using sender = createSender(endpoint(receiver.url));
    for (let i = 1; i <= 2; i++) {
      expect(code(await sender.send('alert_a', '{}', NOW_MS))).toBe('delivered');
      while (closed < i) await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });
});

describe('an address that is not allowed', () => {
  test.each(['http://127.0.0.1/', 'http://2130706433/', 'http://0x7f.1/', 'http://[::1]/', 'http://[::ffff:10.0.0.1]/', 'http://169.254.169.254/latest/'])('is refused as a literal: %s', async (url) => {
    expect(code(await sendTo(endpoint(url, { allowPrivateAddresses: false })))).toBe('TQ-RESPOND-03');
  });

  test('is refused when a name resolves to it, alone or among public ones', async () => {
    await using receiver = await startReceiver();
    const { port } = new URL(receiver.url);
    const target = endpoint(`http://hook.example:${port}/`, { allowPrivateAddresses: false });
    for (const addresses of [['127.0.0.1'], ['1.1.1.1', '127.0.0.1']]) {
      expect(code(await sendTo(target, () => Promise.resolve(addresses.map((address) => ({ address, family: 4 }))))) ).toBe('TQ-RESPOND-03');
    }
    expect(receiver.received).toHaveLength(0);
  });

  test('is judged once a connection: a name that changes its answer is asked for no second one', async () => {
    await using receiver = await startReceiver();
    let asked = 0;
    // 127.0.0.1 stands for the judged address; a second question would be answered with one nobody judged.
    const resolve = () => Promise.resolve([{ address: asked++ === 0 ? '127.0.0.1' : '169.254.169.254', family: 4 }]);
    const target = endpoint(`http://hook.example:${new URL(receiver.url).port}/`);
    expect(code(await sendTo(target, resolve))).toBe('delivered');
    expect(asked).toBe(1);
    expect(code(await sendTo(target, resolve))).toBe('TQ-RESPOND-03');
  });

  test('does not hide behind a name that cannot be resolved', async () => {
    expect(code(await sendTo(endpoint('http://hook.example/'), () => Promise.reject(new Error('ENOTFOUND'))))).toBe('TQ-RESPOND-04');
    expect(code(await sendTo(endpoint('http://hook.example/'), () => Promise.resolve([])))).toBe('TQ-RESPOND-04');
  });
});

test.each(['ftp://hook.example/', 'hook.example', 'file:///etc/hosts', 'https://user:pass@hook.example/', 'https://user@hook.example/'])('the URL %s is refused', (url) => {
  const secret = ['whsec', Buffer.alloc(24).toString('base64')].join('_');
  const webhooks = { url, secret, previous_secret: '', allow_private_addresses: false, include_addresses: false, timeout_ms: 1_000, max_queued: 100 };
  expect(() => endpointsOf(webhooks)).toThrow(RespondError);
  expect(endpointsOf({ ...webhooks, url: 'https://hook.example/x' })).toHaveLength(1);
  expect(endpointsOf({ ...webhooks, url: '' })).toHaveLength(0);
});
