import { createHmac } from 'node:crypto';

/** How an identifier is brought to one spelling before it is hashed. */
export const IDENTIFIER_KINDS = ['email', 'phone', 'digits', 'alphanumeric', 'text'] as const;
export type IdentifierKind = (typeof IDENTIFIER_KINDS)[number];

/** The one spelling: equal identifiers give equal text in every language that follows the vectors. */
export function normalise(kind: IdentifierKind, value: string): string {
  switch (kind) {
    case 'email':
      return value.normalize('NFKC').trim().toLowerCase();
    case 'phone':
      // "+44 (0)20 7946 0018" and "0044 20 79460018" are one number.
      return value.replace(/\(0\)/g, '').replace(/[^0-9]/g, '').replace(/^00/, '');
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
