import { execFile, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { verifyStore } from '../roles/verify-store.ts';
import { createProgress } from '../roles/progress.ts';
import { percentile } from './report.ts';
import type { Measure } from './report.ts';
import { openReader } from './store-reader.ts';
import { Throwaway } from './throwaway.ts';
import { diskOf } from './trail/trail-disk.ts';
import { trailActors, trailBlocks, trailSubject } from './trail/trail-events.ts';
import type { TrailLoad } from './trail/trail-events.ts';
import { fillStore, openTrailAppender } from './trail/trail-fill.ts';
import type { IngestOrder } from './trail/trail-ingest.ts';
import { openQuestions, tourniquet } from './trail/trail-questions.ts';
import type { Answered } from './trail/trail-questions.ts';
import { UpProcess } from './up-process.ts';

const SITE = 'trail';
const DAYS = 30;
const DAY_MS = 86_400_000;
const LINES_PER_BLOCK = 500;
const INGEST_RATE = 20_000;
const run = promisify(execFile);

type Ask = (name: string, parameters: Readonly<Record<string, unknown>>) => Promise<Answered>;

async function times(count: number, ask: (i: number) => Promise<Answered>): Promise<{ readonly ms: readonly number[]; readonly rows: number }> {
  const ms: number[] = [];
  let rows = 0;
  for (let i = 0; i < count; i++) {
    const answered = await ask(i);
    ms.push(answered.ms);
    rows += answered.rows;
  }
  return { ms, rows: rows / count };
}

/** Queries while events of now come in. */
async function asked(home: Throwaway['home'], load: TrailLoad, ask: Ask): Promise<readonly Measure[]> {
  const order: IngestOrder = { home: home.root, rate: INGEST_RATE, load: { seed: load.seed + 1, site: SITE, linesPerBlock: LINES_PER_BLOCK } };
  const ingest = spawn(process.execPath, [fileURLToPath(new URL('trail/trail-ingest.ts', import.meta.url)), JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const report = new Promise<{ readonly events: number; readonly seconds: number }>((resolve) => ingest.stdout.setEncoding('utf8').once('data', (line: string) => resolve(JSON.parse(line))));
  await sleep(5_000);
  const window = { from: new Date(load.fromMs).toISOString(), to: new Date(load.toMs + DAY_MS).toISOString() };
  const subjects = await times(200, (i) => ask('who-accessed-subject', { subject: [trailSubject(load, i * 97)], ...window }));
  const actors = trailActors(load);
  const byActor = await times(60, (i) => ask('all-by-actor', { actor: actors[i % actors.length], ...window }));
  ingest.kill('SIGTERM');
  const { events, seconds } = await report;
  return [
    { name: 'who accessed a subject, p95', value: percentile(subjects.ms, 95), unit: 'ms', goal: { most: 50 }, note: `median ${percentile(subjects.ms, 50).toFixed(0)} ms, ${subjects.rows.toFixed(0)} rows` },
    { name: 'all that an actor touched in 30 days, p95', value: percentile(byActor.ms, 95), unit: 'ms', goal: { most: 300 }, note: `median ${percentile(byActor.ms, 50).toFixed(0)} ms, ${byActor.rows.toFixed(0)} rows of a page` },
    { name: 'events taken in meanwhile', value: events / seconds, unit: 'events/s', goal: { least: INGEST_RATE * 0.95 } },
  ];
}

async function disk(home: Throwaway['home'], events: number): Promise<readonly Measure[]> {
  const client = await openReader(home);
  const { tables, total, line } = await diskOf(client, SITE);
  await client.close();
  const each = Object.entries(tables).filter(([, bytes]) => bytes / events >= 0.1).map(([table, bytes]) => `${table} ${(bytes / events).toFixed(1)}`).join(', ');
  return [
    { name: `all tables, ${events} events`, value: total / events, unit: 'bytes/event', goal: { most: 120 }, note: each },
    { name: 'beyond the compressed masked line', value: total / events - line, unit: 'bytes/event', goal: { most: 60 }, note: `the line ${line.toFixed(1)}` },
  ];
}

async function scope(home: Throwaway['home'], load: TrailLoad): Promise<readonly Measure[]> {
  const bundle = path.join(home.root, 'bundle');
  const startedAt = performance.now();
  await tourniquet(home, 'scope', '--site', SITE, '--actor', 'breach.admin', '--from', new Date(load.fromMs).toISOString(), '--to', new Date(load.toMs).toISOString(), '--out', bundle);
  const seconds = (performance.now() - startedAt) / 1000;
  const checkedAt = performance.now();
  const { stdout } = await run(process.execPath, [path.join(bundle, 'verify.mjs')], { cwd: bundle });
  const checkSeconds = (performance.now() - checkedAt) / 1000;
  rmSync(bundle, { recursive: true });
  return [
    { name: 'scope of one actor over 30 days, with bundle', value: seconds, unit: 's', goal: { most: 5 } },
    { name: 'checking the bundle', value: checkSeconds, unit: 's', goal: { most: 3 }, note: stdout.trim().split('\n').at(-1) ?? '' },
  ];
}

async function verified(home: Throwaway['home']): Promise<readonly Measure[]> {
  const startedAt = performance.now();
  const verdict = await verifyStore(home);
  const rows = verdict.sites.reduce((sum, site) => sum + site.leaves, 0);
  return [
    { name: 'verify', value: rows / ((performance.now() - startedAt) / 1000), unit: 'rows/s', goal: { least: 500_000, aim: 1_000_000 }, note: `${rows} rows, ${verdict.ok ? 'holds' : 'DOES NOT HOLD'}` },
  ];
}

/** The trail with so many stored events, thirty days of one site: what it weighs, how fast it answers and is proved. */
export async function measureTrail(seed: number, events: number): Promise<readonly Measure[]> {
  using place = new Throwaway();
  await using up = await UpProcess.start(place.home);
  const toMs = Date.now() - 3_600_000;
  const load: TrailLoad = { seed, site: SITE, events, fromMs: toMs - DAYS * DAY_MS, toMs, linesPerBlock: LINES_PER_BLOCK };
  await tourniquet(place.home, 'site', 'add', SITE, '--json');
  const measures: Measure[] = [];
  {
    await using appender = await openTrailAppender(place.home);
    const client = await openReader(place.home);
    const progress = createProgress('stored');
    const startedAt = performance.now();
    const stored = await fillStore(appender, client, SITE, trailBlocks(load), (done) => progress.update(done, events, `${Object.keys(up.pids()).length} processes`));
    measures.push({ name: 'events stored, their rows of the read model too', value: stored / ((performance.now() - startedAt) / 1000), unit: 'events/s' });
    await client.close();
  }
  measures.push(...(await disk(place.home, events)), ...(await verified(place.home)));
  measures.push(...(await scope(place.home, load)));
  measures.push(...(await asked(place.home, load, await openQuestions(place.home))));
  return measures;
}
