import { expect, test } from 'vitest';
import { runKafkaChaos } from '../loadtest/chaos/kafka-chaos.ts';

const KILLS = Number(process.env['TOURNIQUET_CHAOS_KILLS'] ?? 8);
const SEED = Number(process.env['TOURNIQUET_CHAOS_SEED'] ?? 20261121);

test(`after ${KILLS} kill -9 of brokers, machines, roles and shippers at random moments everything reconciles, from shipper and ingress topic to webhook (seed ${SEED})`, { timeout: 3_600_000 }, async () => {
  const report = await runKafkaChaos({ seed: SEED, kills: KILLS });
  expect(report.failures).toEqual([]);
  expect(report.stored).toBe(report.chained + report.ingressInTopic);
  expect(report.alerts).toBeGreaterThan(0);
});
