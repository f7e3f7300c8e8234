import { expect, test } from 'vitest';
import { runChaos } from '../loadtest/chaos/chaos.ts';

const KILLS = Number(process.env['TOURNIQUET_CHAOS_KILLS'] ?? 20);
const SEED = Number(process.env['TOURNIQUET_CHAOS_SEED'] ?? 20261121);

test(`after ${KILLS} kill -9 of each process at random moments everything reconciles, from sender to webhook (seed ${SEED})`, { timeout: 3_600_000 }, async () => {
  const report = await runChaos({ seed: SEED, kills: KILLS });
  expect(report.failures).toEqual([]);
  expect(report.stored).toBe(report.sent);
  expect(report.alerts).toBeGreaterThan(0);
});
