import * as http from 'node:http';
import * as https from 'node:https';
import { parseEndpointUrl } from './endpoint.ts';
import { RespondError } from './errors.ts';
import { guardedLookup, isRefusedLiteral, resolveHost } from './guarded-lookup.ts';
import type { Resolve } from './guarded-lookup.ts';

export interface GuardedPostOptions {
  readonly allowPrivateAddresses: boolean;
  /** For the whole exchange. */
  readonly timeoutMs: number;
  /** A longer answer is refused. */
  readonly mostAnswerBytes: number;
  readonly resolve?: Resolve;
}

export interface GuardedAnswer {
  readonly status: number;
  /** Empty when there is none. */
  readonly contentType: string;
  readonly body: Buffer;
}

export type GuardedPost = (url: string, headers: Readonly<Record<string, string>>, body: string | Buffer) => Promise<GuardedAnswer>;

/** POST requests whose answer is read, to addresses judged as those of webhooks are. A redirect is an answer like any other. Rejects with `RespondError`. */
export function createGuardedPost({ allowPrivateAddresses, timeoutMs, mostAnswerBytes, resolve = resolveHost }: GuardedPostOptions): GuardedPost {
  const lookup = guardedLookup(resolve, allowPrivateAddresses);
  return (text, headers, body) => new Promise((settle, reject) => {
    const url = parseEndpointUrl(text);
    if (isRefusedLiteral(url, allowPrivateAddresses)) throw new RespondError('TQ-RESPOND-03');
    const { request } = url.protocol === 'https:' ? https : http;
    const outgoing = request(url, { method: 'POST', agent: false, lookup, headers: { ...headers, 'content-length': Buffer.byteLength(body), 'user-agent': 'tourniquet' }, maxHeaderSize: 16 * 1024 }, (answer) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > mostAnswerBytes) outgoing.destroy(new RespondError('TQ-RESPOND-08', `an answer of more than ${mostAnswerBytes} bytes`));
        else chunks.push(chunk);
      });
      answer.on('end', () => settle({ status: answer.statusCode ?? 0, contentType: answer.headers['content-type'] ?? '', body: Buffer.concat(chunks) }));
      answer.on('error', (cause) => reject(wrapped(cause)));
    });
    const deadline = setTimeout(() => outgoing.destroy(new RespondError('TQ-RESPOND-05')), timeoutMs);
    outgoing.on('error', (cause) => reject(wrapped(cause)));
    outgoing.on('close', () => {
      clearTimeout(deadline);
      // Of an answer that was cut off nothing else is told. After it settled this does nothing.
      reject(new RespondError('TQ-RESPOND-06'));
    });
    outgoing.end(body);
  });
}

function wrapped(cause: Error): RespondError {
  if (cause instanceof RespondError) return cause;
  return new RespondError('TQ-RESPOND-06', 'code' in cause && typeof cause.code === 'string' ? cause.code : 'unknown', { cause });
}
