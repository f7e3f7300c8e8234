import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrokerCluster } from '../../ingest/kafka/test-broker/broker-cluster.ts';
import { startBrokers } from '../../ingest/kafka/test-broker/broker-cluster.ts';
import type { GeneratorReport } from '../load-generator.ts';
import { memoryOf, runGenerator, storedEvents, untilStored } from '../pipeline.ts';
import { watchCpu } from '../process-cpu.ts';
import { numberOf, openReader } from '../store-reader.ts';
import { Deployment } from './deployment.ts';
import { registerSites } from './load.ts';

const PARTITIONS = 4;
/** What the shipper puts into a block when it has more than it can send at once. */
const LINES_PER_BLOCK = 1000;
const BROKER_HEAP_MIB = 1024;

export interface KafkaRun {
  readonly report: GeneratorReport;
  /** Acknowledged and queryable events a second, from the first request to the last row. */
  readonly eventsPerSecond: number;
  readonly stored: number;
  /** CPU microseconds an event, by process. */
  readonly cpuMicros: Readonly<Record<string, number>>;
  /** Bytes an event, on the broker's disk and on the store's (merges may still be under way). */
  readonly logBytes: number;
  readonly storeBytes: number;
}

/** Files and folders may go while they are looked at: merges and retention are at work. */
function bytesBelow(directory: string, counts: (file: string) => boolean): number {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .map((entry) => (entry.isDirectory() ? bytesBelow(path.join(directory, entry.name), counts) : counts(path.join(directory, entry.name)) ? (statSync(path.join(directory, entry.name), { throwIfNoEntry: false })?.size ?? 0) : 0))
      .reduce((sum, bytes) => sum + bytes, 0);
  } catch {
    return 0;
  }
}

function pidsOf(brokers: BrokerCluster, deployment: Deployment): Readonly<Record<string, number>> {
  const named: Record<string, number> = {};
  for (const [i, broker] of brokers.brokers.entries()) named[`broker-${i}`] = broker.pid ?? 0;
  for (const unit of deployment.units) for (const role of unit.roles) named[unit.name === 'core' ? role : unit.name] = unit.pidOf(role) ?? 0;
  return named;
}

/** The whole pipeline through one real broker, generator included, until every event can be queried. */
export async function runKafkaPipeline(options: { readonly workers: number; readonly seconds: number; readonly seed: number }): Promise<KafkaRun> {
  await using brokers = await startBrokers({ brokers: 1, heapMib: BROKER_HEAP_MIB, optimised: true });
  await using deployment = await Deployment.prepare({ bootstrap: brokers.bootstrap, partitions: PARTITIONS, replicationFactor: 1, gateways: 1, workers: options.workers });
  await deployment.start();
  const sites = await registerSites(deployment, PARTITIONS);
  const client = await openReader(deployment.core.home);
  const cpu = watchCpu(() => pidsOf(brokers, deployment));
  const startedAt = performance.now();
  const report = await runGenerator({
    gatewayUrls: deployment.gateways.map((g) => g.urlOf('gateway')), sites, seed: options.seed, streams: 8, linesPerBlock: LINES_PER_BLOCK,
    durationMs: options.seconds * 1000, maxEvents: Number.MAX_SAFE_INTEGER, rate: 0, attackShare: 0.01,
  });
  await untilStored(client, report.events);
  const elapsedMs = performance.now() - startedAt;
  const cpuMicros = Object.fromEntries(Object.entries(cpu.stop()).map(([name, seconds]) => [name, (seconds * 1e6) / report.events]));
  const stored = await storedEvents(client);
  await client.close();
  const logBytes = bytesBelow(brokers.brokers[0]?.logDir ?? '', (file) => file.includes('/tourniquet.blocks-') && file.endsWith('.log')) / report.events;
  const storeBytes = bytesBelow(path.join(deployment.core.home.data, 'storage'), () => true) / report.events;
  return { report, eventsPerSecond: report.events / (elapsedMs / 1000), stored, cpuMicros, logBytes, storeBytes };
}

