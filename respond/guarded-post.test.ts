import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createGuardedPost } from './guarded-post.ts';
import type { GuardedPostOptions } from './guarded-post.ts';

async function withServer(listener: RequestListener, work: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    // A TCP server's address is an AddressInfo.
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/path`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

function guarded(change: Partial<GuardedPostOptions> = {}) {
  return createGuardedPost({ allowPrivateAddresses: true, timeoutMs: 2_000, mostAnswerBytes: 1_000, ...change });
}

test('the answer is given with its status, type and body; a redirect is an answer', async () => {
  await withServer((request, response) => {
    request.on('data', (body: Buffer) => response.writeHead(302, { 'content-type': 'text/x.tlog.size', location: 'http://127.0.0.1:1/' }).end(`${request.method} ${request.headers['x-test']} ${body}`)).resume();
  }, async (url) => {
    expect(await guarded()(url, { 'x-test': 'a' }, 'text')).toEqual({ status: 302, contentType: 'text/x.tlog.size', body: Buffer.from('POST a text') });
  });
});

test.each([
  ['a loopback address', 'http://127.0.0.1:9/', {}, 'TQ-RESPOND-03'],
  ['a name that leads to one', 'http://anchor.example/', { resolve: async () => [{ address: '10.0.0.1', family: 4 }] }, 'TQ-RESPOND-03'],
  ['a metadata service, whatever is allowed', 'http://169.254.169.254/', { allowPrivateAddresses: true }, 'TQ-RESPOND-03'],
  ['a name without addresses', 'http://anchor.example/', { resolve: async () => [] }, 'TQ-RESPOND-04'],
  ['a URL with credentials', 'http://a:b@anchor.example/', {}, 'TQ-RESPOND-01'],
  ['another scheme', 'file:///etc/passwd', {}, 'TQ-RESPOND-01'],
])('%s is refused before anything is sent', async (_what, url, change, code) => {
  await expect(guarded({ allowPrivateAddresses: false, ...change })(url, {}, 'x')).rejects.toMatchObject({ code });
});

test.each([
  ['never answers', () => undefined, 'TQ-RESPOND-05'],
  ['answers without end', (_request, response) => void response.writeHead(200).write('x'.repeat(2_000)), 'TQ-RESPOND-08'],
  ['hangs up', (request) => void request.socket.destroy(), 'TQ-RESPOND-06'],
  ['hangs up in its answer', (request, response) => void response.writeHead(200, { 'content-length': '100' }).write('x', () => request.socket.destroy()), 'TQ-RESPOND-06'],
] as const satisfies readonly (readonly [string, RequestListener, string])[])('a receiver that %s', async (_what, listener, code) => {
  await withServer(listener, async (url) => {
    await expect(guarded({ timeoutMs: 200 })(url, {}, 'x')).rejects.toMatchObject({ code });
  });
});
