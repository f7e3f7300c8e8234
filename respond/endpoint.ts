import { RespondError } from './errors.ts';
import { parseWebhookSecret } from './webhook-secret.ts';
import type { ConfigOf } from '../contracts/settings.ts';
import type { RESPOND_SETTINGS } from './config.ts';

/** A receiver of alerts. */
export interface Endpoint {
  /** Names its queue: kept when the URL changes. */
  readonly name: string;
  readonly url: URL;
  /** Newest first; each signs. */
  readonly keys: readonly Buffer[];
  readonly allowPrivateAddresses: boolean;
  readonly timeoutMs: number;
  readonly maxQueued: number;
}

export function parseEndpointUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) throw new RespondError('TQ-RESPOND-01');
  if (url.username !== '' || url.password !== '') throw new RespondError('TQ-RESPOND-01', 'it holds credentials');
  return url;
}

/** The endpoints that the settings name: none or one. Secrets are values, read from where the settings refer to. */
export function endpointsOf(webhooks: ConfigOf<typeof RESPOND_SETTINGS>['webhooks']): readonly Endpoint[] {
  if (webhooks.url === '') return [];
  return [{
    name: 'default',
    url: parseEndpointUrl(webhooks.url),
    keys: [webhooks.secret, webhooks.previous_secret].filter((s, i) => i === 0 || s !== '').map(parseWebhookSecret),
    allowPrivateAddresses: webhooks.allow_private_addresses,
    timeoutMs: webhooks.timeout_ms,
    maxQueued: webhooks.max_queued,
  }];
}
