import type { StorageConfig } from '../config.ts';

/**
 * What the engine takes only at start. Small caches and few background threads: the whole product shares a small
 * machine, and columns are read once by an audit query, seldom twice.
 */
export function engineArguments(config: StorageConfig): readonly string[] {
  const server: Readonly<Record<string, number>> = {
    max_server_memory_usage: config.engine_megabytes * 1024 * 1024,
    mark_cache_size: 16 * 1024 * 1024,
    index_mark_cache_size: 4 * 1024 * 1024,
    uncompressed_cache_size: 0,
    index_uncompressed_cache_size: 0,
    mmap_cache_size: 0,
    query_cache_size: 0,
    background_pool_size: Math.max(2, config.merge_threads),
    background_merges_mutations_concurrency_ratio: 1,
    // Nobody waits for a merge; an insert or a question that comes meanwhile goes first.
    os_threads_nice_value_merge_mutate: 10,
    background_schedule_pool_size: 4,
    background_fetches_pool_size: 1,
    background_move_pool_size: 1,
    background_common_pool_size: 1,
    background_buffer_flush_schedule_pool_size: 1,
    background_message_broker_schedule_pool_size: 1,
    background_distributed_schedule_pool_size: 1,
  };
  return Object.entries(server).map(([name, value]) => `--${name}=${value}`);
}
