import { createHash, randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Home } from './home.ts';

/** The secrets the roles of one home share, each 32 random bytes as base64url, made at first start. */
export const SECRETS = ['storage-writer', 'storage-reader', 'storage-redactor', 'storage-retention', 'keys-gateway', 'keys-worker', 'keys-compliance', 'keys-operator', 'keys-retention', 'keys-console', 'keys-respond', 'gateway-receipt', 'respond-command', 'webhook'] as const;
export type SecretName = (typeof SECRETS)[number];

function secretFile(home: Home, name: SecretName): string {
  return path.join(home.secrets, `${name}.secret`);
}

function writeNew(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.new`;
  const handle = openSync(temporary, 'w', 0o600);
  writeSync(handle, text);
  fsyncSync(handle);
  closeSync(handle);
  renameSync(temporary, file);
}

/** Makes what is missing. A webhook secret has the form of Standard Webhooks. */
export function makeSecrets(home: Home): void {
  for (const name of SECRETS) {
    const file = secretFile(home, name);
    if (existsSync(file)) continue;
    const secret = name === 'webhook' ? `whsec_${randomBytes(32).toString('base64')}` : randomBytes(32).toString('base64url');
    writeNew(file, `${secret}\n`);
  }
}

/** Whether an instance was ever started on this home. */
export function hasSecrets(home: Home): boolean {
  return existsSync(secretFile(home, 'gateway-receipt'));
}

export function readSecretFile(home: Home, name: SecretName): string {
  return readFileSync(secretFile(home, name), 'utf8').trim();
}

export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
