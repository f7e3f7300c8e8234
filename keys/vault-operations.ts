import { normalise, tokenOf } from '../contracts/token.ts';
import { KeysError } from './errors.ts';
import { reasonOf, siteOf, sitesText } from './operation.ts';
import type { OperationParts, Operations } from './operation.ts';

export type VaultOperation = 'vault-put' | 'vault-reveal' | 'vault-erase' | 'vault-linked' | 'lookup';

/** From values to tokens and back. */
export function vaultOperations({ ring, vault, mayLookUp }: Pick<OperationParts, 'ring' | 'vault' | 'mayLookUp'>): Operations<VaultOperation> {
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
    'vault-linked': {
      roles: ['compliance'],
      run(fields, audited) {
        reasonOf(fields, audited);
        const site = siteOf(fields, audited);
        return { linked: fields.texts('subjects').map((subject) => vault.linked(site, subject)) };
      },
    },
    lookup: {
      roles: ['compliance', 'console'],
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
