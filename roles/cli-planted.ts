import type { Command } from 'commander';
import type { CanaryAddOptions } from './commands/canary.ts';
import type { FingerprintCommandOptions } from './commands/fingerprint.ts';

/** The commands of those who plant records and register texts. `exitWith` as in `cli.ts` */
export function addPlantedCommands(root: Command, exitWith: (action: Promise<number>) => Promise<void>): void {
  const canary = root.command('canary').description('made-up records that nobody has reason to read: any sight of one is critical');
  canary
    .command('add')
    .description('make up a record, print it for planting, and look for it from now on')
    .option('--kind <kind>', 'customer, order, key or product', 'customer')
    .option('--name <name>', 'what alerts call it; made up when not given')
    .option('--site <name>', 'where it will stand, for alerts to say')
    .option('--json', 'as JSON')
    .action((options: CanaryAddOptions) => exitWith(import('./commands/canary.ts').then((m) => m.addCanary(options))));
  canary
    .command('list')
    .description('the canaries that are looked for')
    .option('--json', 'as NDJSON')
    .action((options: { json?: true }) => exitWith(import('./commands/canary.ts').then((m) => m.listCanaries(options))));
  canary
    .command('remove <name>')
    .description('no longer look for a canary')
    .action((name: string) => exitWith(import('./commands/canary.ts').then((m) => m.removeCanary(name))));

  root
    .command('fingerprint [files...]')
    .description('register texts of which a copied passage is to be recognised; only keyed shingles of them are kept')
    .option('--class <class>', 'what they are: ip.price_list, ip.product, ip.code')
    .option('--title <title>', 'what alerts call it; the file name when not given')
    .option('--level <level>', 'how grave a passage of it is', 'high')
    .option('--list', 'the registered documents instead')
    .option('--remove <id>', 'forget this document instead')
    .option('--json', 'as NDJSON')
    .action((files: string[], options: FingerprintCommandOptions) => exitWith(import('./commands/fingerprint.ts').then((m) => m.fingerprint(files, options))));
}
