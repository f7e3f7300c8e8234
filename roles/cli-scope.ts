import type { Command } from 'commander';
import type { ScopeOptions } from './commands/scope.ts';
import type { StatementOptions } from './commands/statement.ts';

/** The commands that answer whose data a breach touched, and where data went. `exitWith` as in `cli.ts` */
export function addScopeCommands(root: Command, exitWith: (action: Promise<number>) => Promise<void>): void {
  root
    .command('scope')
    .description('whose data a breach touched, what leads there, how sure it is, and what could hide')
    .requiredOption('--site <name>', 'the site')
    .requiredOption('--from <time>', 'events from this time on: a time, a day, or how long ago (30d)')
    .requiredOption('--to <time>', 'and before this one; "now"')
    .option('--actor <name>', 'known: an account, with all it did')
    .option('--session <hash>', 'known: one log-in session')
    .option('--address <ip>', 'known: an address')
    .option('--key <id>', 'known: an application password or REST key')
    .option('--plugin <slug>', 'known: a plugin')
    .option('--alert <id>', 'known: an alert')
    .option('--least-confidence <share>', 'follow links of at least this confidence, 0 to 1 (0.5 by default); others are only shown')
    .option('--confidence <reason=share...>', 'another confidence of a reason, see docs/scope.md')
    .option('--innocent <kind:value...>', 'never follow this, as actor:anna or address:192.0.2.1')
    .option('--out <dir>', 'also write the bundle that proves it')
    .option('--json', 'the report as JSON')
    .action((options: ScopeOptions) => exitWith(import('./commands/scope.ts').then((m) => m.scope(options))));
  const statement = root
    .command('statement')
    .description('a signed statement of where personal data of a site went; exit code 1 when some left the region')
    .option('--site <name>', 'the site')
    .option('--all', 'every site')
    .option('--from <time>', 'needed: sent from this time on')
    .option('--to <time>', 'needed: and before this one; "now"')
    .option('--region <name>', 'declared (what the owner of the site declared), EU, EEA, or a country as DE', 'declared')
    .option('--out <dir>', 'write SITE.note and SITE.json there')
    .option('--json', 'as NDJSON')
    .action((options: StatementOptions) => exitWith(import('./commands/statement.ts').then((m) => m.statement(options))));
  statement
    .command('verify <note>')
    .description('check a statement against the JSON beside it and the key that signed it')
    .option('--key <verifier>', 'this key; otherwise those that the keys role announces')
    .action((file: string, options: { key?: string }) => exitWith(import('./commands/statement.ts').then((m) => m.verifyStatement(file, options))));
}
