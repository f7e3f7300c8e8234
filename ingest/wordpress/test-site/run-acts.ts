import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { leaksOf, runActs } from './act-run.ts';
import { OpenStage } from './stage.ts';
import type { UserAct, Variant } from './user-act.ts';

const ACTS = new URL('../acts/', import.meta.url);
const HELP = `Does what users do, and looks at what the plugin wrote of it.

  node ingest/wordpress/test-site/run-acts.ts [AREA…] [--only TEXT] [--on single|network|hpos] [--must-use] [--events]

AREA is a file of ingest/wordpress/acts without its ending; all of them when none is named. --only: acts whose title holds a text.
--events prints every event. TOURNIQUET_KEEP=1 keeps the site's directory.
`;

/** Areas by name: the files of `acts/`. */
export function areas(): readonly string[] {
  return readdirSync(ACTS).filter((f) => f.endsWith('.ts') && !f.endsWith('.test.ts')).map((f) => f.slice(0, -3)).toSorted();
}

/** Every file of `acts/` has its acts as `ACTS`. */
export async function actsOf(area: string): Promise<readonly UserAct[]> {
  const file = new URL(`${area}.ts`, ACTS);
  if (!existsSync(file)) throw new Error(`there is no area ${area}; there are ${areas().join(', ')}`);
  const module = (await import(file.href)) as { readonly ACTS: readonly UserAct[] };
  return module.ACTS;
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(HELP);
    return 0;
  }
  const valueOf = (name: string): string | undefined => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
  const [only, on] = [valueOf('--only'), valueOf('--on')];
  const named = args.filter((a, i) => !a.startsWith('--') && !['--only', '--on'].includes(args[i - 1] ?? ''));
  const acts = (await Promise.all((named.length > 0 ? named : areas()).map(actsOf))).flat().filter((a) => only === undefined || a.title.includes(only));
  let failed = 0;
  for (const variant of ['single', 'network', 'hpos'] as const satisfies readonly Variant[]) {
    if ((on !== undefined && on !== variant) || !acts.some((a) => (a.on ?? ['single']).includes(variant))) continue;
    await using stage = await OpenStage.open(variant, { plugin: args.includes('--must-use') ? 'must-use' : 'plugin' });
    await runActs(acts, stage, ({ act, events, problems }) => {
      failed += problems.length > 0 ? 1 : 0;
      process.stdout.write(`${problems.length === 0 ? 'ok  ' : 'FAIL'} [${variant}] ${act.title}\n${problems.map((p) => `       ${p}\n`).join('')}`);
      if (args.includes('--events')) for (const event of events) process.stdout.write(`       ${JSON.stringify(event)}\n`);
    });
    for (const leak of await leaksOf(stage, acts.flatMap((a) => a.forbidden ?? []))) {
      failed += 1;
      process.stdout.write(`FAIL [${variant}] in clear: ${leak}\n`);
    }
  }
  process.stdout.write(failed === 0 ? 'all well\n' : `${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
