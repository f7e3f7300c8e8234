import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 32 random bytes as base64url: enrolment secrets and ingest keys. */
const SECRET = /^[A-Za-z0-9_-]{43}$/;

export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** SHA-256 of the decoded bytes as hex; undefined when the text cannot be a secret. */
export function secretHash(secret: string): string | undefined {
  if (!SECRET.test(secret)) return undefined;
  return createHash('sha256').update(Buffer.from(secret, 'base64url')).digest('hex');
}

/** Compares two SHA-256 (hex) in constant time. */
export function sameHash(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
