import type { Settings } from '../../contracts/settings.ts';

export const AUDIT_SETTINGS = {
  paths: { kind: 'list', default: [], comment: 'Folders with saved queries of your own, beside the shipped ones: docs/audit.md says how they are written.' },
} as const satisfies Settings;
