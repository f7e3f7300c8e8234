import { createHash } from 'node:crypto';

/** The digest of `contracts/expiry.ts`: rows are added by site (byte order), then leaf. */
export class ExpiryDigest {
  readonly #hash = createHash('sha256');
  rows = 0;

  /** `leafHash` is 32 bytes. */
  add(site: string, leaf: number, leafHash: Uint8Array): void {
    this.#hash.update(`${site}\n${leaf}\n`).update(leafHash);
    this.rows++;
  }

  /** 32 bytes. Ends the digest. */
  value(): Buffer {
    return this.#hash.digest();
  }
}

/** `[a-z]{24}`, the same each time the same rows of a partition expire: a repeat after a crash goes on where it ended. */
export function expiryId(tier: string, month: number, rows: number, digest: Buffer): string {
  const hash = createHash('sha256').update(`tourniquet/expiry/v1\n${tier}\n${month}\n${rows}\n`).update(digest).digest();
  return Array.from(hash.subarray(0, 12), (byte) => String.fromCharCode(97 + (byte >> 4), 97 + (byte & 15))).join('');
}
