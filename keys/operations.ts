import { formatVerifier } from '../contracts/checkpoint.ts';
import { signRedaction } from '../contracts/redaction.ts';
import { unwrapDataKey, WRAPPED_KEY_BYTES } from '../contracts/sealed-key.ts';
import { normalise, tokenOf } from '../contracts/token.ts';
import type { CheckpointSigner } from './checkpoint-signer.ts';
import { KeysError } from './errors.ts';
import type { KeyRing } from './key-ring.ts';
import type { RequestFields } from './request-fields.ts';
import type { VaultStore } from './vault.ts';

/** `public` needs no secret. `operator` is the command line. */
export const KEYS_ROLES = ['gateway', 'worker', 'compliance', 'operator'] as const;
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

export interface OperationParts {
  readonly ring: KeyRing;
  readonly vault: VaultStore;
  readonly sign: CheckpointSigner;
  readonly mayLookUp: () => boolean;
}

export type OperationName = 'sealing-key' | 'site-keys' | 'unwrap' | 'sign-checkpoint' | 'checkpoint-verifier' | 'vault-put' | 'vault-reveal' | 'vault-erase' | 'lookup' | 'rotate' | 'fingerprint-key' | 'sign-redaction';

function siteOf(fields: RequestFields, audited: AuditSubject): string {
  audited.site = fields.site();
  return audited.site;
}

function reasonOf(fields: RequestFields, audited: AuditSubject): void {
  audited.reason = fields.text('reason');
}

/** For the audit. */
function sitesText(named: readonly string[]): string {
  const sites = new Set(named);
  return sites.size === 1 ? (named[0] ?? '') : `${sites.size} sites`;
}

export function operations(parts: OperationParts): Readonly<Record<OperationName, Operation>> {
  return { ...keyOperations(parts), ...vaultOperations(parts), ...lookupOperations(parts) };
}

function keyOperations({ ring, sign }: OperationParts): Readonly<Record<'sealing-key' | 'site-keys' | 'unwrap' | 'sign-checkpoint' | 'checkpoint-verifier' | 'rotate' | 'fingerprint-key' | 'sign-redaction', Operation>> {
  return {
    'sealing-key': {
      roles: ['gateway', 'worker'],
      run() {
        const { id, publicKey } = ring.sealingKey();
        return { id, public_key: publicKey.toString('base64') };
      },
    },
    'site-keys': {
      roles: ['worker'],
      run(fields, audited) {
        const keys = ring.siteKeys(siteOf(fields, audited), fields.optionalCount('epoch'));
        return { epoch: keys.epoch, token: keys.token.toString('base64'), dead_letter: keys.deadLetter.toString('base64') };
      },
    },
    'fingerprint-key': {
      roles: ['worker', 'compliance'],
      run: () => ({ key: ring.fingerprintKey().toString('base64') }),
    },
    unwrap: {
      roles: ['worker'],
      run(fields) {
        const dataKey = unwrapDataKey(fields.bytes('wrapped', WRAPPED_KEY_BYTES), ring.sealingPrivateKey(fields.text('sealing_key_id')));
        if (dataKey === undefined) throw new KeysError('TQ-KEYS-04', 'data key');
        return { data_key: dataKey.toString('base64') };
      },
    },
    'sign-checkpoint': {
      roles: ['worker'],
      run: async (fields, audited) => ({ note: await sign(siteOf(fields, audited), fields.count('size'), fields.bytes('root', 32)) }),
    },
    'sign-redaction': {
      roles: ['compliance'],
      run(fields, audited) {
        reasonOf(fields, audited);
        const origin = `${ring.deployment}/${siteOf(fields, audited)}`;
        const redaction = { origin, leaf: fields.count('leaf'), leafHash: fields.bytes('leaf_hash', 32), redactedHash: fields.bytes('redacted_hash', 32), redactedAtMs: Date.now() };
        return { note: signRedaction(redaction, ring.deployment, ring.checkpointKey) };
      },
    },
    'checkpoint-verifier': {
      roles: 'public',
      run: () => ({ verifier: formatVerifier(ring.deployment, ring.checkpointKey), deployment: ring.deployment }),
    },
    rotate: {
      roles: ['operator'],
      run(fields, audited) {
        reasonOf(fields, audited);
        return { epoch: ring.rotate() };
      },
    },
  };
}

function vaultOperations({ vault }: OperationParts): Readonly<Record<'vault-put' | 'vault-reveal' | 'vault-erase', Operation>> {
  return {
    'vault-put': {
      // The worker has just seen the value in the clear; only compliance may ever see it again.
      roles: ['worker', 'compliance'],
      async run(fields, audited) {
        const entries = fields.vaultEntries();
        audited.site = sitesText(entries.map(({ site }) => site));
        await vault.put(entries);
        return {};
      },
    },
    'vault-reveal': {
      roles: ['compliance'],
      run(fields, audited) {
        reasonOf(fields, audited);
        return { value: vault.reveal(siteOf(fields, audited), fields.text('token'))?.toString('base64') ?? null };
      },
    },
    'vault-erase': {
      roles: ['compliance'],
      async run(fields, audited) {
        reasonOf(fields, audited);
        return { erased: await vault.erase(siteOf(fields, audited), fields.text('subject')) };
      },
    },
  };
}

function lookupOperations({ ring, mayLookUp }: OperationParts): Readonly<Record<'lookup', Operation>> {
  return {
    lookup: {
      roles: ['compliance'],
      run(fields, audited) {
        reasonOf(fields, audited);
        const kind = fields.identifierKind();
        const identifier = fields.text('identifier');
        const sites = fields.sites();
        audited.site = sitesText(sites);
        if (normalise(kind, identifier) === '') throw new KeysError('TQ-KEYS-03', 'identifier');
        if (!mayLookUp()) throw new KeysError('TQ-KEYS-06');
        const epochs = Array.from({ length: ring.newestEpoch() }, (_, i) => i + 1);
        return { tokens: sites.flatMap((site) => epochs.map((epoch) => ({ site, epoch, token: tokenOf(ring.siteKeys(site, epoch).token, kind, identifier) }))) };
      },
    },
  };
}
