import { threadPoolSize } from '../storage/config.ts';
import type { Config } from './config/config.ts';
import type { RoleName } from './run-file.ts';

/** Arguments and environment of each role's process. */
export interface RoleLimits {
  readonly args: Readonly<Partial<Record<RoleName, readonly string[]>>>;
  readonly env: Readonly<Partial<Record<RoleName, NodeJS.ProcessEnv>>>;
}

const WORKER_MIB = 192;
/** What one more busy partition holds in groups and blocks. */
const PARTITION_MIB = 64;
/** A worker that is left with more partitions than these collects garbage more often. */
const MOST_PARTITIONS = 16;

/**
 * Upper bounds of V8's old generation. With external memory counted against them (`role-process.ts`), as up to twice so
 * much, they decide how much garbage of blocks and columns piles up before a collection. Under a bound that the groups of
 * its partitions fill, a worker collects without end, which costs more than all its work. The heap itself is small, so
 * letting it grow further between two full collections saves most of them.
 */
export function roleLimits({ log, storage }: Config): RoleLimits {
  const partitions = log.kind === 'kafka' ? log.kafka.partitions : log.partitions;
  const workerMib = WORKER_MIB + PARTITION_MIB * (Math.min(partitions, MOST_PARTITIONS) - 1);
  return {
    args: {
      gateway: ['--max-old-space-size=128', '--heap-growing-percent=400'],
      bridge: ['--max-old-space-size=128'],
      worker: [`--max-old-space-size=${workerMib}`, '--heap-growing-percent=400'],
    },
    // libuv's threads bound how many queries of the storage role run at once.
    env: { storage: { UV_THREADPOOL_SIZE: String(threadPoolSize(storage)) } },
  };
}
