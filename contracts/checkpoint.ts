import { createHash, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { ed25519PublicKey, rawPublicKey } from './block.ts';

/** C2SP tlog-checkpoint v1.0.0 (c2sp.org/tlog-checkpoint) inside a C2SP signed note (c2sp.org/signed-note). */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  /** 32 bytes. */
  readonly root: Buffer;
  readonly extensions: readonly string[];
}

export interface NoteSignature {
  readonly name: string;
  /** First four bytes of SHA-256(name || 0x0A || 0x01 || public key). */
  readonly keyId: number;
  readonly signature: Buffer;
}

export interface SignedNote {
  /** The signed text, with its final line feed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** An Ed25519 note key, written `name+hash+base64(0x01 || public key)`. */
export interface NoteVerifier {
  readonly name: string;
  readonly keyId: number;
  readonly publicKey: KeyObject;
}

const ED25519 = 1;

export function checkpointText(c: Checkpoint): string {
  return `${[c.origin, c.size, c.root.toString('base64'), ...c.extensions].join('\n')}\n`;
}

function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

/** The body of a checkpoint; undefined when it is none. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  if (!text.endsWith('\n')) return undefined;
  const [origin, size, root, ...extensions] = text.slice(0, -1).split('\n');
  if (origin === undefined || origin === '' || size === undefined || root === undefined) return undefined;
  if (!/^(0|[1-9][0-9]*)$/.test(size) || !Number.isSafeInteger(Number(size))) return undefined;
  const rootBytes = decodeBase64(root);
  if (rootBytes?.length !== 32 || extensions.some((line) => line === '')) return undefined;
  return { origin, size: Number(size), root: rootBytes, extensions };
}

export function noteKeyId(name: string, publicKey: Uint8Array): number {
  return createHash('sha256').update(`${name}\n`).update(Uint8Array.of(ED25519)).update(publicKey).digest().readUInt32BE(0);
}

export function formatVerifier(name: string, publicKey: KeyObject): string {
  const raw = rawPublicKey(publicKey);
  return `${name}+${noteKeyId(name, raw).toString(16).padStart(8, '0')}+${Buffer.concat([Uint8Array.of(ED25519), raw]).toString('base64')}`;
}

/** undefined when the key is not a well-formed Ed25519 verifier whose hash fits. */
export function parseVerifier(vkey: string): NoteVerifier | undefined {
  const [name, hash, ...rest] = vkey.split('+');
  const key = decodeBase64(rest.join('+'));
  if (name === undefined || !isNoteName(name) || hash === undefined || !/^[0-9a-f]{8}$/.test(hash)) return undefined;
  if (key?.length !== 33 || key[0] !== ED25519) return undefined;
  const raw = key.subarray(1);
  const keyId = noteKeyId(name, raw);
  return keyId === Number.parseInt(hash, 16) ? { name, keyId, publicKey: ed25519PublicKey(raw) } : undefined;
}

function isNoteName(name: string): boolean {
  return name !== '' && !/[\s+]/u.test(name);
}

/** With several keys, a signature line each, in their order. */
export function signNote(text: string, name: string, ...privateKeys: readonly [KeyObject, ...KeyObject[]]): string {
  const lines = privateKeys.map((privateKey) => {
    const raw = rawPublicKey(privateKey);
    const id = Buffer.alloc(4);
    id.writeUInt32BE(noteKeyId(name, raw));
    const signature = sign(null, Buffer.from(text), privateKey);
    return `\u2014 ${name} ${Buffer.concat([id, signature]).toString('base64')}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

const SIGNATURE_LINE = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u;
/** A note with more signature lines is refused. */
const MAX_SIGNATURES = 100;

export function parseNote(note: string): SignedNote | undefined {
  // Control characters other than line feed are refused by the specification.
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u0009\u000b-\u001f]/.test(note) || !note.isWellFormed() || !note.endsWith('\n')) return undefined;
  const split = note.lastIndexOf('\n\n');
  if (split < 0) return undefined;
  const text = note.slice(0, split + 1);
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length === 0 || lines.length > MAX_SIGNATURES) return undefined;
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const match = SIGNATURE_LINE.exec(line);
    const bytes = match?.[2] === undefined ? undefined : decodeBase64(match[2]);
    if (match?.[1] === undefined || bytes === undefined || bytes.length < 5) return undefined;
    signatures.push({ name: match[1], keyId: bytes.readUInt32BE(0), signature: bytes.subarray(4) });
  }
  return { text, signatures };
}

/**
 * Opens a note: the verifiers whose signature holds. Undefined when the note is malformed, when none of the verifiers
 * signed it, or when a signature by a known key is wrong. Unknown signatures are passed over, as the specification asks.
 */
export function openNote(note: string, verifiers: readonly NoteVerifier[]): { readonly text: string; readonly verifiedBy: readonly string[] } | undefined {
  const parsed = parseNote(note);
  if (parsed === undefined) return undefined;
  const verifiedBy = new Set<string>();
  for (const s of parsed.signatures) {
    const known = verifiers.filter((v) => v.name === s.name && v.keyId === s.keyId);
    if (known.length === 0) continue;
    if (!known.some((v) => s.signature.length === 64 && verify(null, Buffer.from(parsed.text), v.publicKey, s.signature))) return undefined;
    verifiedBy.add(s.name);
  }
  return verifiedBy.size === 0 ? undefined : { text: parsed.text, verifiedBy: [...verifiedBy] };
}
