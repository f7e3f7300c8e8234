import { createHmac, timingSafeEqual } from 'node:crypto';
import { parseWebhookSecret } from './webhook-secret.ts';

/** For receivers: whether a request came from us and is fresh. Needs the body's bytes as they came, not parsed JSON. */
export interface WebhookRequest {
  /** Names in lower case, as `node:http` gives them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

export type WebhookVerdict =
  | { readonly ok: true; readonly id: string; readonly timestampS: number }
  | { readonly ok: false; readonly problem: 'header missing' | 'header malformed' | 'too old or too new' | 'no signature fits' };

const TOLERANCE_S = 300;
/** Signatures looked at; more are not ours. */
const MAX_SIGNATURES = 16;

/** `id` is the same on every try: a receiver that has seen it answers 200 and does nothing. */
export function verifyWebhook(request: WebhookRequest, secrets: readonly string[], nowMs: number): WebhookVerdict {
  const id = request.headers['webhook-id'];
  const timestamp = request.headers['webhook-timestamp'];
  const signature = request.headers['webhook-signature'];
  if (id === undefined || timestamp === undefined || signature === undefined) return { ok: false, problem: 'header missing' };
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signature !== 'string' || !/^[0-9]{1,12}$/.test(timestamp)) {
    return { ok: false, problem: 'header malformed' };
  }
  const timestampS = Number(timestamp);
  if (Math.abs(nowMs / 1000 - timestampS) > TOLERANCE_S) return { ok: false, problem: 'too old or too new' };
  const given = signature.split(' ').slice(0, MAX_SIGNATURES).filter((s) => s.startsWith('v1,')).map((s) => Buffer.from(s.slice(3), 'base64'));
  let fits = false;
  for (const secret of secrets) {
    const expected = createHmac('sha256', parseWebhookSecret(secret)).update(`${id}.${timestamp}.`).update(request.body).digest();
    for (const mac of given) if (mac.length === expected.length && timingSafeEqual(mac, expected)) fits = true;
  }
  return fits ? { ok: true, id, timestampS } : { ok: false, problem: 'no signature fits' };
}
