import type { ConfigOf, Settings } from '../../contracts/settings.ts';

export const ANCHOR_SETTINGS = {
  every_s: { kind: 'integer', default: 60, least: 1, most: 86_400, comment: 'Seconds between two looks for new checkpoints to anchor.' },
  file: { kind: 'switch', default: true, comment: 'Appends new checkpoints to export/checkpoints.ndjson under the home; copy that file to where this machine cannot write.' },
  urls: { kind: 'list', default: [], comment: 'Where new checkpoints are posted, signed like webhooks with respond.webhooks.secret. Keep them on a machine that this one cannot change.' },
  witnesses: { kind: 'list', default: [], comment: 'Witnesses (C2SP tlog-witness) of the deployment log, each "verifier-key URL": they cosign only what continues what they saw.' },
  timestamp_url: { kind: 'text', default: '', comment: 'RFC 3161 time-stamp authority that dates the newest checkpoint of the deployment log. Empty: none.' },
  timestamp_every_s: { kind: 'integer', default: 3_600, least: 60, most: 2_592_000, comment: 'Seconds between two time stamps.' },
  allow_private_addresses: { kind: 'switch', default: false, comment: 'Lets these receivers stand on loopback or private addresses.' },
  timeout_ms: { kind: 'integer', default: 10_000, least: 100, most: 60_000, comment: 'A receiver that has not answered by then is tried again at the next look.' },
} as const satisfies Settings;

export type AnchorConfig = ConfigOf<typeof ANCHOR_SETTINGS>;
