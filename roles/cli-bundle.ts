import type { Command } from 'commander';
import type { BundleVerifyOptions } from './commands/bundle-verify.ts';
import type { ResolveOptions } from './commands/resolve.ts';

/** The commands of those who are handed a bundle: a checker, and the site it is about. `exitWith` as in `cli.ts` */
export function addBundleCommands(root: Command, exitWith: (action: Promise<number>) => Promise<void>): void {
  const bundle = root.command('bundle').description('evidence bundles, as "tourniquet scope --out" writes them');
  bundle
    .command('verify <directory>')
    .description('every file, signature, proof and total of a bundle, as its own verify.mjs does; needs nothing that runs')
    .option('--key <verifier...>', 'a verifier key that you have from elsewhere: without one, a bundle only agrees with itself')
    .option('--checkpoint <file>', 'a signed checkpoint of the same log that you kept: it must not contradict the bundle')
    .option('--json', 'as JSON')
    .action((directory: string, options: BundleVerifyOptions) => exitWith(import('./commands/bundle-verify.ts').then((m) => m.bundleVerify(directory, options))));

  root
    .command('resolve')
    .description("the rows of a site's own export that belong to a bundle's persons; run it where the site is, it sends nothing anywhere")
    .requiredOption('--bundle <directory>', 'the bundle')
    .requiredOption('--export <file>', 'CSV with a row of names: comma, semicolon or tab')
    .requiredOption('--site-key <file>', 'the site\'s token keys: of its plugin, or by "tourniquet site token-key"')
    .option('--column <name>', 'the column that holds the identifier; by default the first that is called like one')
    .option('--kind <kind>', 'email, phone, digits, alphanumeric or text', 'email')
    .option('--out <file>', 'into a new file that only its owner can read')
    .option('--json', 'as NDJSON')
    .action((options: ResolveOptions) => exitWith(import('./commands/resolve.ts').then((m) => m.resolve(options))));
}
