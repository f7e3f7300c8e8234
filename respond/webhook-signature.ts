import { createHmac } from 'node:crypto';

/** Standard Webhooks 1.0.0: HMAC-SHA-256 over `id.timestamp.body`, one signature a key, separated by spaces. */
export function webhookSignature(keys: readonly Uint8Array[], id: string, timestampS: number, body: string): string {
  return keys.map((key) => `v1,${createHmac('sha256', key).update(`${id}.${timestampS}.${body}`).digest('base64')}`).join(' ');
}
