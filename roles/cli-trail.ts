import type { Command } from 'commander';
import { addRetentionCommands } from './cli-retention.ts';
import { addBundleCommands } from './cli-bundle.ts';
import { addScopeCommands } from './cli-scope.ts';
import type { AuditRunOptions } from './commands/audit.ts';
import type { ProofOptions } from './commands/proof.ts';
import type { VerifyOptions } from './commands/verify.ts';

/** The commands of those who answer for the trail: ledger, audit, scope, retention. `exitWith` as in `cli.ts` */
export function addTrailCommands(root: Command, exitWith: (action: Promise<number>) => Promise<void>): void {
  addRetentionCommands(root, exitWith);
  root
    .command('verify')
    .description('re-derive every site\'s root from the stored rows and compare it with all that was signed: docs/verify.md')
    .option('--site <name>', 'this site only')
    .option('--from <time>', 'rows received from then on; others are taken from stored nodes')
    .option('--to <time>', 'rows received before then')
    .option('--deep', 'derive every column, and who touched whose data, again')
    .option('--against <file>', 'checkpoints that were kept elsewhere: each must be a beginning of the present tree')
    .option('--no-raw', 'leave the raw blocks in the event log alone')
    .option('--json', 'as NDJSON')
    .action((options: VerifyOptions) => exitWith(import('./commands/verify.ts').then((m) => m.verify(options))));

  root
    .command('proof [event]')
    .description('that an event (SITE/LEAF) is in its site\'s signed tree, as text of c2sp.org/tlog-proof; checked before it is printed')
    .option('--size <leaves>', 'in the first checkpoint of at least this size; by default in the newest')
    .option('--consistency <sizes...>', 'instead: that the tree of one size is the beginning of that of another')
    .option('--site <name>', 'with --consistency: the site')
    .option('--json', 'as JSON')
    .action((event: string | undefined, options: ProofOptions) => exitWith(import('./commands/proof.ts').then((m) => m.proof(event, options))));

  addBundleCommands(root, exitWith);
  addAuditCommands(root, exitWith);
  addPersonCommands(root, exitWith);
  addScopeCommands(root, exitWith);
}

function addAuditCommands(root: Command, exitWith: (action: Promise<number>) => Promise<void>): void {
  const audit = root.command('audit').description('saved questions about who did what to whose data');
  audit
    .command('list [name]')
    .description('the saved queries; of one, what it asks and takes')
    .option('--json', 'as NDJSON')
    .action((name: string | undefined, options: { json?: true }) => exitWith(import('./commands/audit.ts').then((m) => m.auditList(name, options))));
  audit
    .command('run <name>')
    .description('ask one; each run stands on the trail before its first row is shown')
    .option('--param <name=value...>', 'parameters, times and sites among them, as "audit list NAME" names them')
    .option('--identifier <kind>', 'ask about a person by email, phone, digits, alphanumeric or text, read from standard input; needs the compliance secret and --reason')
    .option('--reason <text>', 'why; it stands on the trail')
    .option('--format <format>', 'table | csv | ndjson | json | html', 'table')
    .option('--limit <rows>', 'rows of this page', '1000')
    .option('--after <cursor>', 'go on after the page before')
    .option('--out <file>', 'into a file that only its owner can read')
    .action((name: string, options: AuditRunOptions) => exitWith(import('./commands/audit.ts').then((m) => m.auditRun(name, options))));
}

function addPersonCommands(root: Command, exitWith: (action: Promise<number>) => Promise<void>): void {
  const person = root.command('person').description('who may ask the console over HTTP; each person has a token of their own, never shared');
  person
    .command('add <name>')
    .description('add one person by name; prints their token, once')
    .requiredOption('--role <role>', 'analyst: queries | compliance: also identifiers, scope and bundles | admin: also people')
    .option('--json', 'as JSON')
    .action((name: string, options: { role: string; json?: true }) => exitWith(import('./commands/person.ts').then((m) => m.addPerson(name, options))));
  person
    .command('list')
    .description('who there is')
    .option('--json', 'as NDJSON')
    .action((options: { json?: true }) => exitWith(import('./commands/person.ts').then((m) => m.listPeople(options))));
  person
    .command('rotate <name>')
    .description('a new token; the old one stops working')
    .option('--role <role>', 'another role from now on')
    .option('--json', 'as JSON')
    .action((name: string, options: { role?: string; json?: true }) => exitWith(import('./commands/person.ts').then((m) => m.rotatePerson(name, options))));
  person
    .command('remove <name>')
    .description('end their access at once')
    .action((name: string) => exitWith(import('./commands/person.ts').then((m) => m.removePerson(name))));
}
