import { createHash, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { ed25519PublicKey } from '../../contracts/block.ts';
import { parseNote } from '../../contracts/checkpoint.ts';

/**
 * C2SP tlog-cosignature (c2sp.org/tlog-cosignature), Ed25519: a signature line of a note whose bytes are
 *
 *     key id, 4 bytes | u64be Unix seconds | Ed25519, 64 bytes, over "cosignature/v1" LF "time " seconds LF and the note's text
 *
 * with key id = first four bytes of SHA-256(name || 0x0A || 0x04 || public key).
 */
export interface WitnessKey {
  readonly name: string;
  readonly keyId: number;
  readonly publicKey: KeyObject;
}

const COSIGNATURE = 4;

/** `name+hash+base64(0x04 || 32 bytes)`; undefined when it is something else. */
export function parseWitnessKey(text: string): WitnessKey | undefined {
  const [name = '', hash = '', ...rest] = text.split('+');
  const encoded = rest.join('+');
  const bytes = Buffer.from(encoded, 'base64');
  if (name === '' || /\s/u.test(name) || bytes.toString('base64') !== encoded || bytes.length !== 33 || bytes[0] !== COSIGNATURE) return undefined;
  const raw = bytes.subarray(1);
  const keyId = witnessKeyId(name, raw);
  return keyId.toString(16).padStart(8, '0') === hash ? { name, keyId, publicKey: ed25519PublicKey(raw) } : undefined;
}

export function witnessKeyId(name: string, publicKey: Uint8Array): number {
  return createHash('sha256').update(`${name}\n`).update(Uint8Array.of(COSIGNATURE)).update(publicKey).digest().readUInt32BE(0);
}

export function cosignedText(noteText: string, timeS: number | bigint): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${timeS}\n${noteText}`);
}

export interface Cosignature {
  /** The line, with its line feed: to be appended to the note. */
  readonly line: string;
  readonly timeS: number;
}

/** The cosignature of this witness among `lines` over a note's text; undefined when none holds. Lines of others are passed over. */
export function cosignatureIn(lines: string, noteText: string, key: WitnessKey): Cosignature | undefined {
  const parsed = parseNote(`${noteText}\n${lines}`);
  if (parsed === undefined || parsed.text !== noteText) return undefined;
  for (const { name, keyId, signature } of parsed.signatures) {
    if (name !== key.name || keyId !== key.keyId || signature.length !== 72) continue;
    const time = signature.readBigUInt64BE(0);
    if (time > BigInt(Number.MAX_SAFE_INTEGER) || !verify(null, cosignedText(noteText, time), key.publicKey, signature.subarray(8))) continue;
    const id = Buffer.alloc(4);
    id.writeUInt32BE(keyId);
    return { line: `\u2014 ${name} ${Buffer.concat([id, signature]).toString('base64')}\n`, timeS: Number(time) };
  }
  return undefined;
}
