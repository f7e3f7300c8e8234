import { openNote, signNote } from './checkpoint.ts';
import type { NoteVerifier } from './checkpoint.ts';
import type { KeyObject } from 'node:crypto';

/**
 * A stored line in which a value was missed and is now replaced: the tree keeps the leaf of the line as it was, and this
 * note vouches for the line as it is. A C2SP signed note (c2sp.org/signed-note) of the checkpoint key with this text:
 *
 *     <origin of the site's log>
 *     redaction
 *     <leaf number>
 *     <leaf hash in the tree, base64>
 *     <leaf hash of the redacted line in the same envelope, base64>
 *     <Unix milliseconds>
 *
 * The second line is no number, so it can never be read as a checkpoint.
 */
export interface Redaction {
  readonly origin: string;
  readonly leaf: number;
  /** 32 bytes. */
  readonly leafHash: Buffer;
  readonly redactedHash: Buffer;
  readonly redactedAtMs: number;
}

const KIND = 'redaction';
const HASH_BYTES = 32;

export function redactionText({ origin, leaf, leafHash, redactedHash, redactedAtMs }: Redaction): string {
  return `${[origin, KIND, leaf, leafHash.toString('base64'), redactedHash.toString('base64'), redactedAtMs].join('\n')}\n`;
}

export function signRedaction(redaction: Redaction, keyName: string, ...privateKeys: readonly [KeyObject, ...KeyObject[]]): string {
  return signNote(redactionText(redaction), keyName, ...privateKeys);
}

/** What a note's text says, whoever signed it; undefined when it is no redaction. */
export function parseRedaction(text: string): Redaction | undefined {
  const [origin = '', kind, leaf = '', leafHash = '', redactedHash = '', at = '', end, ...rest] = text.split('\n');
  const redaction: Redaction = { origin, leaf: Number(leaf), leafHash: Buffer.from(leafHash, 'base64'), redactedHash: Buffer.from(redactedHash, 'base64'), redactedAtMs: Number(at) };
  const whole = kind === KIND && end === '' && rest.length === 0 && redaction.leafHash.length === HASH_BYTES && redaction.redactedHash.length === HASH_BYTES;
  // One spelling only: what is written again is what was read.
  return whole && redactionText(redaction) === text ? redaction : undefined;
}

/** What a note says; undefined when it is no redaction that one of these keys signed. */
export function openRedaction(note: string, verifiers: readonly NoteVerifier[]): Redaction | undefined {
  const opened = openNote(note, verifiers);
  return opened === undefined ? undefined : parseRedaction(opened.text);
}
