import { WRAPPED_KEY_BYTES } from '../../contracts/sealed-key.ts';

/**
 * The sealed body of a log record (`contracts/log-record.ts`). Vectors: `contracts/vectors/sealing.json`.
 *
 *     u8 version = 1 | sealing key id, 8 bytes | wrapped data key, 80 bytes | nonce, 12 bytes | ciphertext | tag, 16 bytes
 *
 * AES-256-GCM under the data key; the additional data is the record's head, byte for byte. The nonce is 8 random bytes
 * drawn with the data key, then the number of the block under that key as u32 big endian: never twice under one key.
 * The wrapped key stands in every block, so each can be opened alone.
 */
export const VERSION = 1;
export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;
const KEY_ID_BYTES = 8;
const WRAPPED_AT = 1 + KEY_ID_BYTES;
const NONCE_AT = WRAPPED_AT + WRAPPED_KEY_BYTES;
const CIPHERTEXT_AT = NONCE_AT + NONCE_BYTES;

export interface SealedBody {
  readonly sealingKeyId: string;
  readonly wrapped: Buffer;
  readonly nonce: Buffer;
  readonly ciphertext: Buffer;
  readonly tag: Buffer;
}

/** The part before the nonce: the same for every block under one data key. */
export function encodePrefix(sealingKeyId: string, wrapped: Buffer): Buffer {
  return Buffer.concat([Uint8Array.of(VERSION), Buffer.from(sealingKeyId, 'hex'), wrapped]);
}

/** Undefined when the bytes are no sealed body of this version. */
export function parseSealedBody(sealed: Buffer): SealedBody | undefined {
  if (sealed.length < CIPHERTEXT_AT + TAG_BYTES || sealed[0] !== VERSION) return undefined;
  return {
    sealingKeyId: sealed.toString('hex', 1, WRAPPED_AT),
    wrapped: sealed.subarray(WRAPPED_AT, NONCE_AT),
    nonce: sealed.subarray(NONCE_AT, CIPHERTEXT_AT),
    ciphertext: sealed.subarray(CIPHERTEXT_AT, -TAG_BYTES),
    tag: sealed.subarray(-TAG_BYTES),
  };
}
