import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ClickHouseClient } from '@clickhouse/client';
import { addSite } from '../ingest/sites/site-admin.ts';
import { loadConfig } from '../roles/config/config.ts';
import { openEventLog } from '../roles/event-log.ts';
import type { Home } from '../roles/home.ts';
import type { GeneratorOrder, GeneratorReport } from './load-generator.ts';
import { numberOf, openReader } from './store-reader.ts';
import { Throwaway } from './throwaway.ts';
import { UpProcess } from './up-process.ts';

let lastRegistered: Promise<unknown> = Promise.resolve();

/** Registers a site while an instance runs; one after the other, for a process has the log open once. */
export function registerSite(home: Home, name: string): Promise<{ readonly enrolmentSecret: string; readonly ingestKey: string }> {
  const registered = lastRegistered.then(async () => {
    await using log = await openEventLog(loadConfig({ TOURNIQUET_HOME: home.root }), home);
    return await addSite(log.registry, name, Date.now);
  });
  lastRegistered = registered.catch(() => undefined);
  return registered;
}

/** Runs a generator in a process of its own. */
export function runGenerator(order: GeneratorOrder): Promise<GeneratorReport> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('load-generator.ts', import.meta.url)), JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    // The generator prints exactly one GeneratorReport.
    child.on('exit', (code) => (code === 0 ? resolve(JSON.parse(output) as GeneratorReport) : reject(new Error(`the generator ended with code ${code}`))));
  });
}

/** Resident memory of a process without pages it shares with others counted twice, in bytes (Linux: proportional set size). */
export function memoryOf(pid: number): number {
  try {
    const kilobytes = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}

export interface MemoryWatch {
  /** Bytes of all processes together, a sample each five seconds (reading them holds the processes up). */
  readonly samples: readonly number[];
  /** The most of each. */
  readonly perProcess: Readonly<Record<string, number>>;
  stop(): void;
}

export function watchMemory(up: UpProcess): MemoryWatch {
  const samples: number[] = [];
  const perProcess: Record<string, number> = {};
  const timer = setInterval(() => {
    let sum = 0;
    for (const [name, pid] of Object.entries(up.pids())) {
      const bytes = memoryOf(pid);
      perProcess[name] = Math.max(perProcess[name] ?? 0, bytes);
      sum += bytes;
    }
    samples.push(sum);
  }, 5000);
  return { samples, perProcess, stop: () => clearInterval(timer) };
}

/**
 * Events of sites in groups that are committed: all their rows, alerts and matches too, are stored then. What the product
 * says of itself (findings of the second stage) is left out, also while its own group is still under way.
 */
export function committedEvents(client: ClickHouseClient): Promise<number> {
  return numberOf(client, "SELECT (SELECT sum(events) FROM (SELECT DISTINCT partition, first, events FROM tourniquet.commits)) - (SELECT count() FROM tourniquet.events WHERE site = '_system' OR provenance = 'system') AS n");
}

/** Rows of sites' events. */
export function storedEvents(client: ClickHouseClient): Promise<number> {
  return numberOf(client, "SELECT count() AS n FROM tourniquet.events WHERE site != '_system' AND provenance != 'system'");
}

/** Longer than a takeover of partitions takes on a machine that others keep busy. */
export const STANDSTILL_MS = 180_000;

/** Resolves when the store holds so many events and all that came of them; throws when it does not get on for three minutes. */
export async function untilStored(client: ClickHouseClient, events: number): Promise<void> {
  let last = -1;
  let lastAt = performance.now();
  for (;;) {
    const stored = await committedEvents(client);
    if (stored >= events) return;
    if (stored !== last) lastAt = performance.now();
    last = stored;
    if (performance.now() - lastAt > STANDSTILL_MS) throw new Error(`the store stopped at ${stored} of ${events} events`);
    await sleep(20);
  }
}

export interface PipelineRun {
  readonly report: GeneratorReport;
  /** Acknowledged and queryable events a second, from the first request to the last row. */
  readonly eventsPerSecond: number;
  readonly stored: number;
  readonly memory: MemoryWatch;
}

/** The whole pipeline under load: a generator process against an instance, until every event can be queried. */
export async function runPipeline(options: { readonly seconds: number; readonly rate: number; readonly seed: number; readonly linesPerBlock: number }): Promise<PipelineRun> {
  using place = new Throwaway();
  await using up = await UpProcess.start(place.home);
  const { enrolmentSecret } = await registerSite(place.home, 'load');
  const client = await openReader(place.home);
  const memory = watchMemory(up);
  const startedAt = performance.now();
  const report = await runGenerator({
    gatewayUrls: [up.gatewayUrl], sites: [{ site: 'load', enrolmentSecret }], seed: options.seed, streams: 8, linesPerBlock: options.linesPerBlock,
    durationMs: options.seconds * 1000, maxEvents: Number.MAX_SAFE_INTEGER, rate: options.rate, attackShare: 0.01,
  });
  await untilStored(client, report.events);
  const elapsedMs = performance.now() - startedAt;
  memory.stop();
  const stored = await storedEvents(client);
  await client.close();
  return { report, eventsPerSecond: report.events / (elapsedMs / 1000), stored, memory };
}
