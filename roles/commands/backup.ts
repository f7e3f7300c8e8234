import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { readMigrations } from '../../storage/migrations/migrate.ts';
import { partsOf } from '../backup/parts.ts';
import { writeBackup } from '../backup/write-backup.ts';
import { loadConfig } from '../config/config.ts';
import { homeAt } from '../home.ts';
import { InUseError } from '../instance.ts';
import { InstanceLock } from '../instance-lock.ts';
import { createProgress } from '../progress.ts';
import { UsageError } from '../usage-error.ts';
import { requireFile, requireFreshFolder } from './require-file.ts';

export interface BackupCommandOptions {
  readonly out: string;
  readonly passphraseFile?: string;
  readonly json?: true;
}

const LEAST_LETTERS = 12;

/** Of a file's first line, or of `TOURNIQUET_BACKUP_PASSPHRASE`; undefined when there is neither. */
export function passphraseOf(file: string | undefined): string | undefined {
  const text = file === undefined ? process.env['TOURNIQUET_BACKUP_PASSPHRASE'] : firstLine(file);
  if (text === undefined) return undefined;
  if (text.length < LEAST_LETTERS) throw new UsageError(`the passphrase has less than ${LEAST_LETTERS} characters: whoever finds the backup would guess it`);
  return text;
}

function firstLine(file: string): string | undefined {
  requireFile(file);
  return readFileSync(file, 'utf8').split(/\r?\n/, 1)[0];
}

/** The configuration file of a home, wherever it is; undefined when there is none. */
export function configFileOf(root: string): string | undefined {
  const file = process.env['TOURNIQUET_CONFIG'] ?? path.join(root, 'tourniquet.yaml');
  return existsSync(file) ? file : undefined;
}

/** Copies a stopped home into a new folder. */
export async function backup(options: BackupCommandOptions): Promise<number> {
  const [home, config] = [homeAt(), loadConfig()];
  const directory = path.resolve(options.out);
  const passphrase = passphraseOf(options.passphraseFile);
  requireFreshFolder(directory);
  if (!existsSync(home.run)) throw new UsageError(`there is nothing to copy on ${home.root}: set TOURNIQUET_HOME to the home of an instance`);
  const parts = partsOf(config, home);
  for (const part of parts.parts) if (existsSync(part.directory) && `${directory}/`.startsWith(`${realpathSync(part.directory)}/`)) throw new UsageError(`${directory} lies inside of ${part.directory}, which is copied: name a folder elsewhere`);
  using lock = InstanceLock.take(home);
  if (lock === undefined) throw new InUseError(home);
  const progress = createProgress('backup');
  const nowMs = Date.now();
  const result = await writeBackup({ parts, configFile: configFileOf(home.root), directory, passphrase, schema: readMigrations().length, nowMs, onFile: (done, total, part) => progress.update(done, total, part) });
  progress.end();
  if (passphrase === undefined) process.stderr.write('WARNING: keys and secrets lie in this backup in the clear: whoever reads it can open everything. Give a passphrase with --passphrase-file, or encrypt the folder.\n');
  if (parts.leftOut.length > 0) process.stderr.write(`Left out, back it up on its own: ${parts.leftOut.join(', ')}.\n`);
  const record = { directory, files: result.files, bytes: result.bytes, sealed: passphrase !== undefined, left_out: parts.leftOut, created_at: new Date(nowMs).toISOString() };
  process.stdout.write(options.json === true ? `${JSON.stringify(record)}\n` : `Copied ${result.files} files, ${(result.bytes / 1_000_000).toFixed(1)} MB, to ${directory}. Keep ${path.join(home.export, 'erasures.ndjson')} apart from it and up to date: a restore needs the newest.\n`);
  return 0;
}
