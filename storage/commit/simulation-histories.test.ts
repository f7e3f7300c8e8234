import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { hoursOf } from './simulated-hours.ts';
import { runThreads } from './simulation-shard.ts';
import { runHistory } from './simulation.ts';

const SEED = Number(process.env['TOURNIQUET_SIM_SEED'] ?? 1);

describe.concurrent('whatever crashes, sleeps, lies or repeats itself', { timeout: 3_600_000 }, () => {
  test('every acknowledged line is stored once, in order, under the right roots, or told as lost', async () => {
    const results = await runThreads(2);
    expect(results.flatMap((r) => r.failures)).toEqual([]);
  });

  test('twelve hours with a rebalance every few seconds, outages, power losses, sleepers, clock jumps and cut logs lose nothing and store nothing twice', async () => {
    const { problems, counts } = await runHistory(SEED, {}, hoursOf(12));
    expect(problems, `TOURNIQUET_SIM_SEED=${SEED}`).toEqual([]);
    for (const what of ['crashes', 'naps', 'handovers', 'outages', 'powerLosses', 'restored', 'adopted', 'amended', 'overtaken', 'parked', 'observed'] as const) expect(counts[what], what).toBeGreaterThan(20);
  });
});
