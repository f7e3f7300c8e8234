import process from 'node:process';
import { createProgress } from '../roles/progress.ts';
import { runChaos } from './chaos/chaos.ts';
import { runKafkaChaos } from './chaos/kafka-chaos.ts';
import { FAULTS, LONG } from './chaos/kafka-faults.ts';

/** Each fault of a deployment in turn, or those whose title holds the word; a JSON report each. */
async function runFaults(word: string): Promise<number> {
  let failed = 0;
  for (const fault of FAULTS.filter(({ title }) => title.includes(word))) {
    process.stderr.write(`${fault.title} …\n`);
    const startedAt = performance.now();
    const report = await fault.run(LONG).catch((error: unknown) => ({ figures: {}, failures: [error instanceof Error ? error.message : String(error)] }));
    process.stdout.write(`${JSON.stringify({ fault: fault.title, seconds: Math.round((performance.now() - startedAt) / 1000), ...report })}\n`);
    failed += report.failures.length;
  }
  return failed === 0 ? 0 : 1;
}

/**
 * `npm run chaos -- [KILLS [SEED]]`: so many kill -9 of each process of one instance. `npm run chaos -- kafka [KILLS [SEED]]`:
 * so many of brokers, units and processes of a deployment. `npm run chaos -- kafka-faults [WORD]`: disks, networks,
 * rebalances. Exit code 1 when anything does not reconcile.
 */
const args = process.argv.slice(2);
if (args[0] === 'kafka-faults') process.exit(await runFaults(args[1] ?? ''));
const onKafka = args[0] === 'kafka';
const [killsText = onKafka ? '100' : '20', seedText = String(Date.now() % 1_000_000)] = onKafka ? args.slice(1) : args;
const kills = Number(killsText);
const seed = Number(seedText);
if (!Number.isSafeInteger(kills) || kills < 1 || !Number.isSafeInteger(seed)) {
  process.stderr.write('Usage: npm run chaos -- [KILLS OF EACH PROCESS [SEED]]\n       npm run chaos -- kafka [KILLS [SEED]]\n       npm run chaos -- kafka-faults [WORD]\n');
  process.exit(2);
}
process.stderr.write(`seed ${seed}\n`);
const progress = createProgress('kill -9');
const onStep = (done: number, total: number, what: string): void => progress.update(done, total, what);
const report = onKafka ? await runKafkaChaos({ seed, kills, onStep }) : await runChaos({ seed, kills, onKill: onStep });
progress.end();
process.stdout.write(`${JSON.stringify({ seed, ...report }, null, 2)}\n`);
process.exitCode = report.failures.length === 0 ? 0 : 1;
