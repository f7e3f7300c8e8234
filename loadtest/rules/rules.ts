import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { median } from '../report.ts';
import type { Measure } from '../report.ts';
import { runForCpu } from './child-cpu.ts';
import type { LoadFigures } from './load-process.ts';
import type { ReloadFigures } from './reload-process.ts';
import { filesIn, measureScan, writeEvents } from './scan-rate.ts';
import { measureWorkerMemory } from './worker-memory.ts';

const FEW = 200_000;
const MANY = 1_200_000;
const ROUNDS = 3;
const MIB = 1024 ** 2;
const RELOAD_PROCESS = fileURLToPath(new URL('./reload-process.ts', import.meta.url));
const LOAD_PROCESS = fileURLToPath(new URL('./load-process.ts', import.meta.url));

/** SigmaHQ's `rules/` of the reference data. */
export function referenceRules(): string {
  return path.join(process.env['TOURNIQUET_CORPORA'] ?? fileURLToPath(new URL('../../../shared/corpora', import.meta.url)), 'sigma/rules');
}

async function load(cache: string): Promise<LoadFigures> {
  const { output } = await runForCpu(process.execPath, [LOAD_PROCESS, cache, referenceRules()]);
  // Printed by load-process.ts.
  return JSON.parse(output) as LoadFigures;
}

/** Loading all reference rules, with nothing compiled before and with it. */
export async function measureLoad(): Promise<readonly Measure[]> {
  const cache = mkdtempSync(path.join(tmpdir(), 'tourniquet-rules-'));
  try {
    const cold = await load(cache);
    const warm = [await load(cache), await load(cache), await load(cache)].toSorted((a, b) => a.seconds - b.seconds)[1] ?? cold;
    return [
      { name: `${cold.rules} rules, nothing compiled before`, value: cold.seconds, unit: 's', goal: { most: 5 } },
      { name: `${warm.rules} rules from the cache (median of 3)`, value: warm.seconds, unit: 's', goal: { most: 0.5 } },
      { name: 'memory of the process then', value: warm.residentBytes / MIB, unit: 'MiB', goal: { most: 500 } },
      await measureReload(cache),
    ];
  } finally {
    rmSync(cache, { recursive: true });
  }
}

/** How long a worker with all reference rules pauses when one more is put to use (median of some). */
async function measureReload(directory: string): Promise<Measure> {
  const { output } = await runForCpu(process.execPath, [RELOAD_PROCESS, directory, referenceRules()]);
  // Printed by reload-process.ts.
  const reloads = output.trim().split('\n').map((line) => JSON.parse(line) as ReloadFigures);
  const of = (figure: (one: ReloadFigures) => number): number => median(reloads.map(figure));
  return {
    name: `longest pause of a worker at a reload of ${reloads[0]?.rules} rules`, value: of(({ longest }) => longest.ms), unit: 'ms', goal: { most: 50 },
    note: `its thread's own work ${of(({ longest }) => longest.cpuMs).toFixed(1)} ms; in use ${of(({ seconds }) => seconds).toFixed(1)} s after the change`,
  };
}

/** `tourniquet scan` as a whole process, on one core's worth of CPU time. */
export async function measureScans(seed: number): Promise<readonly Measure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tourniquet-scan-'));
  const files = filesIn(folder);
  try {
    await writeEvents(files.few, seed, FEW);
    await writeEvents(files.many, seed, MANY);
    const scan = (args: readonly string[]) => measureScan(files, { few: FEW, many: MANY }, args, ROUNDS);
    const all = await scan(['--rules', referenceRules(), '--logsource', 'any']);
    const known = await scan(['--rules', referenceRules(), '--logsource', 'category=webserver']);
    return [
      { name: 'all rules considered for every event', value: all.events, unit: 'events/s', goal: { least: 130_000 }, note: `whole process ${Math.round(all.whole)}, ${all.results} results` },
      { name: 'logsource known', value: known.events, unit: 'events/s', goal: { least: 260_000 }, note: `whole process ${Math.round(known.whole)}, ${known.results} results` },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A worker of the pipeline with all reference rules beside the shipped ones. */
export async function measureWorker(seed: number): Promise<readonly Measure[]> {
  const { bytes, rules, eventsPerSecond } = await measureWorkerMemory(referenceRules(), seed, 60);
  return [{ name: `memory of the worker with ${rules} rules`, value: bytes / MIB, unit: 'MiB', goal: { most: 500 }, note: `at ${Math.round(eventsPerSecond)} events/s for a minute` }];
}

const CORRELATION_PROCESS = fileURLToPath(new URL('../correlation/bench-correlation.ts', import.meta.url));

/** What 100 correlations over 100,000 groups add to an event. */
export async function measureCorrelations(seed: number): Promise<readonly Measure[]> {
  const { output } = await runForCpu(process.execPath, [CORRELATION_PROCESS, String(seed)]);
  // Printed by bench-correlation.ts.
  const { rules, groups, events, microsAnEvent, bytesAnEntry } = JSON.parse(output) as { readonly rules: number; readonly groups: number; readonly events: number; readonly microsAnEvent: number; readonly bytesAnEntry: number };
  return [
    { name: `${rules} correlations, ${groups} groups: added to an event`, value: microsAnEvent, unit: 'us', goal: { most: 1.5 }, note: `${events} events` },
    { name: 'memory of an event in a group', value: bytesAnEntry, unit: 'bytes', goal: { most: 300 } },
  ];
}
