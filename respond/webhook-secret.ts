import { RespondError } from './errors.ts';

const PREFIX = 'whsec_';

/** The key inside a `whsec_` secret (Standard Webhooks 1.0.0, signature scheme): 24 to 64 bytes of base64. */
export function parseWebhookSecret(secret: string): Buffer {
  const text = secret.trim();
  const key = Buffer.from(text.slice(PREFIX.length), 'base64');
  const canonical = key.toString('base64').replace(/=+$/, '') === text.slice(PREFIX.length).replace(/=+$/, '');
  if (!text.startsWith(PREFIX) || !canonical || key.length < 24 || key.length > 64) throw new RespondError('TQ-RESPOND-02');
  return key;
}
