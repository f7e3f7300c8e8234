import * as http from 'node:http';
import * as https from 'node:https';
import type { Endpoint } from './endpoint.ts';
import { RespondError } from './errors.ts';
import { guardedLookup, isRefusedLiteral, resolveHost } from './guarded-lookup.ts';
import type { Resolve } from './guarded-lookup.ts';
import { parseRetryAfter } from './retry-schedule.ts';
import { webhookSignature } from './webhook-signature.ts';

export type SendOutcome =
  | { readonly kind: 'delivered'; readonly status: number }
  | { readonly kind: 'failed'; readonly error: RespondError; readonly retryAfterMs?: number }
  | { readonly kind: 'gone'; readonly error: RespondError };

export interface WebhookSender extends Disposable {
  /** One request. Never rejects. */
  send(id: string, body: string, nowMs: number): Promise<SendOutcome>;
}

/** Of an answer we read no more: what it says does not matter. */
const MAX_ANSWER_BYTES = 16 * 1024;

function judge(status: number, retryAfter: string | undefined, nowMs: number): SendOutcome {
  if (status >= 200 && status < 300) return { kind: 'delivered', status };
  if (status === 410) return { kind: 'gone', error: new RespondError('TQ-RESPOND-09') };
  if (status >= 300 && status < 400) return { kind: 'failed', error: new RespondError('TQ-RESPOND-07', `status ${status}`) };
  const retryAfterMs = status === 429 || status === 503 ? parseRetryAfter(retryAfter, nowMs) : undefined;
  const error = new RespondError('TQ-RESPOND-08', `status ${status}`);
  return retryAfterMs === undefined ? { kind: 'failed', error } : { kind: 'failed', error, retryAfterMs };
}

/** Lets the connection be used again when the answer is short, and drops it when it is not. */
function drain(answer: http.IncomingMessage): void {
  let bytes = 0;
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) answer.destroy();
  });
  answer.on('error', () => answer.destroy());
}

function failure(cause: unknown): SendOutcome {
  if (cause instanceof RespondError) return { kind: 'failed', error: cause };
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'unknown';
  return { kind: 'failed', error: new RespondError('TQ-RESPOND-06', code, { cause }) };
}

/** One endpoint's connections, kept open between requests. Redirects are not followed: `node:http` does not. */
export function createSender(endpoint: Endpoint, resolve: Resolve = resolveHost): WebhookSender {
  const { request, Agent } = endpoint.url.protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 4 });
  const lookup = guardedLookup(resolve, endpoint.allowPrivateAddresses);
  const literalRefused = isRefusedLiteral(endpoint.url, endpoint.allowPrivateAddresses);

  function send(id: string, body: string, nowMs: number): Promise<SendOutcome> {
    if (literalRefused) return Promise.resolve(failure(new RespondError('TQ-RESPOND-03')));
    const timestampS = Math.floor(nowMs / 1000);
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'tourniquet',
      'webhook-id': id,
      'webhook-timestamp': timestampS,
      'webhook-signature': webhookSignature(endpoint.keys, id, timestampS, body),
    };
    return new Promise((settle) => {
      const outgoing = request(endpoint.url, { method: 'POST', agent, lookup, headers, maxHeaderSize: 16 * 1024 }, (answer) => {
        settle(judge(answer.statusCode ?? 0, answer.headers['retry-after'], nowMs));
        drain(answer);
      });
      // A deadline for the whole exchange: a socket's own timeout starts anew with every byte.
      const deadline = setTimeout(() => outgoing.destroy(new RespondError('TQ-RESPOND-05')), endpoint.timeoutMs);
      outgoing.on('error', (cause) => settle(failure(cause)));
      outgoing.on('close', () => clearTimeout(deadline));
      outgoing.end(body);
    });
  }
  return { send, [Symbol.dispose]: () => agent.destroy() };
}
