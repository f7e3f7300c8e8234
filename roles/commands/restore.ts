import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readMigrations } from '../../storage/migrations/migrate.ts';
import { partsOf } from '../backup/parts.ts';
import { checkBackup, configOfBackup, openBackup, requireEmpty, restoreParts } from '../backup/restore-backup.ts';
import type { OpenedBackup } from '../backup/restore-backup.ts';
import { loadConfig } from '../config/config.ts';
import type { Config } from '../config/config.ts';
import { erasuresFile, readErasures, registeredErasures } from '../erasures/erasure-file.ts';
import { replayErasures } from '../erasures/replay.ts';
import { parseChain } from '../erasures/tombstone.ts';
import { openEventLog } from '../event-log.ts';
import { homeAt, makeHome } from '../home.ts';
import type { Home } from '../home.ts';
import { InUseError } from '../instance.ts';
import { InstanceLock } from '../instance-lock.ts';
import { createProgress } from '../progress.ts';
import { UsageError } from '../usage-error.ts';
import { configFileOf, passphraseOf } from './backup.ts';

export interface RestoreOptions {
  readonly passphraseFile?: string;
  /** The newest `erasures.ndjson`; false when nothing was erased since the backup. */
  readonly erasures?: string | false;
  readonly json?: true;
}

/** Puts a backup into an empty home. What was erased after it was made is erased again before this resolves. */
export async function restore(directory: string, options: RestoreOptions): Promise<number> {
  if (options.erasures === undefined) throw new UsageError('name the newest erasures.ndjson with --erasures FILE, or say --no-erasures when nothing was erased since the backup: what was erased must not come back');
  const backup = openBackup(path.resolve(directory), passphraseOf(options.passphraseFile), readMigrations().length);
  const erasures = newestErasures(backup, options.erasures);
  const progress = createProgress('restore');
  await checkBackup(backup, (done, total, part) => progress.update(done, 2 * total, `checking ${part}`));
  const home = homeAt();
  makeHome(home);
  using lock = InstanceLock.take(home);
  if (lock === undefined) throw new InUseError(home);
  const config = restoreConfig(backup, home);
  const { parts } = partsOf(config, home);
  requireEmpty(home.restoring, parts);
  const files = await restoreParts(backup, parts, (done, total, part) => progress.update(total + done, 2 * total, `writing ${part}`));
  progress.end();
  if (erasures !== '') {
    mkdirSync(home.export, { recursive: true, mode: 0o750 });
    writeFileSync(erasuresFile(home), erasures, { mode: 0o600, flush: true });
  }
  const erased = await eraseAgain(config, home);
  rmSync(home.restoring);
  const record = { home: home.root, files, created_at: backup.head.created_at, erased_again: erased };
  process.stdout.write(options.json === true ? `${JSON.stringify(record)}\n` : `Restored ${files} files of ${backup.head.created_at}; ${erased} ${erased === 1 ? 'erasure was' : 'erasures were'} made again. Start it, then run "tourniquet verify": what shippers sent after the backup shows as gaps.\n`);
  return 0;
}

/** Of the backup's file and the one that was given the longer; both are one chain, or they are of two deployments. */
function newestErasures(backup: OpenedBackup, given: string | false): string {
  const theirs = path.join(backup.directory, 'files/export/erasures.ndjson');
  const [before, after] = [existsSync(theirs) ? wholeChain(theirs) : '', given === false ? '' : wholeChain(given)];
  if (!after.startsWith(before) && !before.startsWith(after)) throw new UsageError('the erasures that were given do not continue those of the backup: they are of another deployment, or were changed');
  return after.length > before.length ? after : before;
}

function wholeChain(file: string): string {
  if (!existsSync(file)) throw new UsageError(`there is no file ${file}`);
  const text = readFileSync(file);
  return text.subarray(0, parseChain(text.toString()).bytes).toString();
}

/** A configuration that is there stays; otherwise the one of the backup is put there. */
function restoreConfig(backup: OpenedBackup, home: Home): Config {
  const text = configOfBackup(backup);
  if (text !== undefined && configFileOf(home.root) === undefined) writeFileSync(path.join(home.root, 'tourniquet.yaml'), text, { mode: 0o640, flag: 'wx', flush: true });
  return loadConfig();
}

/** Erasures that the file or the registry knows and the restored keys do not. */
async function eraseAgain(config: Config, home: Home): Promise<number> {
  if (config.addresses.keys !== '') return 0;
  await using log = await openEventLog(config, home);
  const known = [...readErasures(erasuresFile(home)), ...(await registeredErasures(log.registry))];
  return replayErasures(config.keys.directory === '' ? home.keys : path.resolve(config.keys.directory), known);
}
