import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { rawPublicKey } from '../contracts/block.ts';
import { parseEnrolment } from '../contracts/site.ts';
import { makeHome } from '../roles/home.ts';
import { findK6, K6Missing } from './k6/k6-binary.ts';
import { prepareLoad } from './k6/prepare.ts';
import type { K6Load } from './k6/prepare.ts';
import { reconcile } from './k6/reconcile.ts';
import type { Reconciliation } from './k6/reconcile.ts';
import { readSummary } from './k6/summary.ts';
import type { K6Result } from './k6/summary.ts';
import { registerSite, untilStored } from './pipeline.ts';
import { printHardware } from './report.ts';
import { openReader } from './store-reader.ts';
import { Throwaway } from './throwaway.ts';
import { UpProcess } from './up-process.ts';

const USAGE = `Usage: npm run load [-- OPTIONS]
  --rate N          blocks of 20 lines a second (default 500)
  --lines-rate N    requests of 20 plain lines a second (default 20)
  --otlp-rate N     requests of 20 OTLP records a second (default 20)
  --seconds N       how long (default 30)
  --seed N          of the lines (default 20261121)
  --enrolment LINE  loads a running gateway, whose site this line names, instead of a throw-away instance
  --gateway URL     where that gateway is, if not where its line says
  --ingest-key KEY  of that site; without it only blocks are sent
  --json            prints the machine and the result as a line of JSON each
Exit code: 0 when all goals are met and every acknowledged event is stored once, 1 when not, 2 for wrong usage or no k6.`;

/** The smallest unit that a shipper with little to say sends. */
const LINES_PER_BLOCK = 20;
/** Behind the load itself: starting k6, reading its files, and what is under way at the end. */
const EXTRA_MS = 120_000;

interface Outcome {
  readonly load: K6Load;
  readonly k6: K6Result;
  /** Absent for a gateway that runs elsewhere, whose store is not known. */
  readonly store?: Reconciliation;
}

/** Where to send to, and under which secrets. */
interface Target {
  readonly gatewayUrl: string;
  readonly site: string;
  readonly enrolmentSecret: string;
  readonly ingestKey: string;
}

/** Offers the load to a gateway; resolves with what k6 says of it. */
async function offer(k6: string, load: K6Load, target: Target): Promise<K6Result> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'tourniquet-k6-'));
  try {
    const { privateKey } = generateKeyPairSync('ed25519');
    await enrol(target, rawPublicKey(privateKey).toString('base64url'));
    const { orderFile, order } = prepareLoad(load, { ...target, privateKey }, directory);
    await runK6(k6, orderFile, load.seconds * 1000 + EXTRA_MS);
    return readSummary(readFileSync(order.summaryFile, 'utf8'));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function enrol(target: Target, key: string): Promise<void> {
  const answer = await fetch(new URL('/v1/enrol', target.gatewayUrl), { method: 'POST', body: JSON.stringify({ site: target.site, secret: target.enrolmentSecret, key }) });
  if (!answer.ok) throw new Error(`the enrolment was answered with ${answer.status}; use an enrolment line that was not used`);
}

/** k6 ends with 99 when a threshold is crossed: that is a result. Everything else but 0 is a failure. */
function runK6(k6: string, orderFile: string, deadlineMs: number): Promise<void> {
  const args = ['run', '--quiet', '--no-color', '--no-usage-report', '--address', '', fileURLToPath(new URL('k6/gateway.js', import.meta.url))];
  const child = spawn(k6, args, { env: { ...process.env, TOURNIQUET_ORDER: orderFile }, stdio: ['ignore', process.stderr, process.stderr] });
  const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      if (code === 0 || code === 99) resolve();
      else reject(new Error(`k6 ended with ${signal ?? `code ${code}`}`));
    });
  });
}

