import { createHash, generateKeyPairSync } from 'node:crypto';
import { link, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ed25519PrivateKey } from '../../contracts/block.ts';
import { replaceDurably } from './durable-file.ts';
import { ShipperError } from './errors.ts';

/** Who a shipper is for one site: shared by the site's streams. Only its owner may read the file. */
export interface Identity {
  /** The Ed25519 seed, 32 bytes as base64url. */
  readonly seed: string;
  /** What first contact fixed; absent before it. */
  readonly enrolled?: {
    readonly gatewayUrl: string;
    /** Whose receipts are believed, 32 bytes as base64url. */
    readonly receiptKey: string;
    /** SHA-256 (hex) of the one-time secret used, so that a new enrolment line is known from the old one. */
    readonly secretHash: string;
  };
}

const FILE = 'identity.json';

/** Reads the identity, or makes one: of two processes that do, one wins and both have the same. */
export async function loadIdentity(directory: string): Promise<Identity> {
  const path = join(directory, FILE);
  const found = await readIdentity(path);
  if (found !== undefined) return found;
  const own = join(directory, `${FILE}.${process.pid}`);
  const der = generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' });
  await replaceDurably(own, [encode({ seed: der.subarray(-32).toString('base64url') })]);
  try {
    await link(own, path);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
  } finally {
    await rm(own, { force: true });
  }
  const made = await readIdentity(path);
  if (made === undefined) throw new ShipperError('TQ-SHIPPER-04', { detail: FILE });
  return made;
}

export async function saveIdentity(directory: string, identity: Identity): Promise<void> {
  await replaceDurably(join(directory, FILE), [encode(identity)]);
}

export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function encode(identity: Identity): Buffer {
  return Buffer.from(`${JSON.stringify(identity)}\n`);
}

async function readIdentity(path: string): Promise<Identity | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw cause;
  }
  try {
    // Only this file's writer writes it; the key's form is checked by loading it.
    const identity = JSON.parse(text) as Identity;
    ed25519PrivateKey(identity.seed);
    return identity;
  } catch (cause) {
    throw new ShipperError('TQ-SHIPPER-04', { detail: FILE, cause });
  }
}
