import { isBoxKey, sealLetter } from '../contracts/letter.ts';
import { sealingKeyId, unwrapDataKey, WRAPPED_KEY_BYTES } from '../contracts/sealed-key.ts';
import { KeysError } from './errors.ts';
import { reasonOf, siteOf } from './operation.ts';
import type { OperationParts, Operations } from './operation.ts';

export type KeyOperation = 'sealing-key' | 'site-keys' | 'unwrap' | 'rotate' | 'fingerprint-key' | 'site-token-key' | 'notice-key' | 'newest-epoch' | 'seal-token-keys';

/** Keys that other roles work with themselves. */
export function keyOperations({ ring }: Pick<OperationParts, 'ring'>): Operations<KeyOperation> {
  return {
    'sealing-key': {
      roles: ['gateway', 'worker', 'console'],
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
    'site-token-key': {
      // With them the site's owner finds the persons behind its tokens; nobody else is to have them.
      roles: ['compliance'],
      run(fields, audited) {
        reasonOf(fields, audited);
        const site = siteOf(fields, audited);
        return { tokens: Array.from({ length: ring.newestEpoch() }, (_, i) => ring.siteKeys(site, i + 1).token.toString('base64')) };
      },
    },
    'notice-key': {
      roles: ['compliance', 'console'],
      run: (fields, audited) => ({ key: ring.noticeKey(siteOf(fields, audited), fields.count('epoch')).toString('base64') }),
    },
    'newest-epoch': {
      roles: ['compliance', 'console', 'respond'],
      run: () => ({ epoch: ring.newestEpoch() }),
    },
    'seal-token-keys': {
      // Opens with that box alone. Whether a site pinned it the respond role knows, and the audit can show.
      roles: ['respond'],
      run(fields, audited) {
        const site = siteOf(fields, audited);
        const boxKey = fields.bytes('box_key', 32);
        if (!isBoxKey(boxKey)) throw new KeysError('TQ-KEYS-03', 'box_key');
        audited.reason = `box ${sealingKeyId(boxKey)}`;
        return { letters: Array.from({ length: ring.newestEpoch() }, (_, i) => sealLetter(ring.siteKeys(site, i + 1).token, boxKey, site, i + 1)) };
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
    rotate: {
      roles: ['operator'],
      run(fields, audited) {
        reasonOf(fields, audited);
        return { epoch: ring.rotate() };
      },
    },
  };
}
