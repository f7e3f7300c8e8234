import { enableCompileCache } from 'node:module';
import process from 'node:process';
import { Command, CommanderError } from 'commander';
import { addPlantedCommands } from './cli-planted.ts';
import { addRuleCommands } from './cli-rules.ts';
import type { RedactOptions } from './commands/redact.ts';
import type { RevealOptions } from './commands/reveal.ts';
import type { ScanOptions } from './commands/scan/scan.ts';
import type { SendCommandOptions } from './commands/send.ts';
import { UsageError } from './usage-error.ts';

enableCompileCache();

/** A reader that goes away (`| head`) ends the command, quietly; a full disk with a word. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`tourniquet: the output cannot be written: ${error.message}\n`);
  process.exit(1);
});

/** Runs an action whose module is loaded only now, so that `--help` stays quick; its number is the exit code. */
function exitWith(action: Promise<number>): Promise<void> {
  return action.then((code) => {
    process.exitCode = code;
  });
}

function program(): Command {
  const root = new Command('tourniquet')
    .description('Stops data leaks on WordPress and WooCommerce sites and proves what leaked.\nExit codes: 0 fine, 1 found a problem, 2 wrong use.')
    .version('0.1.0')
    .option('--config <file>', 'configuration file (YAML); see "tourniquet config --print"')
    .hook('preAction', (_root, command) => {
      const { config } = command.optsWithGlobals<{ config?: string }>();
      if (config !== undefined) process.env['TOURNIQUET_CONFIG'] = config;
    })
    .exitOverride()
    .showHelpAfterError('(see --help)');

  root
    .command('up')
    .description('run the pipeline: all roles, or those named, until Ctrl-C')
    .option('--config <file>', 'configuration file (YAML)')
    .option('--roles <list>', 'gateway,bridge,worker,keys,storage,respond; all but the bridge by default')
    .action((options: { roles?: string }) => exitWith(import('./commands/up.ts').then((m) => m.up(options))));

  const site = root.command('site').description('sites: add one, list them, renew their keys');
  site
    .command('add <name>')
    .description('register a site; prints its enrolment line and ingest key, once')
    .option('--json', 'as JSON')
    .action((name: string, options: { json?: true }) => exitWith(import('./commands/site.ts').then((m) => m.addSiteCommand(name, options))));
  site
    .command('list')
    .description('the registered sites')
    .option('--json', 'as NDJSON')
    .action((options: { json?: true }) => exitWith(import('./commands/site.ts').then((m) => m.listSitesCommand(options))));
  site
    .command('rotate <name>')
    .description('a new enrolment line and ingest key; the old ones stop working')
    .option('--json', 'as JSON')
    .action((name: string, options: { json?: true }) => exitWith(import('./commands/site.ts').then((m) => m.rotateSiteCommand(name, options))));

  root
    .command('send <files...>')
    .description('ship log files ("-" for standard input) as signed, chained blocks; resumable and safe to repeat')
    .requiredOption('--site <name>', 'the site')
    .option('--stream <name>', 'the stream; by default the format\'s name, with auto the file\'s')
    .option('--format <format>', 'auto | ndjson | combined | common | nginx | php-error | wp-debug', 'auto')
    .option('--enrolment <line>', 'enrolment line of another machine\'s instance (at first contact)')
    .option('--final', 'send a last line without line feed too; by default it may still be being written')
    .option('--json', 'the result as one JSON object')
    .action((files: string[], options: SendCommandOptions) => exitWith(import('./commands/send.ts').then((m) => m.send(files, options))));

  root
    .command('scan [file]')
    .description('the detection stage over a file or standard input: one JSON object a detection, match or correlation; no server, no store')
    .option('--rules <paths...>', 'Sigma rules, files or folders, instead of what is shipped')
    .option('--packs', 'with --rules: the shipped signatures too')
    .option('--logsource <logsource>', 'what every event is: category=webserver,product=…; "any" considers every rule; by default the event\'s fields tell')
    .option('--format <format>', 'auto | ndjson | combined | common | nginx | php-error | wp-debug', 'auto')
    .option('--summary', 'counts by rule instead')
    .action((file: string | undefined, options: ScanOptions) => exitWith(import('./commands/scan/scan.ts').then((m) => m.scan(file, options))));

  addRuleCommands(root, exitWith);
  addPlantedCommands(root, exitWith);

  root
    .command('query <sql>')
    .description('read-only SQL on a running instance')
    .option('--format <format>', 'table | ndjson | csv', 'table')
    .action((sql: string, options: { format: string }) => exitWith(import('./commands/query.ts').then((m) => m.query(sql, options))));

  root
    .command('verify')
    .description('re-derive every site\'s root from the stored rows and compare it with the checkpoints')
    .option('--json', 'as NDJSON')
    .action((options: { json?: true }) => exitWith(import('./commands/verify.ts').then((m) => m.verify(options))));

  root
    .command('reveal <token>')
    .description('show what stands behind a token or mask; needs the compliance secret, and stands on the trail')
    .requiredOption('--reason <text>', 'why; it stands on the trail')
    .option('--site <name>', 'the site of the event; not needed when there is one site')
    .option('--json', 'as JSON')
    .action((token: string, options: RevealOptions) => exitWith(import('./commands/reveal.ts').then((m) => m.reveal(token, options))));

  root
    .command('keys')
    .description('the keys role')
    .command('rotate')
    .description('a new key epoch: tokens of before stay, and look-ups find the tokens of all epochs')
    .requiredOption('--reason <text>', 'why; it stands on the trail')
    .option('--json', 'as JSON')
    .action((options: { reason: string; json?: true }) => exitWith(import('./commands/rotate-keys.ts').then((m) => m.rotateKeys(options))));

  root
    .command('redact <event>')
    .description('take out of a stored event (SITE/LEAF) what masking missed: signed, on the trail, its leaf stays')
    .requiredOption('--reason <text>', 'why; it stands on the trail')
    .option('--field <names...>', 'fields whose values go')
    .option('--text', 'a text on standard input goes wherever it stands')
    .option('--user <name>', 'ClickHouse administrator, on a server; the password is secrets.storage_admin', 'default')
    .option('--json', 'as JSON')
    .action((event: string, options: RedactOptions) => exitWith(import('./commands/redact.ts').then((m) => m.redact(event, options))));

  root
    .command('status')
    .description('positions, lag, counts in and stored, gaps, dead letters, rates')
    .option('--json', 'as JSON')
    .action((options: { json?: true }) => exitWith(import('./commands/status.ts').then((m) => m.status(options))));

  root
    .command('health')
    .description('whether the roles of this home are alive and not stuck; for container health checks')
    .option('--role <name>', 'only this role, which then has to run')
    .option('--json', 'as JSON')
    .action((options: { role?: string; json?: true }) => exitWith(import('./commands/health.ts').then((m) => m.health(options))));

  root
    .command('migrate')
    .description('make or update database, tables, users and rights on the ClickHouse of the configuration')
    .option('--user <name>', 'ClickHouse administrator; the password is secrets.storage_admin', 'default')
    .option('--print', 'print every statement instead, and touch nothing')
    .option('--json', 'as JSON')
    .action((options: { user: string; print?: true; json?: true }) => exitWith(import('./commands/migrate.ts').then((m) => m.migrate(options))));

  root
    .command('config')
    .description('check the configuration')
    .option('--print', 'print every key with its value and a comment')
    .action((options: { print?: true }) => exitWith(import('./commands/config.ts').then((m) => m.config(options))));

  root
    .command('demo')
    .description('replay a seeded day of three shops with a breach inside it, on a throw-away directory')
    .option('--exit', 'stop at the end; exit code 1 if anything does not reconcile')
    .option('--seed <number>', 'seed of the day', '1')
    .option('--visits <number>', 'page views a shop', '20000')
    .action((options: { exit?: true; seed: string; visits: string }) => exitWith(import('./commands/demo.ts').then((m) => m.demo(options))));

  for (const command of [root, ...root.commands, ...root.commands.flatMap((one) => one.commands)]) command.exitOverride();
  return root;
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`tourniquet: ${message}\n`);
  const wrongUse = error instanceof UsageError || (error instanceof Error && error.name === 'ConfigError');
  return wrongUse ? 2 : 1;
}

await program()
  .parseAsync()
  .catch((error: unknown) => {
    process.exitCode = report(error);
  });
