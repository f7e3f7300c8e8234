import process from 'node:process';
import { Worker } from 'node:worker_threads';
import type { HistoryPlan } from './simulation-plan.ts';
import { SHORT } from './simulation-plan.ts';
import type { HistoryCounts, Sabotage } from './simulation.ts';
import { NOTHING_YET, runHistory } from './simulation.ts';

/** `TOURNIQUET_SIM_HISTORIES`: how many in all shards together. `TOURNIQUET_SIM_SEED`: run just this one. */
const HISTORIES = Number(process.env['TOURNIQUET_SIM_HISTORIES'] ?? 100_000);
const SEED = process.env['TOURNIQUET_SIM_SEED'];
/** Failing seeds named at most. */
const MAX_NAMED = 5;

export interface ShardResult {
  readonly histories: number;
  /** A line a failing seed, with its first problem and how to run it alone. */
  readonly failures: readonly string[];
  readonly sums: Readonly<Record<keyof HistoryCounts, number>>;
}

/** Runs every `shards`-th seed from `shard` on. */
export async function runShard(shard: number, shards: number): Promise<ShardResult> {
  const seeds = SEED === undefined ? Array.from({ length: Math.ceil(HISTORIES / shards) }, (_, i) => shard + i * shards) : [Number(SEED)];
  return runSeeds(seeds, {}, SHORT, MAX_NAMED);
}

export async function runSeeds(seeds: readonly number[], sabotage: Sabotage, plan: HistoryPlan, mostFailures: number): Promise<ShardResult> {
  const sums: { -readonly [K in keyof HistoryCounts]: HistoryCounts[K] } = { ...NOTHING_YET };
  const failures: string[] = [];
  for (const seed of seeds) {
    const { problems, counts } = await runHistory(seed, sabotage, plan);
    // Object.entries loses the key type of a plain record.
    for (const [key, n] of Object.entries(counts) as [keyof HistoryCounts, number][]) sums[key] += n;
    if (problems.length > 0) failures.push(`TOURNIQUET_SIM_SEED=${seed}: ${problems[0]}`);
    if (failures.length >= mostFailures) break;
  }
  return { histories: seeds.length, failures, sums };
}

/** All shards side by side, each in a thread. */
export function runThreads(shards: number): Promise<readonly ShardResult[]> {
  return Promise.all(Array.from({ length: shards }, (_, shard) => new Promise<ShardResult>((resolve, reject) => {
    const thread = new Worker(new URL('./simulation-thread.ts', import.meta.url), { workerData: { shard, shards } });
    thread.once('message', resolve).once('error', reject);
  })));
}
