import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Where a dead letter's line stood; it is authenticated with the line. */
export interface LinePlace {
  readonly site: string;
  readonly stream: string;
  readonly epoch: number;
  readonly seq: number;
  readonly lineIndex: number;
}

function placeText(place: LinePlace): Buffer {
  return Buffer.from(['tourniquet/dead-letter/v1', place.site, place.stream, place.epoch, place.seq, place.lineIndex, ''].join('\n'));
}

/**
 * base64 of nonce (12 bytes), ciphertext, tag (16 bytes). The nonce is an HMAC of place and line under the same key:
 * the same line gives the same bytes, as recovery needs, and no nonce ever serves two texts.
 */
export function sealOriginal(key: Uint8Array, place: LinePlace, line: Uint8Array): string {
  const about = placeText(place);
  const nonce = createHmac('sha256', key).update(about).update(line).digest().subarray(0, NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(about);
  return Buffer.concat([nonce, cipher.update(line), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

/** Throws when the key or the place is another. */
export function openOriginal(key: Uint8Array, place: LinePlace, sealed: string): Buffer {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES)).setAAD(placeText(place));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
}
