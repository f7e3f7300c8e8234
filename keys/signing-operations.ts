import { formatAnnouncedKeys } from '../contracts/announced-key.ts';
import { parseVerifier, signNote } from '../contracts/checkpoint.ts';
import { openExpiry, signExpiry } from '../contracts/expiry.ts';
import { signRedaction } from '../contracts/redaction.ts';
import { isTier } from '../contracts/tiers.ts';
import { KeysError } from './errors.ts';
import { reasonOf, siteOf } from './operation.ts';
import type { Operation, OperationParts, Operations } from './operation.ts';
import type { RequestFields } from './request-fields.ts';

export type SigningOperation = 'sign-checkpoint' | 'sign-redaction' | 'sign-statement' | 'sign-expiry' | 'checkpoint-verifier' | 'public-keys' | 'rotate-checkpoint';

/** What the keys role vouches for, and with which keys. */
export function signingOperations(parts: OperationParts): Operations<SigningOperation> {
  const { ring, sign, now } = parts;
  return {
    'sign-checkpoint': {
      roles: ['worker'],
      run: async (fields, audited) => ({ note: await sign(siteOf(fields, audited), fields.count('size'), fields.bytes('root', 32)) }),
    },
    'sign-redaction': {
      roles: ['compliance'],
      run(fields, audited) {
        reasonOf(fields, audited);
        const origin = `${ring.deployment}/${siteOf(fields, audited)}`;
        const redaction = { origin, leaf: fields.count('leaf'), leafHash: fields.bytes('leaf_hash', 32), redactedHash: fields.bytes('redacted_hash', 32), redactedAtMs: now() };
        return { note: signRedaction(redaction, ring.deployment, ...ring.announced.signing(now())) };
      },
    },
    'sign-statement': {
      roles: ['compliance', 'console'],
      run(fields, audited) {
        const kind = statementKind(fields);
        audited.reason = kind;
        const text = `${ring.deployment}\n${kind}\n${siteOf(fields, audited)}\n${fields.lines('body')}`;
        return { note: signNote(text, ring.deployment, ...ring.announced.signing(now())) };
      },
    },
    'sign-expiry': signExpiryOperation(parts),
    'checkpoint-verifier': {
      roles: 'public',
      run: () => ({ verifier: ring.announced.checkpoint().at(-1)?.verifier, deployment: ring.deployment }),
    },
    'public-keys': {
      roles: 'public',
      run: () => ({ deployment: ring.deployment, expiry: ring.announced.expiry.verifier, checkpoint: formatAnnouncedKeys(ring.announced.checkpoint()) }),
    },
    'rotate-checkpoint': {
      roles: ['operator'],
      run(fields, audited) {
        reasonOf(fields, audited);
        ring.announced.rotate(now(), fields.flag('retire') ? 0 : parts.overlapMs);
        return {};
      },
    },
  };
}

function statementKind(fields: RequestFields): string {
  const kind = fields.text('kind');
  // A closed list: none of these is a number, so no statement can be read as a checkpoint, nor as one of the other notes.
  if (kind !== 'bundle' && kind !== 'data-flow') throw new KeysError('TQ-KEYS-03', 'kind');
  return kind;
}

function signExpiryOperation({ ring, now }: OperationParts): Operation {
  return {
    roles: ['retention'],
    run(fields, audited) {
      const tier = fields.text('tier');
      if (!isTier(tier)) throw new KeysError('TQ-KEYS-03', 'tier');
      const { name, privateKey } = ring.announced.expiry;
      const verifier = parseVerifier(ring.announced.expiry.verifier);
      const expiry = { deployment: ring.deployment, id: fields.text('id'), tier, month: fields.count('month'), rows: fields.count('rows'), digest: fields.bytes('digest', 32), policy: fields.text('policy'), expiredAtMs: now() };
      audited.reason = `${tier} ${expiry.month}: ${expiry.policy}`;
      const note = signExpiry(expiry, name, privateKey);
      // What cannot be read again must not be signed: a policy of two lines, an id of another form.
      if (verifier === undefined || openExpiry(note, [verifier]) === undefined) throw new KeysError('TQ-KEYS-03', 'expiry');
      return { note };
    },
  };
}
