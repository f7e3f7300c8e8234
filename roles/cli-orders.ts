import type { Command } from 'commander';
import type { ContainOptions } from './commands/contain.ts';
import type { SitePolicyOptions } from './commands/site-policy.ts';

/** The commands by which sites are told what to do. `exitWith` as in `cli.ts` */
export function addOrderCommands(root: Command, site: Command, exitWith: (action: Promise<number>) => Promise<void>): void {
  root
    .command('contain <site> [action] [target]')
    .description('tell a site\'s plugin to contain something, signed; a dry run by default: docs/containment.md')
    .option('--reason <text>', 'why; the site is shown it, and it stands on the trail')
    .option('--enforce', 'do it; otherwise the site only says what it would do')
    .option('--lasts <time>', 'undone by itself after that: 30m, 4h, 2d; by default 4h')
    .option('--expires <time>', 'not begun later than that', '1h')
    .option('--undo <number>', 'take that command back')
    .option('--list', 'what the site was told, and what it answered')
    .option('--json', 'as JSON; a list as NDJSON')
    .action((name: string, action: string | undefined, target: string | undefined, options: ContainOptions) => exitWith(import('./commands/contain.ts').then((m) => m.contain(name, action, target, options))));

  site
    .command('policy <name>')
    .description('what a site must hold to whatever its owner sets: signed, over the policy it was given last')
    .option('--ai <policy>', 'allow | local-only | anonymise | block')
    .option('--ai-endpoint <url>', 'where local-only sends what was meant for a cloud')
    .option('--ai-model <name>', 'the model that answers there')
    .option('--ai-hosts <list>', 'further hosts that are AI services')
    .option('--ai-local-hosts <list>', 'further hosts that are local models')
    .option('--revert-ai-settings', 'set AI plugins\' settings back when somebody changes them')
    .option('--no-revert-ai-settings', 'leave them')
    .option('--region <list>', 'countries and hosts inside of which data stays: DE,FR')
    .option('--purpose <host=purpose...>', 'what hosts are called for; replaces those of before')
    .option('--browser-reports', 'a report-only content security policy on checkout, account and booking pages')
    .option('--no-browser-reports', 'none')
    .option('--browser-pages <list>', 'further paths that are watched so')
    .option('--discover', 'a slow scan for personal data at rest, each night')
    .option('--no-discover', 'none')
    .option('--owner-undo', 'the owner may take back what a command did')
    .option('--no-owner-undo', 'the owner may not')
    .option('--reason <text>', 'why; the site is shown it, and it stands on the trail')
    .option('--show', 'the policy it was given last')
    .option('--clear', 'the owner decides everything again')
    .option('--json', 'as JSON')
    .action((name: string, options: SitePolicyOptions) => exitWith(import('./commands/site-policy.ts').then((m) => m.sitePolicy(name, options))));
}
