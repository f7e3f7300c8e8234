import { createCipheriv, createDecipheriv, createHash, randomBytes, scryptSync } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { PassThrough } from 'node:stream';
import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ManifestHead } from './manifest.ts';

export interface BackupKeys {
  /** AES-256-GCM, a nonce a file. */
  readonly seal: Buffer;
  readonly mac: Buffer;
}

/** RFC 7914, 128 MiB: a guess costs what a person who restores does not notice. */
export const SCRYPT = { n: 2 ** 17, r: 8, p: 1 } as const;
const MOST_MEMORY = 1024 ** 3;

export function backupKeys(passphrase: string, { n, r, p, salt }: NonNullable<ManifestHead['sealed']>): BackupKeys {
  // What a backup says of itself must not make this process run out of memory.
  if (![n, r, p].every(Number.isSafeInteger) || 128 * n * r > MOST_MEMORY || p < 1 || p > 16) throw new Error('the backup asks for more work than a passphrase is worth: its manifest was changed');
  const keys = scryptSync(passphrase.normalize('NFC'), Buffer.from(salt, 'base64'), 64, { N: n, r, p, maxmem: MOST_MEMORY });
  return { seal: keys.subarray(0, 32), mac: keys.subarray(32) };
}

export interface Seal {
  readonly nonce: string;
  readonly tag: string;
}

export interface Copied {
  readonly bytes: number;
  /** Of what was written, hex. */
  readonly sha256: string;
  readonly seal?: Seal;
}

/** Copies a file, encrypted when there is a key. `name` (part and path) is bound to the ciphertext. */
export async function copySealed(from: string, to: string, name: string, key: Buffer | undefined): Promise<Copied> {
  const nonce = randomBytes(12);
  const cipher = key === undefined ? undefined : createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name));
  const hash = createHash('sha256');
  let bytes = 0;
  const counted = new PassThrough().on('data', (chunk: Buffer) => {
    hash.update(chunk);
    bytes += chunk.length;
  });
  const steps: Transform[] = cipher === undefined ? [counted] : [cipher, counted];
  await pipeline([createReadStream(from), ...steps, createWriteStream(to, { mode: 0o600, flush: true })]);
  return { bytes, sha256: hash.digest('hex'), ...(cipher === undefined ? {} : { seal: { nonce: nonce.toString('base64'), tag: cipher.getAuthTag().toString('base64') } }) };
}

/** Throws when the ciphertext, its name or its key is another. */
export async function copyOpened(from: string, to: string, name: string, mode: number, opening: { readonly key: Buffer; readonly seal: Seal } | undefined): Promise<void> {
  const decipher = opening === undefined ? [] : [createDecipheriv('aes-256-gcm', opening.key, Buffer.from(opening.seal.nonce, 'base64'), { authTagLength: 16 }).setAAD(Buffer.from(name)).setAuthTag(Buffer.from(opening.seal.tag, 'base64'))];
  await pipeline([createReadStream(from), ...decipher, createWriteStream(to, { mode, flush: true })]);
}

/** SHA-256 of a file, hex. */
export async function hashOfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
