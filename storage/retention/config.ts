import type { ConfigOf, Setting, Settings } from '../../contracts/settings.ts';
import type { Tier } from '../../contracts/tiers.ts';

const FORM = '"30 days", "12 months", "6 years" or "forever"';

export const RETENTION_SETTINGS = {
  presets: { kind: 'list', default: [], comment: 'Periods by name, joined: hipaa, pci (at least), gdpr (at most, where no other asks for more). docs/retention.md lists them. Nothing expires by itself: see "tourniquet expire".' },
  keep: {
    brief: { kind: 'text', default: '', comment: `How long rows of the tier are kept after the end of their month: ${FORM}. Empty: as the presets say, else forever.` },
    standard: { kind: 'text', default: '', comment: 'The same for what no other tier takes.' },
    payment: { kind: 'text', default: '', comment: 'The same for events with payment data (classes pci and fin).' },
    health: { kind: 'text', default: '', comment: 'The same for events with health data (class phi).' },
    trail: { kind: 'text', default: '', comment: 'The same for the product\'s own acts: who looked, changed, erased.' },
  } satisfies Readonly<Record<Tier, Setting>>,
} as const satisfies Settings;

export type RetentionConfig = ConfigOf<typeof RETENTION_SETTINGS>;
