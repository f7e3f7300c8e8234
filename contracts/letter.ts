import { createHash, hkdfSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { unwrapKey, wrapKey, WRAPPED_KEY_BYTES } from './sealed-key.ts';
import type { WrapPurpose } from './sealed-key.ts';

/**
 * How a site's plugin comes by its token keys, and shows who it is. Enrolling, it makes an X25519 pair, its **box**, and gives
 * away the public half. A **letter** is a token key of one epoch, sealed to the box by the keys role: 80 bytes as base64url,
 * laid out and derived as `sealed-key.ts` says, with label "tourniquet/letter/v1" and, behind the recipient's public key,
 * the site, LF and the key epoch in decimal. Whoever carries letters, the gateway too, cannot read them. Vectors: `vectors/letter.json`.
 */
export interface Letter {
  readonly key_epoch: number;
  readonly sealed: string;
}

function purposeOf(site: string, keyEpoch: number): WrapPurpose {
  return { label: 'tourniquet/letter/v1', context: `${site}\n${keyEpoch}` };
}

/** Throws when `boxKey` (32 bytes) is a point of low order. `ephemeral` is for vectors only: without it, each call makes its own. */
export function sealLetter(tokenKey: Uint8Array, boxKey: Uint8Array, site: string, keyEpoch: number, ephemeral?: KeyObject): string {
  return wrapKey(tokenKey, boxKey, purposeOf(site, keyEpoch), ephemeral).toString('base64url');
}

/** The token key (32 bytes); undefined when the letter is for another box, site or epoch, or was changed. */
export function openLetter(sealed: string, boxPrivateKey: KeyObject, site: string, keyEpoch: number): Buffer | undefined {
  return isLetter(sealed) ? unwrapKey(Buffer.from(sealed, 'base64url'), boxPrivateKey, purposeOf(site, keyEpoch)) : undefined;
}

/** Whether the text has the form of a letter. Canonical base64url only. */
export function isLetter(sealed: unknown): sealed is string {
  if (typeof sealed !== 'string') return false;
  const bytes = Buffer.from(sealed, 'base64url');
  return bytes.length === WRAPPED_KEY_BYTES && bytes.toString('base64url') === sealed;
}

/**
 * What a plugin shows to fetch its orders: HKDF-SHA-256(box private key, no salt, "tourniquet/mailbox/v1", 32 bytes) as
 * base64url. The register knows only its hash.
 */
export function mailboxSecret(boxPrivateKey: Uint8Array): string {
  return Buffer.from(hkdfSync('sha256', boxPrivateKey, Buffer.alloc(0), 'tourniquet/mailbox/v1', 32)).toString('base64url');
}

/** SHA-256 (hex) of the secret's 32 bytes. */
export function mailboxHash(secret: string): string {
  return createHash('sha256').update(Buffer.from(secret, 'base64url')).digest('hex');
}

/** Whether anything can be sealed to it: no honest box is a point of low order, whose shared secrets are all zero. */
export function isBoxKey(raw: Uint8Array): boolean {
  try {
    wrapKey(new Uint8Array(32), raw, purposeOf('box', 1));
    return raw.length === 32;
  } catch {
    return false;
  }
}
