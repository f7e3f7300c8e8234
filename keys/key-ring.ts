import { hkdfSync, randomBytes, randomInt } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SealingKey, SiteKeys } from '../contracts/keys.ts';
import { sealingKeyId, x25519PrivateKey, x25519PublicBytes } from '../contracts/sealed-key.ts';
import { FIRST_SIGNERS, openAnnouncedKeys } from './announced-keys.ts';
import type { AnnouncedKeys } from './announced-keys.ts';
import { makePrivateDirectory, removeTemporaries, requirePrivate, writeAtomically } from './atomic-file.ts';
import { KeysError } from './errors.ts';
import { KEY_BYTES, readKey } from './key-file.ts';

/**
 * The key files, 32 bytes each, in the keys directory:
 *
 *     tenant-<epoch>.key      site keys of an epoch are derived from it; the highest epoch is the newest
 *     sealing-<n>.key         X25519 private keys; gateways are given the highest, older ones still unwrap
 *     deployment              the deployment's name, `tourniquet-` and 8 letters; written after them: where it stands, all do
 *
 * Those that sign: `announced-keys.ts`.
 */
export interface KeyRing {
  readonly deployment: string;
  readonly newestEpoch: () => number;
  readonly siteKeys: (site: string, epoch?: number) => SiteKeys;
  /** 32 bytes, the same in every epoch. */
  readonly fingerprintKey: () => Buffer;
  readonly sealingKey: () => SealingKey;
  readonly sealingPrivateKey: (id: string) => KeyObject;
  /** 32 bytes, which the site derives from its token key, too. */
  readonly noticeKey: (site: string, epoch: number) => Buffer;
  readonly announced: AnnouncedKeys;
  /** Makes a new epoch with a new sealing key; returns the epoch. Durable when it returns. */
  readonly rotate: () => number;
}

const DEPLOYMENT = 'deployment';
const DEPLOYMENT_NAME = /^tourniquet-[a-z]{8}$/;

function tenantFile(epoch: number): string {
  return `tenant-${epoch}.key`;
}

function sealingFile(n: number): string {
  return `sealing-${n}.key`;
}

/** Opens the ring, or makes it when the directory has none. A start that was killed half way is taken up again. */
export function openKeyRing(directory: string, nowMs: number = Date.now()): KeyRing {
  makePrivateDirectory(directory);
  requirePrivate(directory);
  removeTemporaries(directory);
  if (!existsSync(join(directory, DEPLOYMENT))) generate(directory);
  return readRing(directory, nowMs);
}

/** Only files that are missing: an epoch that was named to nobody yet may as well be kept. */
function generate(directory: string): void {
  const letters = Array.from({ length: 8 }, () => String.fromCharCode(97 + randomInt(26))).join('');
  for (const name of [tenantFile(1), sealingFile(1), ...FIRST_SIGNERS]) {
    if (!existsSync(join(directory, name))) writeAtomically(join(directory, name), randomBytes(KEY_BYTES));
  }
  writeAtomically(join(directory, DEPLOYMENT), Buffer.from(`tourniquet-${letters}\n`));
}

/** Files `<kind>-1.key` … `<kind>-n.key`: a hole is a lost key. */
function readNumbered(directory: string, kind: 'tenant' | 'sealing'): Buffer[] {
  const pattern = new RegExp(`^${kind}-([0-9]+)\\.key$`);
  const newest = Math.max(1, ...readdirSync(directory).map((name) => Number(pattern.exec(name)?.[1] ?? 0)));
  return Array.from({ length: newest }, (_, i) => readKey(directory, `${kind}-${i + 1}.key`));
}

function readRing(directory: string, nowMs: number): KeyRing {
  const deployment = readFileSync(join(directory, DEPLOYMENT), 'utf8').trim();
  if (!DEPLOYMENT_NAME.test(deployment)) throw new KeysError('TQ-KEYS-08', DEPLOYMENT);
  const tenants = readNumbered(directory, 'tenant');
  const sealing = readNumbered(directory, 'sealing').map(sealingPair);
  const siteKeys = (site: string, epoch = tenants.length): SiteKeys => {
    const tenant = tenants[epoch - 1];
    if (tenant === undefined) throw new KeysError('TQ-KEYS-04', `key epoch ${epoch}`);
    return { site, epoch, token: siteKey(tenant, 'site-token', site, epoch), deadLetter: siteKey(tenant, 'site-dead-letter', site, epoch) };
  };
  return {
    deployment,
    announced: openAnnouncedKeys(directory, deployment, nowMs),
    newestEpoch: () => tenants.length,
    siteKeys,
    noticeKey: (site, epoch) => Buffer.from(hkdfSync('sha256', siteKeys(site, epoch).token, Buffer.alloc(0), 'tourniquet/notice/v1', KEY_BYTES)),
    fingerprintKey: () => siteKey(tenants[0] ?? Buffer.alloc(0), 'fingerprint', '', 0),
    sealingKey() {
      const newest = sealing.at(-1);
      if (newest === undefined) throw new KeysError('TQ-KEYS-04', 'sealing key');
      return { id: newest.id, publicKey: newest.publicKey };
    },
    sealingPrivateKey(id) {
      const found = sealing.find((pair) => pair.id === id);
      if (found === undefined) throw new KeysError('TQ-KEYS-04', 'sealing key');
      return found.privateKey;
    },
    rotate() {
      const tenant = randomBytes(KEY_BYTES);
      const seed = randomBytes(KEY_BYTES);
      // Killed between the two: the epoch is not new yet, and the next rotation makes both again.
      writeAtomically(join(directory, sealingFile(sealing.length + 1)), seed);
      sealing.push(sealingPair(seed));
      writeAtomically(join(directory, tenantFile(tenants.length + 1)), tenant);
      return tenants.push(tenant);
    },
  };
}

function sealingPair(seed: Buffer): SealingKey & { readonly privateKey: KeyObject } {
  const privateKey = x25519PrivateKey(seed);
  const publicKey = x25519PublicBytes(privateKey);
  return { id: sealingKeyId(publicKey), publicKey, privateKey };
}

/** HKDF-SHA-256(tenant key, no salt, "tourniquet/<use>/v1" LF site LF epoch). A name holds no line feed. */
function siteKey(tenant: Buffer, use: 'site-token' | 'site-dead-letter' | 'fingerprint', site: string, epoch: number): Buffer {
  return Buffer.from(hkdfSync('sha256', tenant, Buffer.alloc(0), `tourniquet/${use}/v1\n${site}\n${epoch}`, KEY_BYTES));
}
