import type { Settings } from '../contracts/settings.ts';

export const KEYS_SETTINGS = {
  directory: { kind: 'text', default: '', comment: 'Where keys, vault and audit live; empty for keys under the home. Back it up apart from the data; give it a user of its own where possible.' },
  host: { kind: 'text', default: '127.0.0.1', comment: 'Address the keys role listens on. Anything but this machine wants a certificate below.' },
  port: { kind: 'integer', default: 7712, least: 0, most: 65535, comment: 'Port of the keys role; 0 for any free one.' },
  certificate_file: { kind: 'text', default: '', comment: 'Certificate chain (PEM): with it the keys role speaks TLS. Other roles trust its CA through NODE_EXTRA_CA_CERTS.' },
  certificate_key_file: { kind: 'text', default: '', comment: 'Private key (PEM) of that certificate.' },
  lookups_per_minute: { kind: 'integer', default: 10, least: 1, most: 10_000, comment: 'How many identifiers the compliance role may look up in a minute.' },
  overlap_days: { kind: 'integer', default: 30, least: 0, most: 3_650, comment: 'Days for which an old checkpoint key signs beside a new one, so that those who know only the old one learn of the new.' },
} as const satisfies Settings;