async function loadThrowaway(k6: string, load: K6Load): Promise<Outcome> {
  const site = 'k6';
  using place = new Throwaway();
  makeHome(place.home);
  await using up = await UpProcess.start(place.home);
  const secrets = await registerSite(place.home, site);
  const result = await offer(k6, load, { gatewayUrl: up.gatewayUrl, site, ...secrets });
  await using client = await openReader(place.home);
  const { blocks, lines, otlp } = result.acknowledged;
  await untilStored(client, blocks + lines + otlp);
  // Requests that got no answer: k6 counts them as failed.
  const unanswered = Math.round(result.failedShare * result.requests) * load.linesPerBlock;
  return { load, k6: result, store: await reconcile(client, site, result, unanswered) };
}

async function loadRunning(k6: string, load: K6Load, line: string, url: string | undefined, ingestKey: string | undefined): Promise<Outcome> {
  const enrolment = parseEnrolment(line);
  if (enrolment === undefined) throw new UsageError('--enrolment is no enrolment line');
  const ordered = ingestKey === undefined ? { ...load, linesRate: 0, otlpRate: 0 } : load;
  const target = { gatewayUrl: url ?? enrolment.gatewayUrl, site: enrolment.site, enrolmentSecret: enrolment.secret, ingestKey: ingestKey ?? '' };
  return { load: ordered, k6: await offer(k6, ordered, target) };
}

class UsageError extends Error {}

function countOf(text: string | undefined, fallback: number, least: number, name: string): number {
  const value = text === undefined ? fallback : Number(text);
  if (!Number.isSafeInteger(value) || value < least) throw new UsageError(`--${name} must be a whole number from ${least}`);
  return value;
}

function print({ k6, store }: Outcome): void {
  const rows: readonly (readonly [string, string])[] = [
    ['requests', `${k6.requests}, ${k6.requestsPerSecond.toFixed(0)} a second; ${k6.droppedIterations} not offered for want of a free user`],
    ['a block is acknowledged after, ms', Object.entries(k6.latencyMs).map(([name, ms]) => `${name} ${ms.toFixed(1)}`).join(', ')],
    ['acknowledged events', `${k6.acknowledged.blocks} in blocks, ${k6.acknowledged.lines} plain, ${k6.acknowledged.otlp} OTLP`],
    ...k6.goals.map(({ goal, met }) => [met ? 'goal met' : 'goal MISSED', goal] as const),
    ['stored', store === undefined ? 'not known here: count the rows of streams "k6-…" of the site' : `${store.stored} of ${store.acknowledged} acknowledged events${store.failures.length === 0 ? ', each once' : ''}`],
    ...(store?.failures ?? []).map((failure) => ['MISSED', failure] as const),
  ];
  for (const [name, text] of rows) process.stdout.write(`  ${name.padEnd(36)} ${text}\n`);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rate: { type: 'string' }, 'lines-rate': { type: 'string' }, 'otlp-rate': { type: 'string' }, seconds: { type: 'string' }, seed: { type: 'string' },
      gateway: { type: 'string' }, enrolment: { type: 'string' }, 'ingest-key': { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const load: K6Load = {
    seed: countOf(values.seed, 20_261_121, 0, 'seed'), seconds: countOf(values.seconds, 30, 1, 'seconds'), linesPerBlock: LINES_PER_BLOCK,
    rate: countOf(values.rate, 500, 1, 'rate'), linesRate: countOf(values['lines-rate'], 20, 0, 'lines-rate'), otlpRate: countOf(values['otlp-rate'], 20, 0, 'otlp-rate'),
  };
  if (values.gateway !== undefined && values.enrolment === undefined) throw new UsageError('--gateway needs --enrolment');
  const k6 = await findK6((line) => process.stderr.write(`${line}\n`));
  printHardware(load.seed);
  const outcome = values.enrolment === undefined ? await loadThrowaway(k6, load) : await loadRunning(k6, load, values.enrolment, values.gateway, values['ingest-key']);
  if (values.json === true) process.stdout.write(`${JSON.stringify(outcome)}\n`);
  else print(outcome);
  return outcome.k6.goals.every((g) => g.met) && (outcome.store?.failures ?? []).length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  const isUsage = error instanceof UsageError || (error instanceof TypeError && 'code' in error);
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${isUsage ? `${USAGE}\n` : ''}`);
  process.exitCode = isUsage || error instanceof K6Missing ? 2 : 1;
}
