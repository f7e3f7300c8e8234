import { createHmac } from 'node:crypto';

/** How an identifier is brought to one spelling before it is hashed. */
export type IdentifierKind = 'email' | 'digits' | 'alphanumeric' | 'text';

/** The one spelling: equal identifiers give equal text in every language that follows the vectors. */
export function normalise(kind: IdentifierKind, value: string): string {
  switch (kind) {
    case 'email':
      return value.normalize('NFKC').trim().toLowerCase();
    case 'digits':
      return value.replace(/[^0-9]/g, '');
    case 'alphanumeric':
      return value.replace(/[^0-9A-Za-z]/g, '').toUpperCase();
    case 'text':
      return value.normalize('NFKC').trim().replace(/\s+/gu, ' ').toLowerCase();
    default:
      return kind satisfies never;
  }
}

/** Letters of a token: 24, four bits each of the HMAC's first 12 bytes, written a to p. */
export const TOKEN_LETTERS = 24;

/**
 * HMAC-SHA-256(site key, kind LF normalised identifier), first 96 bits, in letters only, so that a mask can never look
 * like an identifier. `siteKey` is 32 bytes of one site and key epoch.
 */
export function tokenOf(siteKey: Uint8Array, kind: IdentifierKind, value: string): string {
  const mac = createHmac('sha256', siteKey).update(`${kind}\n${normalise(kind, value)}`).digest();
  let token = '';
  for (let i = 0; i < TOKEN_LETTERS / 2; i++) {
    const byte = mac[i] ?? 0;
    token += String.fromCharCode(97 + (byte >> 4), 97 + (byte & 15));
  }
  return token;
}
