import { createPublicKey, verify as verifySignature } from 'node:crypto';
import { Mismatch, bytesOf, changedLine, sha256 } from './files.mjs';

/** Signed notes (c2sp.org/signed-note) and the keys that sign them. */

/** SubjectPublicKeyInfo of Ed25519 (RFC 8410) before the 32 bytes of the key. */
const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');
const MOST_SIGNATURES = 100;

/** A key written name+hash+base64; undefined when it is not well-formed. */
export function parseVerifier(text) {
  const [name, hash, ...rest] = String(text).split('+');
  const key = Buffer.from(rest.join('+'), 'base64');
  const id = sha256(`${name}\n`, key).subarray(0, 4).toString('hex');
  if (key.length !== 33 || key[0] !== 1 || id !== hash) return undefined;
  return { text: String(text), name, id, publicKey: createPublicKey({ key: Buffer.concat([SPKI_ED25519, key.subarray(1)]), format: 'der', type: 'spki' }) };
}

/** The signed text and which keys signed it; undefined when none did, or when a signature of a known key is wrong. */
export function openNote(note, verifiers) {
  const whole = String(note);
  const split = whole.lastIndexOf('\n\n');
  if (split < 0 || !whole.endsWith('\n')) return undefined;
  const text = whole.slice(0, split + 1);
  const signatures = whole.slice(split + 2, -1).split('\n');
  if (signatures.length > MOST_SIGNATURES) return undefined;
  const by = [];
  for (const line of signatures) {
    const [, name, encoded] = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u.exec(line) ?? [];
    const bytes = Buffer.from(encoded ?? '', 'base64');
    // One spelling only, or a changed byte could go unseen.
    if (name === undefined || bytes.length < 5 || bytes.toString('base64') !== encoded) return undefined;
    const verifier = verifiers.find((v) => v.name === name && v.id === bytes.subarray(0, 4).toString('hex'));
    if (verifier === undefined) continue;
    if (!verifySignature(null, Buffer.from(text), verifier.publicKey, bytes.subarray(4))) return undefined;
    by.push(verifier);
  }
  return by.length === 0 ? undefined : { lines: text.split('\n'), by, signatures: signatures.length };
}

/** As `openNote`, of an announced key. */
export function openTrusted(file, at, note, { all }) {
  const opened = openNote(note, all);
  if (opened === undefined) throw new Mismatch(file, at, 'is not signed by an announced key, or was changed');
  return opened;
}

/**
 * The keys of the deployment, oldest first, each announced by the one before. `given`: what `parseVerifier` made of those
 * that the checker brought along. `vouching`: these, and what was announced after them: one of them must sign the
 * manifest, and so keys.json with all its keys.
 */
export function readKeys({ deployment, checkpoint, expiry }, given) {
  const announced = checkpoint.map(({ verifier, announcement }, i) => {
    const key = parseVerifier(verifier);
    const before = i === 0 ? undefined : parseVerifier(checkpoint[i - 1].verifier);
    if (key === undefined || (i > 0 && !announces(announcement, before, verifier))) throw new Mismatch('keys.json', 0, `key ${i + 1} is not well-formed, or was not announced by the one before`);
    return key;
  });
  const isGiven = (key) => given.some(({ text }) => text === key.text);
  const first = announced.findIndex(isGiven);
  return { deployment, expiry: parseVerifier(expiry), all: announced, given, vouching: first < 0 ? [] : announced.slice(first) };
}

function announces(announcement, before, verifier) {
  const [, kind, next] = openNote(announcement, [before])?.lines ?? [];
  return kind === 'key-rotation' && next === verifier;
}

/** That the manifest is the one that was signed. Every signature counts: an unknown one could hide a changed byte. */
export function checkManifestNote(files, trusted, site) {
  const { lines, by, signatures } = openTrusted('manifest.note', 0, bytesOf(files, 'manifest.note'), trusted);
  const [deployment, kind, name, digest, lineHashes] = lines;
  if (trusted.given.length > 0 && !by.some((key) => trusted.vouching.includes(key))) throw new Mismatch('manifest.note', 0, 'is not signed by a key given with --key, nor by one announced after it');
  if (by.length !== signatures) throw new Mismatch('manifest.note', 0, 'holds a signature of a key that was not announced');
  if (deployment !== trusted.deployment || kind !== 'bundle' || name !== site) throw new Mismatch('manifest.note', 0, 'is signed for something else');
  const manifest = bytesOf(files, 'manifest.json');
  if (digest !== `sha256 ${sha256(manifest).toString('base64')}`) throw new Mismatch('manifest.json', changedLine(manifest, String(lineHashes).replace('lines ', '')), 'is not what manifest.note was signed for');
}
