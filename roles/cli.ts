import { enableCompileCache } from 'node:module';
import process from 'node:process';
import { Command, CommanderError } from 'commander';
import { addOrderCommands } from './cli-orders.ts';
import { addPlantedCommands } from './cli-planted.ts';
import { addRuleCommands } from './cli-rules.ts';
import { addTrailCommands } from './cli-trail.ts';
import type { RedactOptions } from './commands/redact.ts';
import type { RevealOptions } from './commands/reveal.ts';
import type { RotateOptions } from './commands/rotate-keys.ts';
import type { ScanOptions } from './commands/scan/scan.ts';
import type { SendCommandOptions } from './commands/send.ts';
import type { ShipOptions } from './commands/ship.ts';
import type { TokenKeyOptions } from './commands/token-key.ts';
import { UsageError } from './usage-error.ts';

enableCompileCache();

/** A reader that goes away (`| head`) ends the command, quietly; a full disk with a word. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`tourniquet: the output cannot be written: ${error.message}\n`);
  process.exit(1);
});

/** What is told goes nowhere when its reader is gone, or the terminal was closed: what runs goes on. */
process.stderr.on('error', () => undefined);

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
    .option('--roles <list>', 'gateway,bridge,worker,keys,storage,respond,console; all but the bridge by default')
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
  site
    .command('token-key <name>')
    .description("a site's token keys into a file, for its owner: \"tourniquet resolve\" finds a bundle's persons with them")
    .requiredOption('--reason <text>', 'why; it stands on the trail')
    .requiredOption('--out <file>', 'a new file, which only its owner can read')
    .action((name: string, options: TokenKeyOptions) => exitWith(import('./commands/token-key.ts').then((m) => m.tokenKey(name, options))));

  root
    .command('send <files...>')
    .description('ship log files ("-" for standard input) as signed, chained blocks; resumable and safe to repeat')
    .requiredOption('--site <name>', 'the site')
    .option('--stream <name>', 'the stream; by default the format\'s name, with auto the file\'s')
    .option('--format <format>', 'auto, ndjson, combined, nginx, php-error, wp-debug, php-fpm, modsecurity, mariadb-audit, … (docs/shippers.md)', 'auto')
    .option('--zone <zone>', 'where the log was written, for formats whose times do not say: Europe/Berlin; UTC by default')
    .option('--enrolment <line>', 'enrolment line of another machine\'s instance (at first contact)')
    .option('--final', 'send a last line without line feed too; by default it may still be being written')
    .option('--json', 'the result as one JSON object')
    .action((files: string[], options: SendCommandOptions) => exitWith(import('./commands/send.ts').then((m) => m.send(files, options))));

  root
    .command('ship')
    .description("send what the WordPress plugin sealed into its spool (setting \"shipping\": external), until Ctrl-C")
    .requiredOption('--spool <directory>', "the plugin's spool; its page under Tools names it")
    .option('--once', 'send what is there, then end')
    .option('--json', 'counts as one JSON object a turn')
    .action((options: ShipOptions) => exitWith(import('./commands/ship.ts').then((m) => m.ship(options))));

  root
    .command('scan [file]')
    .description('the detection stage over a file or standard input: one JSON object a detection, match or correlation; no server, no store')
    .option('--rules <paths...>', 'Sigma rules, files or folders, instead of what is shipped')
    .option('--packs', 'with --rules: the shipped signatures too')
    .option('--logsource <logsource>', 'what every event is: category=webserver,product=…; "any" considers every rule; by default the event\'s fields tell')
    .option('--format <format>', 'auto, ndjson, combined, nginx, php-error, wp-debug, php-fpm, modsecurity, mariadb-audit, … (docs/shippers.md)', 'auto')
    .option('--summary', 'counts by rule instead')
    .action((file: string | undefined, options: ScanOptions) => exitWith(import('./commands/scan/scan.ts').then((m) => m.scan(file, options))));

  addOrderCommands(root, site, exitWith);
  addRuleCommands(root, exitWith);
  addPlantedCommands(root, exitWith);
  addTrailCommands(root, exitWith);

  root
    .command('query <sql>')
    .description('read-only SQL on a running instance')
    .option('--format <format>', 'table | ndjson | csv', 'table')
    .action((sql: string, options: { format: string }) => exitWith(import('./commands/query.ts').then((m) => m.query(sql, options))));

  root
    .command('reveal <token>')
    .description('show what stands behind a token or mask; needs the compliance secret, and stands on the trail')
    .requiredOption('--reason <text>', 'why; it stands on the trail')
    .option('--site <name>', 'the site of the event; not needed when there is one site')
    .option('--json', 'as JSON')
    .action((token: string, options: RevealOptions) => exitWith(import('./commands/reveal.ts').then((m) => m.reveal(token, options))));

  const keys = root.command('keys').description('the keys role');
  keys
    .command('show')
    .description('the public keys that witnesses, auditors and checkers of bundles need')
    .option('--json', 'as JSON, with the notes by which one key vouched for the next')
    .action((options: { json?: true }) => exitWith(import('./commands/show-keys.ts').then((m) => m.showKeys(options))));
  keys
    .command('rotate')
    .description('a new key epoch: tokens of before stay, and look-ups find the tokens of all epochs')
    .requiredOption('--reason <text>', 'why; it stands on the trail')
    .option('--checkpoint', 'a new key that signs checkpoints instead; the old one signs beside it for keys.overlap_days')
    .option('--retire', 'with --checkpoint: the old ones sign nothing more from now on, since one was stolen')
    .option('--json', 'as JSON')
    .action((options: RotateOptions) => exitWith(import('./commands/rotate-keys.ts').then((m) => m.rotate(options))));

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
