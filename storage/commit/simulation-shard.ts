import process from 'node:process';
import type { HistoryCounts, Sabotage } from './simulation.ts';
import { runHistory } from './simulation.ts';

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
export async function runShard(shard: number, shards: number, sabotage: Sabotage = {}, histories = HISTORIES): Promise<ShardResult> {
  const sums = { lines: 0, groups: 0, crashes: 0, powerLosses: 0, restored: 0, adopted: 0, amended: 0, overtaken: 0, duplicates: 0, damaged: 0, forks: 0, systemic: 0 };
  const failures: string[] = [];
  const seeds = SEED === undefined ? Array.from({ length: Math.ceil(histories / shards) }, (_, i) => shard + i * shards) : [Number(SEED)];
  for (const seed of seeds) {
    const { problems, counts } = await runHistory(seed, sabotage);
    // Object.entries loses the key type of a plain record.
    for (const [key, n] of Object.entries(counts) as [keyof HistoryCounts, number][]) sums[key] += n;
    if (problems.length > 0) failures.push(`TOURNIQUET_SIM_SEED=${seed}: ${problems[0]}`);
    if (failures.length >= MAX_NAMED) break;
  }
  return { histories: seeds.length, failures, sums };
}
