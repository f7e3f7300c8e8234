import { createHash } from 'node:crypto';

/** Bytes of a line's nonce in text: 16 random bytes as 22 characters of unpadded base64url. */
export const NONCE_CHARS = 22;

/** The head before the first line of a chain. */
export const GENESIS_HEAD: Buffer = Buffer.alloc(32);

/**
 * A line's commitment: SHA-256(nonce || line). `nonce` is the 16 decoded bytes, `line` the UTF-8 bytes without the
 * line feed. The nonce keeps a short line from being guessed from its commitment once the line itself is erased.
 */
export function commitment(nonce: Uint8Array, line: Uint8Array): Buffer {
  return createHash('sha256').update(nonce).update(line).digest();
}

/** head_i = SHA-256(head_{i-1} || commitment_i). */
export function extendHead(head: Uint8Array, lineCommitment: Uint8Array): Buffer {
  return createHash('sha256').update(head).update(lineCommitment).digest();
}
