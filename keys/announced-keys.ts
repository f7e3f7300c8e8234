import { randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { announcementText, formatAnnouncedKeys, parseAnnouncedKeys } from '../contracts/announced-key.ts';
import { ed25519PrivateKey } from '../contracts/block.ts';
import { formatVerifier, signNote } from '../contracts/checkpoint.ts';
import type { AnnouncedKey } from '../contracts/keys.ts';
import { writeAtomically } from './atomic-file.ts';
import { KeysError } from './errors.ts';
import { KEY_BYTES, readKey } from './key-file.ts';

/**
 * The keys that sign for the deployment, in the keys directory:
 *
 *     checkpoint.key, checkpoint-2.key, …   Ed25519 seeds of the checkpoint signers; removed when their time is over
 *     retention.key                         Ed25519 seed of the retention role
 *     announced.json                        which keys were made known, and when each signed; a key counts from when it stands here
 *
 * A home of before there was an announced.json gets one at its next start.
 */
export interface AnnouncedKeys {
  /** Oldest first. */
  readonly checkpoint: () => readonly AnnouncedKey[];
  /** Those that sign now, newest first; during an overlap two. */
  readonly signing: (nowMs: number) => readonly [KeyObject, ...KeyObject[]];
  /** Makes a new key, which the ones before vouch for and sign beside for `overlapMs`. Durable when it returns. */
  readonly rotate: (nowMs: number, overlapMs: number) => void;
  readonly expiry: { readonly name: string; readonly verifier: string; readonly privateKey: KeyObject };
}

const FILE = 'announced.json';
const RETENTION = 'retention.key';

function checkpointFile(n: number): string {
  return n === 1 ? 'checkpoint.key' : `checkpoint-${n}.key`;
}

/** The seeds that a new ring has from the start. */
export const FIRST_SIGNERS: readonly string[] = [checkpointFile(1), RETENTION];

interface Signer extends AnnouncedKey {
  /** Undefined once its time is over. */
  readonly privateKey: KeyObject | undefined;
}

/** Throws `TQ-KEYS-08` when a key that still signs is missing, or is not the one that was announced. */
export function openAnnouncedKeys(directory: string, deployment: string, nowMs: number): AnnouncedKeys {
  const expiryName = `${deployment}-retention`;
  if (!existsSync(join(directory, FILE))) begin(directory, deployment, expiryName);
  const file = readFile(directory);
  const retention = ed25519PrivateKey(readKey(directory, RETENTION));
  const expiry = { name: expiryName, verifier: formatVerifier(expiryName, retention), privateKey: retention };
  if (expiry.verifier !== file.expiry) throw new KeysError('TQ-KEYS-08', RETENTION);
  let signers: readonly Signer[] = file.checkpoint.map((key, i) => ({ ...key, privateKey: openSigner(directory, deployment, key, i + 1, nowMs) }));
  return {
    expiry,
    checkpoint: () => signers.map(({ privateKey: _, ...key }) => key),
    signing(atMs) {
      const [newest, ...older] = signers.filter((key) => key.untilMs === undefined || atMs < key.untilMs).flatMap(({ privateKey }) => privateKey ?? []).toReversed();
      if (newest === undefined) throw new KeysError('TQ-KEYS-04', 'checkpoint key');
      return [newest, ...older];
    },
    rotate(atMs, overlapMs) {
      const seed = randomBytes(KEY_BYTES);
      const privateKey = ed25519PrivateKey(seed);
      const verifier = formatVerifier(deployment, privateKey);
      const older = signers.flatMap((key) => (key.untilMs === undefined || atMs < key.untilMs ? (key.privateKey ?? []) : []));
      const announcement = signNote(announcementText({ deployment, verifier, announcedAtMs: atMs }), deployment, privateKey, ...older);
      const ending = signers.map((key) => ({ ...key, untilMs: Math.min(key.untilMs ?? Infinity, atMs + overlapMs) }));
      const rotated = [...ending, { verifier, fromMs: atMs, untilMs: undefined, announcement, privateKey }];
      // Killed between the two: the key was announced to nobody, and the next rotation overwrites it.
      writeAtomically(join(directory, checkpointFile(rotated.length)), seed);
      writeFile(directory, { expiry: file.expiry, checkpoint: rotated });
      signers = rotated;
      removeEnded(directory, signers, atMs);
    },
  };
}

function openSigner(directory: string, deployment: string, key: AnnouncedKey, n: number, nowMs: number): KeyObject | undefined {
  if (key.untilMs !== undefined && key.untilMs <= nowMs) {
    rmSync(join(directory, checkpointFile(n)), { force: true });
    return undefined;
  }
  const privateKey = ed25519PrivateKey(readKey(directory, checkpointFile(n)));
  if (formatVerifier(deployment, privateKey) !== key.verifier) throw new KeysError('TQ-KEYS-08', checkpointFile(n));
  return privateKey;
}

/** A key that signs no more need not be guarded. */
function removeEnded(directory: string, signers: readonly Signer[], nowMs: number): void {
  for (const [i, { untilMs }] of signers.entries()) if (untilMs !== undefined && untilMs <= nowMs) rmSync(join(directory, checkpointFile(i + 1)), { force: true });
}

interface Announced {
  readonly checkpoint: readonly AnnouncedKey[];
  readonly expiry: string;
}

/** For a new ring, and for one of before. What a killed start left is kept. */
function begin(directory: string, deployment: string, expiryName: string): void {
  // A second key was announced once: to forget that would change who signs.
  if (existsSync(join(directory, checkpointFile(2)))) throw new KeysError('TQ-KEYS-08', FILE);
  if (!existsSync(join(directory, RETENTION))) writeAtomically(join(directory, RETENTION), randomBytes(KEY_BYTES));
  const verifier = (name: string, file: string): string => formatVerifier(name, ed25519PrivateKey(readKey(directory, file)));
  writeFile(directory, { expiry: verifier(expiryName, RETENTION), checkpoint: [{ verifier: verifier(deployment, checkpointFile(1)), fromMs: 0, untilMs: undefined, announcement: undefined }] });
}

function writeFile(directory: string, { expiry, checkpoint }: Announced): void {
  writeAtomically(join(directory, FILE), Buffer.from(`${JSON.stringify({ v: 1, expiry, checkpoint: formatAnnouncedKeys(checkpoint) }, undefined, 2)}\n`));
}

function readFile(directory: string): Announced {
  try {
    const read: unknown = JSON.parse(readFileSync(join(directory, FILE), 'utf8'));
    if (typeof read !== 'object' || read === null || !('expiry' in read) || typeof read.expiry !== 'string' || !('checkpoint' in read)) throw new Error('not the register of announced keys');
    const checkpoint = parseAnnouncedKeys(read.checkpoint);
    if (checkpoint === undefined || checkpoint.length === 0) throw new Error('it names no key');
    return { expiry: read.expiry, checkpoint };
  } catch (cause) {
    throw new KeysError('TQ-KEYS-08', FILE, { cause });
  }
}
