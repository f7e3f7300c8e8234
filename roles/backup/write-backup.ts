import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, lstatSync, mkdirSync, openSync, readdirSync, readlinkSync, realpathSync, writeSync } from 'node:fs';
import path from 'node:path';
import { BACKUP_VERSION, formatManifest } from './manifest.ts';
import type { ManifestEntry, ManifestHead } from './manifest.ts';
import { isTransient } from './parts.ts';
import type { Part, Parts } from './parts.ts';
import { backupKeys, copySealed, SCRYPT } from './sealing.ts';

export interface BackupOptions {
  readonly parts: Parts;
  /** The configuration file, when there is one. */
  readonly configFile: string | undefined;
  /** Does not exist, or is empty. */
  readonly directory: string;
  readonly passphrase: string | undefined;
  /** Migrations this version knows. */
  readonly schema: number;
  readonly nowMs: number;
  readonly onFile?: (done: number, total: number, part: string) => void;
}

export interface BackupResult {
  readonly files: number;
  readonly bytes: number;
}

/** Nothing may run on the home. The manifest comes last: a folder without one is no backup. */
export async function writeBackup(options: BackupOptions): Promise<BackupResult> {
  const { directory, passphrase, parts, configFile } = options;
  if (existsSync(directory) && readdirSync(directory).length > 0) throw new Error(`${directory} is not empty: name a folder that does not exist yet`);
  const sealed: ManifestHead['sealed'] = passphrase === undefined ? null : { kdf: 'scrypt', ...SCRYPT, salt: randomBytes(16).toString('base64') };
  const keys = passphrase === undefined || sealed === null ? undefined : backupKeys(passphrase, sealed);
  const head: ManifestHead = { type: 'head', v: BACKUP_VERSION, created_at: new Date(options.nowMs).toISOString(), schema: options.schema, left_out: parts.leftOut, sealed };
  const found = parts.parts.filter((part) => existsSync(part.directory)).flatMap((part) => [...walk(part)]);
  const entries: ManifestEntry[] = [];
  let bytes = 0;
  for (const [i, { part, entry }] of found.entries()) {
    options.onFile?.(i, found.length, part.name);
    if (entry.type !== 'file') {
      entries.push(entry);
      continue;
    }
    const copied = await copyInto(path.join(part.directory, entry.path), directory, part.name, entry.path, part.sealed ? keys?.seal : undefined);
    bytes += copied.bytes;
    entries.push({ ...entry, ...copied });
  }
  if (configFile !== undefined) entries.push({ type: 'file', part: 'config', path: 'tourniquet.yaml', mode: 0o640, ...(await copyInto(configFile, directory, 'config', 'tourniquet.yaml', undefined)) });
  writeDurably(path.join(directory, 'manifest.ndjson'), formatManifest({ head, entries }, keys?.mac));
  return { files: entries.filter(({ type }) => type === 'file').length, bytes };
}

async function copyInto(from: string, directory: string, part: string, name: string, key: Buffer | undefined) {
  const to = path.join(directory, 'files', part, name);
  mkdirSync(path.dirname(to), { recursive: true, mode: 0o700 });
  return copySealed(from, to, `${part}/${name}`, key);
}

function writeDurably(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const fd = openSync(file, 'wx', 0o600);
  writeSync(fd, text);
  fsyncSync(fd);
  closeSync(fd);
}

interface Found {
  readonly part: Part;
  readonly entry: ManifestEntry;
}

/** Everything below a part, a directory before what is in it. */
function* walk(part: Part, below = ''): Generator<Found> {
  for (const name of readdirSync(path.join(part.directory, below)).toSorted()) {
    if (below === '' && part.without.includes(name)) continue;
    const at = below === '' ? name : `${below}/${name}`;
    const stat = lstatSync(path.join(part.directory, at));
    const mode = stat.mode & 0o777;
    if (stat.isDirectory()) {
      yield { part, entry: { type: 'directory', part: part.name, path: at, mode } };
      yield* walk(part, at);
    } else if (isTransient(name)) continue;
    else if (stat.isSymbolicLink()) yield { part, entry: { type: 'link', part: part.name, path: at, target: targetInside(part, at) } };
    else if (stat.isFile()) yield { part, entry: { type: 'file', part: part.name, path: at, mode, bytes: 0, sha256: '' } };
  }
}

/** ClickHouse links tables to where they lie by whole paths: kept as paths below the part. */
function targetInside(part: Part, at: string): string {
  const root = realpathSync(part.directory);
  const link = path.resolve(root, path.dirname(at), readlinkSync(path.join(part.directory, at)));
  const target = path.relative(root, link);
  if (target === '' || target.startsWith('..') || path.isAbsolute(target)) throw new Error(`${path.join(part.directory, at)} links to something outside of its directory: replace the link by what it leads to, or take it away`);
  return target;
}
