import { spawn } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { measureAlertLatency } from './alert-latency.ts';
import { measureGateway } from './gateway.ts';
import { measureKafkaGateway, measureKafkaPipeline, measureLagRecovery, measureTakeover } from './kafka/measures.ts';
import { measureLedger } from './ledger.ts';
import { measurePacks } from './packs.ts';
import { runPipeline } from './pipeline.ts';
import { percentile, printHardware, printMeasure } from './report.ts';
import type { Measure } from './report.ts';
import { measureCorrelations, measureLoad, measureScans, measureWorker } from './rules/rules.ts';
import { measureStage } from './stage.ts';
import { Throwaway } from './throwaway.ts';
import { measureTrail } from './trail.ts';
import { measureOverhead } from './wordpress/overhead.ts';

const SEED = 20261121;
const MIB = 1024 ** 2;
/** What the shipper puts into a block when it has more than it can send at once. */
const SHIPPER_BLOCK_LINES = 1000;

async function stage(): Promise<readonly Measure[]> {
  const rates = await measureStage(SEED);
  return [
    { name: 'detection stage, one core', value: rates.stage, unit: 'events/s', goal: { least: 200_000, aim: 300_000 }, note: `${Math.round(rates.bytesPerEvent)} bytes an event` },
    { name: 'floor: parse + scan + hash', value: rates.floor, unit: 'events/s' },
    { name: 'cost over the floor', value: rates.ratio, unit: 'times', goal: { most: 2 } },
  ];
}

/**
 * A short run without a limit says what the machine can do; the long one is offered a share of that: a tenth more keeps
 * it full, a tenth less lets it keep up, so that no backlog (mapped pages of the log) counts as memory.
 */
async function pipeline(seconds: number, share: number): Promise<readonly Measure[]> {
  const load = { seed: SEED, linesPerBlock: SHIPPER_BLOCK_LINES };
  const capacity = (await runPipeline({ ...load, seconds: 10, rate: 0 })).eventsPerSecond;
  const run = await runPipeline({ ...load, seconds, rate: Math.round(capacity * share) });
  const { samples, perProcess } = run.memory;
  const half = Math.floor(samples.length / 2);
  const growth = percentile(samples.slice(half), 50) / percentile(samples.slice(0, half), 50);
  const processes = Object.entries(perProcess).map(([name, bytes]) => `${name} ${Math.round(bytes / MIB)}`).join(', ');
  return [
    { name: `end to end, ${seconds} s, generator included`, value: run.eventsPerSecond, unit: 'events/s', goal: { least: 100_000, aim: 150_000 }, note: `${run.report.events} acknowledged, ${run.stored} stored` },
    { name: 'acknowledged after (median)', value: run.report.ackMs[0], unit: 'ms' },
    { name: 'acknowledged after (p99)', value: run.report.ackMs[1], unit: 'ms' },
    { name: 'memory of all processes (most)', value: Math.max(...samples) / MIB, unit: 'MiB', goal: { most: 1536 }, note: processes },
    { name: 'memory, second half over first half', value: growth, unit: 'times', goal: { most: 1.15 } },
    { name: 'acknowledged but not stored', value: run.report.events - run.stored, unit: 'events', goal: { most: 0 } },
  ];
}

async function latency(): Promise<readonly Measure[]> {
  const result = await measureAlertLatency({ rate: 20_000, seconds: 30, seed: SEED });
  return [
    { name: 'acknowledged block to webhook, median', value: percentile(result.latenciesMs, 50), unit: 'ms', note: `${result.latenciesMs.length} alerts at ${Math.round(result.eventsPerSecond)} events/s` },
    { name: 'acknowledged block to webhook, p99', value: percentile(result.latenciesMs, 99), unit: 'ms', goal: { most: 2000 } },
    { name: 'alerts without a webhook', value: result.missing, unit: 'alerts', goal: { most: 0 } },
  ];
}

async function packs(): Promise<readonly Measure[]> {
  const cost = await measurePacks(SEED);
  return [
    { name: 'scanning for signatures, clean lines', value: cost.microseconds, unit: 'us a line', goal: { most: 5 }, note: `${cost.signatures} signatures, ${cost.lines} lines, beyond an empty database` },
    { name: 'lines looked at exactly', value: cost.candidates, unit: 'percent', goal: { most: 5 } },
    { name: 'compiling the signatures', value: cost.compileSeconds, unit: 'CPU s', goal: { most: 5 } },
  ];
}

/** From the command to its line that it is up, on a directory that was used before. */
function secondsToUp(home: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const child = spawn(process.execPath, [fileURLToPath(new URL('../roles/cli.ts', import.meta.url)), 'up'], { env: { ...process.env, TOURNIQUET_HOME: home }, stdio: ['ignore', 'ignore', 'pipe'] });
    let seconds = Number.NaN;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (Number.isNaN(seconds) && text.includes('Tourniquet is up')) {
        seconds = (performance.now() - startedAt) / 1000;
        child.kill('SIGINT');
      }
    });
    child.on('exit', () => (Number.isNaN(seconds) ? reject(new Error('it did not come up')) : resolve(seconds)));
  });
}

async function start(): Promise<readonly Measure[]> {
  using place = new Throwaway();
  await secondsToUp(place.home.root);
  const times: number[] = [];
  for (let i = 0; i < 5; i++) times.push(await secondsToUp(place.home.root));
  return [{ name: 'ready after start, when set up (median of 5)', value: percentile(times, 50), unit: 's', goal: { most: 3 } }];
}

/** Parts of each bench: printed as they come. */
const BENCHES: Readonly<Record<string, readonly (() => Promise<readonly Measure[]>)[]>> = {
  stage: [stage],
  packs: [packs],
  ledger: [() => measureLedger(SEED)],
  pipeline: [() => pipeline(60, 1.1)],
  latency: [latency],
  trail: [() => measureTrail(SEED, Number(process.env['TOURNIQUET_EVENTS'] ?? 10_000_000))],
  start: [start],
  memory: [() => pipeline(600, 0.9)],
  gateway: [() => measureGateway(SEED)],
  correlation: [() => measureCorrelations(SEED)],
  rules: [measureLoad, () => measureScans(SEED), () => measureWorker(SEED)],
  wordpress: [() => measureOverhead(Number(process.env['TOURNIQUET_ROUNDS'] ?? 100))],
  kafka: [() => measureKafkaPipeline(60, SEED), () => measureKafkaGateway(SEED), () => measureTakeover(SEED), () => measureLagRecovery(SEED)],
};

/** What runs without a name; `memory` and `kafka` take ten minutes each and are asked for. */
const DEFAULT = ['stage', 'packs', 'ledger', 'rules', 'correlation', 'pipeline', 'latency', 'start'];
const names = process.argv.slice(2);
const unknown = names.filter((n) => BENCHES[n] === undefined);
if (unknown.length > 0) {
  process.stderr.write(`There is no bench "${unknown.join('", "')}". Usage: npm run bench [-- ${Object.keys(BENCHES).join('|')}]\n`);
  process.exit(2);
}
printHardware(SEED);
let met = true;
for (const name of names.length === 0 ? DEFAULT : names) {
  process.stdout.write(`${name}\n`);
  for (const part of BENCHES[name] ?? []) for (const measure of await part()) met = printMeasure(measure) && met;
}
process.exitCode = met ? 0 : 1;
