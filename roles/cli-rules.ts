import type { Command } from 'commander';
import type { HuntCommandOptions } from './commands/hunt.ts';

/** The commands of those who write rules. `exitWith` as in `cli.ts` */
export function addRuleCommands(root: Command, exitWith: (action: Promise<number>) => Promise<void>): void {
  const rules = root.command('rules').description('Sigma rules and signatures: check, test, list, explain, measure them; by default those the configuration runs');
  rules
    .command('lint [paths...]')
    .description('every problem with its place, and what could be better; exit code 1 only for problems')
    .option('--quiet', 'problems only')
    .option('--json', 'as one JSON object')
    .action((paths: string[], options: { quiet?: true; json?: true }) => exitWith(import('./commands/rules/lint.ts').then((m) => m.lint(paths, options))));
  rules
    .command('test [paths...]')
    .description('run the tests beside rules and the examples of signatures')
    .option('--json', 'as one JSON object')
    .action((paths: string[], options: { json?: true }) => exitWith(import('./commands/rules/test.ts').then((m) => m.test(paths, options))));
  rules
    .command('list [paths...]')
    .description('rules with level, kind, version, triggers and tests')
    .option('--json', 'as NDJSON')
    .action((paths: string[], options: { json?: true }) => exitWith(import('./commands/rules/list.ts').then((m) => m.list(paths, options))));
  rules
    .command('explain <rule> <event>')
    .description('why a rule (id, name or file) matches an event (JSON text or a log line; a file or "-" that holds one) or not')
    .option('--line <number>', 'which line of the event\'s file')
    .option('--rules <paths...>', 'files or folders to look for the rule in')
    .option('--logsource <source>', 'what the event serves: any, or category=webserver,product=nginx')
    .option('--json', 'as JSON')
    .action((rule: string, event: string, options: { line?: string; rules?: string[]; logsource?: string; json?: true }) => exitWith(import('./commands/rules/explain.ts').then((m) => m.explain(rule, event, options))));
  rules
    .command('profile <file>')
    .description('what each rule costs over the events of an NDJSON file; exit code 1 when one is beyond its budget')
    .option('--rules <paths...>', 'files or folders of rules')
    .option('--logsource <source>', 'what every event serves: any, or category=webserver')
    .option('--all', 'rules that were never evaluated, too')
    .option('--json', 'as one JSON object')
    .action((file: string, options: { rules?: string[]; logsource?: string; all?: true; json?: true }) => exitWith(import('./commands/rules/profile.ts').then((m) => m.profile(file, options))));
  rules
    .command('coverage [paths...]')
    .description('rules for each threat of the catalogue and each tactic of ATT&CK; exit code 1 when a threat has none')
    .option('--navigator', 'a layer for the ATT&CK Navigator')
    .option('--json', 'as one JSON object')
    .action((paths: string[], options: { navigator?: true; json?: true }) => exitWith(import('./commands/rules/coverage.ts').then((m) => m.coverage(paths, options))));

  root
    .command('hunt <rules...>')
    .description('Sigma rules over stored history, exactly as they would have matched live, and what is on record instead')
    .requiredOption('--from <time>', 'event time: 2026-11-20T08:00:00Z, 2026-11-20, or how long ago: 90m, 24h, 7d')
    .option('--to <time>', 'event time, not included', 'now')
    .option('--site <name>', 'only this site')
    .option('--workers <number>', 'threads; at most 4 by default')
    .option('--resume <directory>', 'keeps finished work there; the same command goes on where it stopped')
    .option('--json', 'as NDJSON')
    .action((paths: string[], options: HuntCommandOptions) => exitWith(import('./commands/hunt.ts').then((m) => m.huntCommand(paths, options))));
}
