import type { Settings } from '../contracts/settings.ts';

export const RESPOND_SETTINGS = {
  notify_every_alert: { kind: 'switch', default: false, comment: 'Sends each alert by itself. Otherwise the first of a group is sent at once, and those that follow while the group is quiet as one summary.' },
  webhooks: {
    url: { kind: 'text', default: '', comment: 'Where alerts are posted (Standard Webhooks 1.0.0, OCSF Detection Finding). Empty: nowhere.' },
    secret: { kind: 'secret', default: '', comment: 'Signs each request: whsec_ and 24 to 64 bytes as base64.' },
    previous_secret: { kind: 'secret', default: '', comment: 'Signs as well while receivers change over to a new secret.' },
    allow_private_addresses: { kind: 'switch', default: false, comment: 'Lets the receiver stand on a loopback or private address.' },
    include_addresses: { kind: 'switch', default: false, comment: "Puts the source's IP address into the request. An address can be personal data." },
    timeout_ms: { kind: 'integer', default: 10_000, least: 100, most: 60_000, comment: 'A receiver that has not answered by then is tried again.' },
    max_queued: { kind: 'integer', default: 100_000, least: 100, most: 10_000_000, comment: 'Alerts kept for a receiver that does not answer. What is beyond counts as failed; the alerts stay in the store.' },
  },
} as const satisfies Settings;
