import { startBrokers } from '../../ingest/kafka/test-broker/broker-cluster.ts';
import { measureGateway } from '../gateway.ts';
import { percentile } from '../report.ts';
import type { Measure } from '../report.ts';
import { logConfig } from './deployment.ts';
import { runKafkaPipeline, runLagRecovery, runTakeovers } from './pipeline.ts';
import type { KafkaRun } from './pipeline.ts';

const MIB = 1024 ** 2;
const BACKLOG_EVENTS = 10_000_000;

function microsOf({ cpuMicros }: KafkaRun, name: string): number {
  return Object.entries(cpuMicros).filter(([process]) => process.startsWith(name)).reduce((sum, [, micros]) => sum + micros, 0);
}

/** Throughput with one worker and with two, and the slopes of the capacity model (`docs/scale.md`). */
export async function measureKafkaPipeline(seconds: number, seed: number): Promise<readonly Measure[]> {
  const one = await runKafkaPipeline({ workers: 1, seconds, seed });
  const two = await runKafkaPipeline({ workers: 2, seconds, seed });
  const micros = (name: string): Measure => ({ name: `CPU of ${name}, one worker`, value: microsOf(one, name), unit: 'us/event' });
  return [
    { name: `one broker, one worker, ${seconds} s, all included`, value: one.eventsPerSecond, unit: 'events/s', goal: { least: 60_000, aim: 100_000 }, note: `${one.report.events} acknowledged, ${one.stored} stored` },
    { name: 'two workers against one', value: two.eventsPerSecond / one.eventsPerSecond, unit: 'times', goal: { least: 0.95 }, note: `${Math.round(two.eventsPerSecond)} events/s` },
    { name: 'acknowledged after (p99)', value: one.report.ackMs[1], unit: 'ms' },
    { name: 'acknowledged but not stored', value: one.report.events - one.stored + two.report.events - two.stored, unit: 'events', goal: { most: 0 } },
    ...['broker', 'gateway', 'worker', 'storage', 'keys', 'respond'].map(micros),
    { name: 'worker: events a second and core', value: 1e6 / microsOf(one, 'worker'), unit: 'events/s' },
    { name: 'log, one copy', value: one.logBytes, unit: 'bytes/event' },
    { name: 'store', value: one.storeBytes, unit: 'bytes/event' },
  ];
}

/** 20-line blocks of signed chains, through one broker. */
export async function measureKafkaGateway(seed: number): Promise<readonly Measure[]> {
  await using brokers = await startBrokers({ brokers: 1, heapMib: 1024, optimised: true });
  return await measureGateway(seed, (run) => logConfig({ bootstrap: brokers.bootstrap, partitions: 4, replicationFactor: 1, topicPrefix: run }));
}

export async function measureTakeover(seed: number): Promise<readonly Measure[]> {
  const { takeoverMs } = await runTakeovers({ kills: 4, seed });
  return [
    { name: 'takeover after kill -9 of a worker (median)', value: percentile(takeoverMs, 50), unit: 'ms', note: `${takeoverMs.length} partitions` },
    { name: 'takeover after kill -9 of a worker (most)', value: Math.max(...takeoverMs), unit: 'ms', goal: { most: 10_000 } },
  ];
}

export async function measureLagRecovery(seed: number): Promise<readonly Measure[]> {
  const { behind, eventsPerSecond, workerMemory } = await runLagRecovery({ events: BACKLOG_EVENTS, seed });
  // The first seconds are the start.
  const settled = workerMemory.slice(10);
  const half = Math.floor(settled.length / 2);
  return [
    { name: `catching up from ${behind.toLocaleString('en-US')} events behind`, value: eventsPerSecond, unit: 'events/s' },
    { name: 'memory of the worker meanwhile (most)', value: Math.max(...workerMemory) / MIB, unit: 'MiB' },
    { name: 'memory, second half over first half', value: percentile(settled.slice(half), 50) / percentile(settled.slice(0, half), 50), unit: 'times', goal: { most: 1.15 } },
  ];
}
