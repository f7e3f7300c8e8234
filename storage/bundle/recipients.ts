import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import { canonicalJson } from '../../contracts/canonical-json.ts';
import { isName } from '../../contracts/names.ts';
import type { ScopeSubject } from '../../contracts/scope.ts';

/**
 * `recipients.sealed`: who is to be told, for the site alone. One JSON object:
 *
 *     {"v": 1, "site": …, "epoch": key epoch, "nonce": 12 bytes, "sealed": AES-256-GCM ciphertext, then its 16-byte tag}
 *
 * Binary is base64. Key: HKDF-SHA-256(the site's token key of the epoch, no salt, info "tourniquet/notice/v1", 32 bytes).
 * Additional data: "tourniquet/notice/v1" LF site LF epoch LF. Opened, it is UTF-8, one JSON object of `Recipient` a line.
 */
export interface Recipient {
  /** `contracts/token.ts`, of any key epoch of the site. */
  readonly token: string;
  readonly kind: string;
  readonly jurisdiction: string;
  readonly classes: readonly string[];
  /** Unix ms. */
  readonly firstMs: number;
  readonly lastMs: number;
}

interface SealedRecipients {
  readonly site: string;
  readonly epoch: number;
  readonly nonce: Buffer;
  readonly sealed: Buffer;
}

const NOTICE = 'tourniquet/notice/v1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What the site derives from its token key, and the keys role as `noticeKey`. 32 bytes each. */
export function noticeKeyOf(tokenKey: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', tokenKey, Buffer.alloc(0), NOTICE, 32));
}

function additionalData(site: string, epoch: number): Buffer {
  return Buffer.from(`${NOTICE}\n${site}\n${epoch}\n`);
}

/**
 * The nonce is a keyed hash of all that is sealed, so that equal input gives equal bytes: two different lists share a
 * nonce only when 96 bits collide, and the same list sealed twice tells nothing but that it is the same.
 */
function nonceOf(key: Uint8Array, additional: Buffer, plain: Buffer): Buffer {
  const nonceKey = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), 'tourniquet/notice-nonce/v1', 32));
  return createHmac('sha256', nonceKey).update(additional).update(plain).digest().subarray(0, NONCE_BYTES);
}

export function sealRecipients(site: string, { epoch, key }: { readonly epoch: number; readonly key: Uint8Array }, subjects: readonly ScopeSubject[]): string {
  const recipients = subjects.map(({ subject, kind, jurisdiction, classes, firstMs, lastMs }): Recipient => ({ classes, firstMs, jurisdiction, kind, lastMs, token: subject }));
  const plain = Buffer.from(recipients.map((recipient) => `${JSON.stringify(recipient)}\n`).join(''));
  const additional = additionalData(site, epoch);
  const nonce = nonceOf(key, additional, plain);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(additional);
  const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return `${canonicalJson({ v: 1, site, epoch, nonce: nonce.toString('base64'), sealed: sealed.toString('base64') })}\n`;
}

/** Undefined when the text is no sealed list. */
export function parseRecipients(text: string): SealedRecipients | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('v' in value) || !('site' in value) || !('epoch' in value) || !('nonce' in value) || !('sealed' in value)) return undefined;
  const { v, site, epoch, nonce, sealed } = value;
  if (v !== 1 || !isName(site) || typeof epoch !== 'number' || !Number.isSafeInteger(epoch) || typeof nonce !== 'string' || typeof sealed !== 'string') return undefined;
  const parsed = { site, epoch, nonce: Buffer.from(nonce, 'base64'), sealed: Buffer.from(sealed, 'base64') };
  return parsed.nonce.length === NONCE_BYTES && parsed.sealed.length >= TAG_BYTES ? parsed : undefined;
}

/** Undefined when it was not sealed with this key, or was changed. */
export function openRecipients({ site, epoch, nonce, sealed }: SealedRecipients, key: Uint8Array): readonly Recipient[] | undefined {
  let plain: string;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(additionalData(site, epoch));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    plain = Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]).toString();
  } catch {
    return undefined;
  }
  // The tag holds: only `sealRecipients` writes these lines.
  return plain.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Recipient);
}
