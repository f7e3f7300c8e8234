import process from 'node:process';
import { createProgress } from '../roles/progress.ts';
import { runChaos } from './chaos/chaos.ts';

/** `npm run chaos -- [KILLS [SEED]]`: so many kill -9 of each process; exit code 1 when anything does not reconcile. */
const kills = Number(process.argv[2] ?? 20);
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000);
if (!Number.isSafeInteger(kills) || kills < 1 || !Number.isSafeInteger(seed)) {
  process.stderr.write('Usage: npm run chaos -- [KILLS OF EACH PROCESS [SEED]]\n');
  process.exit(2);
}
process.stderr.write(`seed ${seed}\n`);
const progress = createProgress('kill -9');
const report = await runChaos({ seed, kills, onKill: (done, total, what) => progress.update(done, total, what) });
progress.end();
process.stdout.write(`${JSON.stringify({ seed, ...report }, null, 2)}\n`);
process.exitCode = report.failures.length === 0 ? 0 : 1;
