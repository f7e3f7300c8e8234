import { execFileSync } from 'node:child_process';
import os from 'node:os';

/** One measure: what it is, what came out, what was asked. */
export interface Measure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The number the measure must reach (`least`) or stay under (`most`), and the one aimed for. */
  readonly goal?: { readonly least?: number; readonly most?: number; readonly aim?: number };
  readonly note?: string;
}

function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** Nearest rank. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)] ?? Number.NaN;
}

export function printHardware(seed: number): void {
  const facts = { commit: commit(), cpu: os.cpus()[0]?.model ?? 'unknown', cores: os.availableParallelism(), memory_gib: Math.round(os.totalmem() / 1024 ** 3), node: process.version, seed };
  process.stdout.write(`${JSON.stringify(facts)}\n`);
}

function verdict({ value, goal }: Measure): string {
  if (goal === undefined) return '';
  const missed = (goal.least !== undefined && value < goal.least) || (goal.most !== undefined && value > goal.most);
  const limits = [goal.least === undefined ? '' : `at least ${goal.least}`, goal.most === undefined ? '' : `at most ${goal.most}`, goal.aim === undefined ? '' : `aim ${goal.aim}`].filter((t) => t !== '').join(', ');
  return `${missed ? 'MISSED' : 'met'} (${limits})`;
}

/** Prints a measure as a line for people; returns whether its goal was met. */
export function printMeasure(measure: Measure): boolean {
  const text = verdict(measure);
  const value = measure.value >= 1000 ? Math.round(measure.value).toLocaleString('en-US') : measure.value.toFixed(2);
  process.stdout.write(`  ${measure.name.padEnd(44)} ${value.padStart(12)} ${measure.unit.padEnd(10)} ${text}${measure.note === undefined ? '' : `  ${measure.note}`}\n`);
  return !text.startsWith('MISSED');
}
