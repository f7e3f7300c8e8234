import { parentPort, workerData } from 'node:worker_threads';
import { runShard } from './simulation-shard.ts';

/** A thread of its own for a share of the histories. */
const { shard, shards } = workerData as { readonly shard: number; readonly shards: number }; // Given by `runThreads`.
parentPort?.postMessage(await runShard(shard, shards), []);
