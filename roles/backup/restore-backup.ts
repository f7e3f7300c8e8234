import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseManifest, requireMac } from './manifest.ts';
import type { Manifest, ManifestEntry } from './manifest.ts';
import type { Part } from './parts.ts';
import { backupKeys, copyOpened, hashOfFile } from './sealing.ts';
import type { BackupKeys } from './sealing.ts';

export interface OpenedBackup extends Manifest {
  readonly directory: string;
  readonly keys: BackupKeys | undefined;
}

/** Reads the manifest. Throws when it is damaged, newer than this version, or the passphrase is missing or wrong. */
export function openBackup(directory: string, passphrase: string | undefined, schema: number): OpenedBackup {
  const file = path.join(directory, 'manifest.ndjson');
  if (!existsSync(file)) throw new Error(`${directory} holds no manifest.ndjson: it is no backup, or the backup was not finished`);
  const text = readFileSync(file, 'utf8');
  const manifest = parseManifest(text);
  const { sealed, schema: theirs } = manifest.head;
  if (!(theirs <= schema)) throw new Error(`the backup's store was made by a newer version (schema ${theirs}, known is ${schema}): restore it with that version`);
  if (sealed === null) return { ...manifest, directory, keys: undefined };
  if (passphrase === undefined) throw new Error('keys and secrets of this backup are sealed: give the passphrase with --passphrase-file or TOURNIQUET_BACKUP_PASSPHRASE');
  const keys = backupKeys(passphrase, sealed);
  requireMac(text, keys.mac);
  return { ...manifest, directory, keys };
}

type Onward = (done: number, total: number, part: string) => void;

/** Compares every file with its hash. Throws with the first that is missing or damaged; nothing was written by then. */
export async function checkBackup({ directory, entries }: OpenedBackup, onFile?: Onward): Promise<void> {
  for (const [i, entry] of entries.entries()) {
    onFile?.(i, entries.length, entry.part);
    if (entry.type !== 'file') continue;
    const name = `${entry.part}/${entry.path}`;
    const file = path.join(directory, 'files', name);
    if (!existsSync(file)) throw new Error(`the backup is damaged: files/${name} is missing. Nothing was restored; take another copy of the backup`);
    if (statSync(file).size !== entry.bytes || (await hashOfFile(file)) !== entry.sha256) throw new Error(`the backup is damaged: files/${name} is not what its manifest says. Nothing was restored; take another copy of the backup`);
  }
}

/** Throws when there is something in one of the directories, unless the mark says that a restore left it that was killed. Leaves the mark. */
export function requireEmpty(mark: string, parts: readonly Part[]): void {
  const begun = existsSync(mark);
  for (const { directory, without } of parts) {
    const there = existsSync(directory) ? readdirSync(directory).filter((name) => !without.includes(name)) : [];
    if (there.length > 0 && !begun) throw new Error(`${directory} is not empty: a backup is restored into an empty home only; move it away, or set TOURNIQUET_HOME to another directory`);
  }
  writeFileSync(mark, 'A backup is being restored here. If that was broken off, restore it again.\n', { flush: true });
  for (const { directory, without } of parts) {
    for (const name of existsSync(directory) ? readdirSync(directory) : []) if (!without.includes(name)) rmSync(path.join(directory, name), { recursive: true });
  }
}

/** Writes everything but the configuration to where the parts are now. */
export async function restoreParts(backup: OpenedBackup, parts: readonly Part[], onFile?: Onward): Promise<number> {
  const places = new Map(parts.map((part) => [part.name, part]));
  let files = 0;
  for (const [i, entry] of backup.entries.entries()) {
    onFile?.(i, backup.entries.length, entry.part);
    if (entry.part === 'config') continue;
    const part = places.get(entry.part);
    if (part === undefined) throw new Error(`the backup holds the part "${entry.part}", which the configuration has elsewhere: restore with the configuration it was made with`);
    await restoreEntry(backup, part, entry);
    if (entry.type === 'file') files++;
  }
  return files;
}

async function restoreEntry({ directory, keys }: OpenedBackup, part: Part, entry: ManifestEntry): Promise<void> {
  const to = path.join(part.directory, entry.path);
  mkdirSync(part.directory, { recursive: true, mode: part.sealed ? 0o700 : 0o750 });
  if (entry.type === 'directory') mkdirSync(to, { recursive: true, mode: entry.mode });
  else if (entry.type === 'link') symlinkSync(path.join(path.resolve(part.directory), entry.target), to);
  else {
    const name = `${entry.part}/${entry.path}`;
    if (entry.seal !== undefined && keys === undefined) throw new Error(`files/${name} is sealed, but the backup names no passphrase: its manifest was changed`);
    await copyOpened(path.join(directory, 'files', name), to, name, entry.mode, entry.seal === undefined || keys === undefined ? undefined : { key: keys.seal, seal: entry.seal });
  }
}

/** The configuration the backup was made with; undefined when there was no file. */
export function configOfBackup({ directory, entries }: OpenedBackup): string | undefined {
  return entries.some(({ part }) => part === 'config') ? readFileSync(path.join(directory, 'files/config/tourniquet.yaml'), 'utf8') : undefined;
}
