import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { SIGMA_LOAD, sigmaEvents } from '../sigma/reference-events.ts';
import { median } from '../report.ts';
import { runForCpu } from './child-cpu.ts';

const CLI = fileURLToPath(new URL('../../roles/cli.ts', import.meta.url));
const BATCH = 1_000;
const START = Date.UTC(2026, 10, 20);

/** Events a CPU-second of `tourniquet scan`. */
export interface ScanRate {
  /** The whole process: start, loading the rules, and all events. */
  readonly whole: number;
  /** The events alone: what more of them cost. */
  readonly events: number;
  /** Results printed. */
  readonly results: number;
}

/** Writes seeded reference events; the first half of a larger file is the smaller one. */
export async function writeEvents(file: string, seed: number, count: number): Promise<void> {
  const out = createWriteStream(file);
  let lines: string[] = [];
  let written = 0;
  for (const { line } of sigmaEvents({ ...SIGMA_LOAD, seed }, START)) {
    lines.push(line);
    if (++written % BATCH === 0) {
      if (!out.write(`${lines.join('\n')}\n`)) await once(out, 'drain');
      lines = [];
    }
    if (written === count) break;
  }
  out.end(lines.length === 0 ? '' : `${lines.join('\n')}\n`);
  await once(out, 'finish');
}

/** Scans both files in turns; `few` and `many`: how many events they hold. */
export async function measureScan(files: { readonly few: string; readonly many: string }, counts: { readonly few: number; readonly many: number }, args: readonly string[], rounds: number): Promise<ScanRate> {
  const scan = (file: string) => runForCpu(process.execPath, [CLI, 'scan', file, ...args]);
  const whole: number[] = [];
  const events: number[] = [];
  let results = 0;
  for (let round = 0; round < rounds; round++) {
    const few = await scan(files.few);
    const many = await scan(files.many);
    whole.push(counts.many / many.cpuSeconds);
    events.push((counts.many - counts.few) / (many.cpuSeconds - few.cpuSeconds));
    results = many.output.split('\n').length - 1;
  }
  return { whole: median(whole), events: median(events), results };
}

export function filesIn(folder: string): { readonly few: string; readonly many: string } {
  return { few: path.join(folder, 'few.ndjson'), many: path.join(folder, 'many.ndjson') };
}
