import type { Command } from 'commander';
import type { BackupCommandOptions } from './commands/backup.ts';
import type { EraseOptions } from './commands/erase.ts';
import type { ExpireOptions } from './commands/expire.ts';
import type { HoldOptions } from './commands/hold.ts';
import type { RestoreOptions } from './commands/restore.ts';

type ExitWith = (action: Promise<number>) => Promise<void>;

/** How long things are kept, how they go, and how they come back. `exitWith` as in `cli.ts`. */
export function addRetentionCommands(root: Command, exitWith: ExitWith): void {
  root
    .command('retention')
    .description('what is kept until when: rows and bytes by month and tier, when each is due, what holds it')
    .option('--json', 'as NDJSON')
    .action((options: { json?: true }) => exitWith(import('./commands/retention.ts').then((m) => m.retention(options))));
  root
    .command('expire')
    .description('drop the months that are past their period and not held; their leaf hashes stay, signed. Says only what it would drop, unless told to')
    .option('--apply', 'drop them, for good')
    .option('--json', 'as NDJSON')
    .action((options: ExpireOptions) => exitWith(import('./commands/expire.ts').then((m) => m.expire(options))));
  addHoldCommands(root, exitWith);
  root
    .command('erase')
    .description('destroy the keys of everything that can be revealed of a person; proofs stay valid')
    .requiredOption('--reason <text>', 'why, without naming anyone; it stands on the trail')
    .option('--subject <token>', 'the person\'s token, or a mask it stands in')
    .option('--identifier <kind>', 'the person\'s email | phone | digits | alphanumeric | text, on standard input, over all sites and key epochs')
    .option('--site <name>', 'only on this site')
    .option('--json', 'as JSON')
    .action((options: EraseOptions) => exitWith(import('./commands/erase.ts').then((m) => m.erase(options))));
  addBackupCommands(root, exitWith);
}

function addHoldCommands(root: Command, exitWith: ExitWith): void {
  const hold = root.command('hold').description('legal holds: what is held is neither dropped nor erased');
  hold
    .command('add')
    .description('hold a site, a tier, a time of receipt, or everything')
    .requiredOption('--reason <text>', 'why; it stands on the trail')
    .option('--site <name>', 'only this site')
    .option('--tier <tier>', 'only brief | standard | payment | health | trail')
    .option('--from <time>', 'only what was received from then on')
    .option('--to <time>', 'only what was received before then')
    .option('--json', 'as JSON')
    .action((options: HoldOptions) => exitWith(import('./commands/hold.ts').then((m) => m.addHoldCommand(options))));
  hold
    .command('list')
    .description('the holds in force')
    .option('--all', 'those that were released, too')
    .option('--json', 'as NDJSON')
    .action((options: { all?: true; json?: true }) => exitWith(import('./commands/hold.ts').then((m) => m.listHoldsCommand(options))));
  hold
    .command('release <hold>')
    .description('end a hold')
    .requiredOption('--reason <text>', 'why; it stands on the trail')
    .option('--json', 'as JSON')
    .action((id: string, options: { reason: string; json?: true }) => exitWith(import('./commands/hold.ts').then((m) => m.releaseHoldCommand(id, options))));
}

function addBackupCommands(root: Command, exitWith: ExitWith): void {
  root
    .command('backup')
    .description('copy a stopped home: keys, secrets, configuration, log and store')
    .requiredOption('--out <folder>', 'a folder that does not exist yet')
    .option('--passphrase-file <file>', 'seals keys and secrets; or set TOURNIQUET_BACKUP_PASSPHRASE')
    .option('--json', 'as JSON')
    .action((options: BackupCommandOptions) => exitWith(import('./commands/backup.ts').then((m) => m.backup(options))));
  root
    .command('restore <folder>')
    .description('put a backup into an empty home; what was erased after it is erased again')
    .option('--passphrase-file <file>', 'of the backup; or set TOURNIQUET_BACKUP_PASSPHRASE')
    .option('--erasures <file>', 'the newest erasures.ndjson of the export folder')
    .option('--no-erasures', 'nothing was erased since the backup')
    .option('--json', 'as JSON')
    .action((folder: string, options: RestoreOptions) => exitWith(import('./commands/restore.ts').then((m) => m.restore(folder, options))));
}