export interface LagRun {
  readonly behind: number;
  readonly eventsPerSecond: number;
  /** Bytes of the worker while it catches up, a sample a second. */
  readonly workerMemory: readonly number[];
}

/** Lets a backlog grow while no worker runs, then measures how a worker catches up. */
export async function runLagRecovery(options: { readonly events: number; readonly seed: number }): Promise<LagRun> {
  await using brokers = await startBrokers({ brokers: 1, heapMib: BROKER_HEAP_MIB, optimised: true });
  await using deployment = await Deployment.prepare({ bootstrap: brokers.bootstrap, partitions: PARTITIONS, replicationFactor: 1, gateways: 1, workers: 1 });
  await deployment.start([deployment.core, ...deployment.gateways]);
  const sites = await registerSites(deployment, PARTITIONS);
  const report = await runGenerator({
    gatewayUrls: deployment.gateways.map((g) => g.urlOf('gateway')), sites, seed: options.seed, streams: 8, linesPerBlock: LINES_PER_BLOCK,
    durationMs: 3_600_000, maxEvents: options.events, rate: 0, attackShare: 0.01,
  });
  const client = await openReader(deployment.core.home);
  const workerMemory: number[] = [];
  const startedAt = performance.now();
  await deployment.start(deployment.workers);
  const timer = setInterval(() => workerMemory.push(memoryOf(deployment.workers[0]?.pidOf('worker') ?? 0)), 1000);
  await untilStored(client, report.events);
  clearInterval(timer);
  const seconds = (performance.now() - startedAt) / 1000;
  await client.close();
  return { behind: report.events, eventsPerSecond: report.events / seconds, workerMemory };
}

export interface TakeoverRun {
  /** Milliseconds from kill -9 of a worker to the first commit by another of each partition it owned. */
  readonly takeoverMs: readonly number[];
}

/** Kills the worker that owns most partitions while every partition has traffic, several times. */
export async function runTakeovers(options: { readonly kills: number; readonly seed: number }): Promise<TakeoverRun> {
  await using brokers = await startBrokers({ brokers: 1, heapMib: BROKER_HEAP_MIB, optimised: true });
  await using deployment = await Deployment.prepare({ bootstrap: brokers.bootstrap, partitions: PARTITIONS, replicationFactor: 1, gateways: 1, workers: 2 });
  await deployment.start();
  const sites = await registerSites(deployment, PARTITIONS);
  const client = await openReader(deployment.core.home);
  const generator = runGenerator({
    gatewayUrls: deployment.gateways.map((g) => g.urlOf('gateway')), sites, seed: options.seed, streams: PARTITIONS, linesPerBlock: 20,
    durationMs: 3_600_000, maxEvents: 2_000 * 40 * options.kills, rate: 2_000, attackShare: 0.01,
  });
  // It ends when its gateway does.
  const ended = generator.catch(() => undefined);
  const newest = (partition: number, since: number): Promise<number> => numberOf(client, `SELECT toUnixTimestamp64Milli(min(committed_at)) AS n FROM tourniquet.commits WHERE partition = ${partition} AND committed_at > fromUnixTimestamp64Milli(${since})`);
  const takeoverMs: number[] = [];
  for (let i = 0; i < options.kills; i++) {
    await sleep(8_000);
    const victim = deployment.workers[i % 2];
    if (victim === undefined) break;
    const owned = victim.partitions;
    victim.die();
    const killedAt = Date.now();
    for (const partition of owned) {
      let first = 0;
      // A commit of the dead worker may still become visible within the first moments.
      while (first <= killedAt) {
        await sleep(100);
        first = await newest(partition, killedAt + 300);
      }
      takeoverMs.push(first - killedAt);
    }
    await deployment.start([victim]);
    await sleep(6_000);
  }
  await deployment[Symbol.asyncDispose]();
  await ended;
  await client.close();
  return { takeoverMs };
}
