import { createCipheriv, createDecipheriv, createHash, createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/**
 * A gateway's data key, wrapped to the worker's X25519 key so that only the keys role can open it. 80 bytes:
 *
 *     ephemeral X25519 public key, 32 bytes | AES-256-GCM of the data key, 32 bytes | tag, 16 bytes
 *
 * HKDF-SHA-256(secret = X25519 shared secret, no salt, info = "tourniquet/data-key/v1" LF, ephemeral public key,
 * recipient public key) gives 44 bytes: AES key (32) and nonce (12). Each wrap has an ephemeral key of its own, so a
 * nonce is never used twice. Vectors: `vectors/sealing.json`.
 */
export const WRAPPED_KEY_BYTES = 80;
export const DATA_KEY_BYTES = 32;

/** SubjectPublicKeyInfo and PKCS#8 prefixes of X25519 (RFC 8410). */
const SPKI_X25519 = Buffer.from('302a300506032b656e032100', 'hex');
const PKCS8_X25519 = Buffer.from('302e020100300506032b656e04220420', 'hex');
const TAG_BYTES = 16;

export function x25519PrivateKey(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8_X25519, seed]), format: 'der', type: 'pkcs8' });
}

function x25519PublicKey(raw: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI_X25519, raw]), format: 'der', type: 'spki' });
}

/** The 32 raw bytes of a private key's public half. */
export function x25519PublicBytes(privateKey: KeyObject): Buffer {
  return createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32);
}

/** First 8 bytes of SHA-256 of the public key, in hex. */
export function sealingKeyId(publicKey: Uint8Array): string {
  return createHash('sha256').update(publicKey).digest('hex').slice(0, 16);
}

/** What a wrapped key is for: the same bytes open under no other purpose. `context` is text that both sides know. */
export interface WrapPurpose {
  readonly label: string;
  readonly context: string;
}

const DATA_KEY: WrapPurpose = { label: 'tourniquet/data-key/v1', context: '' };

function wrappingKey(privateKey: KeyObject, peer: Uint8Array, ephemeral: Uint8Array, recipient: Uint8Array, { label, context }: WrapPurpose): { readonly key: Buffer; readonly nonce: Buffer } {
  const shared = diffieHellman({ privateKey, publicKey: x25519PublicKey(peer) });
  const info = Buffer.concat([Buffer.from(`${label}\n`), ephemeral, recipient, Buffer.from(context)]);
  const bytes = Buffer.from(hkdfSync('sha256', shared, Buffer.alloc(0), info, 44));
  return { key: bytes.subarray(0, 32), nonce: bytes.subarray(32) };
}

/** 32 bytes in the layout above, under another purpose. Throws when `recipient` is a point of low order, which no honest key is. */
export function wrapKey(key32: Uint8Array, recipient: Uint8Array, purpose: WrapPurpose, ephemeral: KeyObject = generateKeyPairSync('x25519').privateKey): Buffer {
  const ephemeralPublic = x25519PublicBytes(ephemeral);
  const { key, nonce } = wrappingKey(ephemeral, recipient, ephemeralPublic, recipient, purpose);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  return Buffer.concat([ephemeralPublic, cipher.update(key32), cipher.final(), cipher.getAuthTag()]);
}

/** Undefined when it was not wrapped to this key for this purpose, or was changed. */
export function unwrapKey(wrapped: Buffer, privateKey: KeyObject, purpose: WrapPurpose): Buffer | undefined {
  if (wrapped.length !== WRAPPED_KEY_BYTES) return undefined;
  const ephemeral = wrapped.subarray(0, 32);
  try {
    const { key, nonce } = wrappingKey(privateKey, ephemeral, ephemeral, x25519PublicBytes(privateKey), purpose);
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(wrapped.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(wrapped.subarray(32, -TAG_BYTES)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** `ephemeral` is for vectors only: without it, each call makes its own. */
export function wrapDataKey(dataKey: Uint8Array, recipient: Uint8Array, ephemeral?: KeyObject): Buffer {
  return wrapKey(dataKey, recipient, DATA_KEY, ephemeral);
}

/** Undefined when it was not wrapped to this key, or was changed. */
export function unwrapDataKey(wrapped: Buffer, privateKey: KeyObject): Buffer | undefined {
  return unwrapKey(wrapped, privateKey, DATA_KEY);
}
