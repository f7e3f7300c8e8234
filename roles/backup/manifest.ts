import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { PART_NAMES } from './parts.ts';
import type { PartName } from './parts.ts';

/**
 * `manifest.ndjson` of a backup: the head, an entry a file, directory and link, and the end, whose `sha256` is over all
 * lines before it and whose `mac` (HMAC-SHA-256 under a key of the passphrase) is there when there is a passphrase.
 * A file's bytes lie under `files/<part>/<path>`, sealed ones as ciphertext.
 */
export const BACKUP_VERSION = 1;

export interface ManifestHead {
  readonly type: 'head';
  readonly v: number;
  readonly created_at: string;
  /** Migrations that the store of this version has: an older version cannot open it. */
  readonly schema: number;
  readonly left_out: readonly string[];
  /** Null: keys and secrets lie in the clear. */
  readonly sealed: { readonly kdf: 'scrypt'; readonly n: number; readonly r: number; readonly p: number; readonly salt: string } | null;
}

export type ManifestEntry =
  /** `sha256` and `bytes` are of what lies in the backup. */
  | { readonly type: 'file'; readonly part: PartName | 'config'; readonly path: string; readonly mode: number; readonly bytes: number; readonly sha256: string; readonly seal?: { readonly nonce: string; readonly tag: string } }
  | { readonly type: 'directory'; readonly part: PartName; readonly path: string; readonly mode: number }
  /** Inside its part; `target` is relative to the part's directory. */
  | { readonly type: 'link'; readonly part: PartName; readonly path: string; readonly target: string };

export interface Manifest {
  readonly head: ManifestHead;
  readonly entries: readonly ManifestEntry[];
}

export function formatManifest({ head, entries }: Manifest, macKey: Buffer | undefined): string {
  const lines = [head, ...entries].map((record) => `${JSON.stringify(record)}\n`).join('');
  const end = { type: 'end', entries: entries.length, sha256: createHash('sha256').update(lines).digest('hex'), ...(macKey === undefined ? {} : { mac: macOf(lines, macKey) }) };
  return `${lines}${JSON.stringify(end)}\n`;
}

function macOf(lines: string, key: Buffer): string {
  return createHmac('sha256', key).update(lines).digest('hex');
}

/** Throws an error that says what is wrong with it and what to do. */
export function parseManifest(text: string): Manifest {
  const [lines, end] = splitEnd(text);
  if (end['type'] !== 'end' || end['sha256'] !== createHash('sha256').update(lines).digest('hex')) throw new Error('the manifest of the backup is damaged or not whole: take another copy of the backup');
  const records = lines.split('\n').slice(0, -1).map(objectOf);
  const [head, ...entries] = records;
  if (head?.['type'] !== 'head' || typeof head['v'] !== 'number') throw new Error('this folder holds no backup: name the folder that "tourniquet backup" wrote');
  if (head['v'] > BACKUP_VERSION) throw new Error(`the backup was made by a newer version (format ${head['v']}, known is ${BACKUP_VERSION}): restore it with that version`);
  const whole = entries.every(isEntry) && entries.length === end['entries'];
  if (!whole) throw new Error('the manifest of the backup names something that no backup holds: take another copy of the backup');
  // Checked above: the head by its version, whose members this version wrote, the entries one by one.
  return { head: head as unknown as ManifestHead, entries: entries as unknown as readonly ManifestEntry[] };
}

/** Throws when the manifest is not what the owner of the passphrase wrote. */
export function requireMac(text: string, macKey: Buffer): void {
  const [lines, end] = splitEnd(text);
  const mac = Buffer.from(macOf(lines, macKey));
  const given = Buffer.from(typeof end['mac'] === 'string' ? end['mac'] : '');
  if (mac.length !== given.length || !timingSafeEqual(mac, given)) throw new Error('the passphrase is wrong, or the manifest was changed: nothing was restored');
}

function splitEnd(text: string): readonly [lines: string, end: Readonly<Record<string, unknown>>] {
  const at = text.lastIndexOf('\n', text.length - 2) + 1;
  return [text.slice(0, at), objectOf(text.slice(at))];
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** A path stays below its part: no absolute one, none with `..`. */
function isPath(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !value.includes('\0') && !value.startsWith('/') && value.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

function isEntry(record: Readonly<Record<string, unknown>>): boolean {
  const { type, part, path, mode, target, bytes, sha256 } = record;
  const isMode = typeof mode === 'number' && Number.isInteger(mode) && mode >= 0 && mode <= 0o777;
  if (!isPath(path) || !(PART_NAMES.some((name) => name === part) || (part === 'config' && type === 'file'))) return false;
  if (type === 'link') return isPath(target);
  if (type === 'directory') return isMode;
  return type === 'file' && isMode && Number.isSafeInteger(bytes) && typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256);
}
