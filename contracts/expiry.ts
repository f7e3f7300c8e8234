import type { KeyObject } from 'node:crypto';
import { openNote, signNote } from './checkpoint.ts';
import type { NoteVerifier } from './checkpoint.ts';
import { isTier } from './tiers.ts';
import type { Tier } from './tiers.ts';

/**
 * The word that rows were dropped by policy: their leaf hashes stay in `expired_leaves`, and this note vouches for them.
 * A C2SP signed note (c2sp.org/signed-note) of the key that only the retention role may ask for, with this text:
 *
 *     <deployment>
 *     expiry
 *     <id>
 *     <tier>
 *     <month of receipt, yyyymm>
 *     <rows>
 *     <SHA-256 over site LF leaf LF and the 32 bytes of the leaf hash of each row, by site and leaf, base64>
 *     <policy: the tier's period as the configuration says it>
 *     <Unix milliseconds>
 *
 * The second line is no number, so it can never be read as a checkpoint.
 */
export interface Expiry {
  readonly deployment: string;
  /** `[a-z]{24}`. */
  readonly id: string;
  readonly tier: Tier;
  readonly month: number;
  readonly rows: number;
  /** 32 bytes. */
  readonly digest: Buffer;
  /** One line. */
  readonly policy: string;
  readonly expiredAtMs: number;
}

const KIND = 'expiry';

export function expiryText({ deployment, id, tier, month, rows, digest, policy, expiredAtMs }: Expiry): string {
  return `${[deployment, KIND, id, tier, month, rows, digest.toString('base64'), policy, expiredAtMs].join('\n')}\n`;
}

export function signExpiry(expiry: Expiry, keyName: string, privateKey: KeyObject): string {
  return signNote(expiryText(expiry), keyName, privateKey);
}

function parseExpiry(text: string): Expiry | undefined {
  const [deployment = '', kind, id = '', tier, month = '', rows = '', digest = '', policy = '', at = '', end, ...rest] = text.split('\n');
  if (kind !== KIND || !isTier(tier) || end !== '' || rest.length > 0 || !/^[a-z]{24}$/.test(id)) return undefined;
  const expiry: Expiry = { deployment, id, tier, month: Number(month), rows: Number(rows), digest: Buffer.from(digest, 'base64'), policy, expiredAtMs: Number(at) };
  // One spelling only: what is written again is what was read.
  return expiry.digest.length === 32 && expiryText(expiry) === text ? expiry : undefined;
}

/** What a note says; undefined when it is no expiry that one of these keys signed. */
export function openExpiry(note: string, verifiers: readonly NoteVerifier[]): Expiry | undefined {
  const opened = openNote(note, verifiers);
  return opened === undefined ? undefined : parseExpiry(opened.text);
}
