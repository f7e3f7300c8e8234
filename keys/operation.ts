import type { CheckpointSigner } from './checkpoint-signer.ts';
import type { KeyRing } from './key-ring.ts';
import type { RequestFields } from './request-fields.ts';
import type { VaultStore } from './vault.ts';

/**
 * `public` needs no secret. `operator` is the command line; `retention` only ever runs offline; `console` answers over HTTP, so
 * it may look identifiers up and sign bundles, and never sees what stands behind a token; `respond` has token keys sealed to
 * sites' boxes, and never sees one.
 */
export const KEYS_ROLES = ['gateway', 'worker', 'compliance', 'operator', 'retention', 'console', 'respond'] as const;
export type KeysRole = (typeof KEYS_ROLES)[number];

/** What an act works on; filled in while a request is read, for the audit. */
export interface AuditSubject {
  site: string;
  reason: string;
}

export interface Operation {
  /** `public`: anyone, unaudited: the answer is the same for all and printed on every bundle. */
  readonly roles: readonly KeysRole[] | 'public';
  readonly run: (fields: RequestFields, audited: AuditSubject) => unknown;
}

export type Operations<Name extends string> = Readonly<Record<Name, Operation>>;

export interface OperationParts {
  readonly ring: KeyRing;
  readonly vault: VaultStore;
  readonly sign: CheckpointSigner;
  readonly mayLookUp: () => boolean;
  /** How long the checkpoint key before signs beside a new one. */
  readonly overlapMs: number;
  readonly now: () => number;
}

export function siteOf(fields: RequestFields, audited: AuditSubject): string {
  audited.site = fields.site();
  return audited.site;
}

export function reasonOf(fields: RequestFields, audited: AuditSubject): void {
  audited.reason = fields.text('reason');
}

/** For the audit. */
export function sitesText(named: readonly string[]): string {
  const sites = new Set(named);
  return sites.size === 1 ? (named[0] ?? '') : `${sites.size} sites`;
}
