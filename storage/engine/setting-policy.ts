import type { StorageConfig } from '../config.ts';
import type { User } from './access-policy.ts';
import { badRequest, ServerException } from './server-exception.ts';

/** Of the HTTP layer, or of no meaning here: taken and passed over. */
const IGNORED = new Set([
  'wait_end_of_query', 'send_progress_in_http_headers', 'enable_http_compression', 'buffer_size', 'readonly', 'log_comment', 'log_queries', 'async_insert', 'wait_for_async_insert',
  'use_query_cache', 'max_query_size', 'stacktrace', 'add_http_cors_header', 'output_format_parallel_formatting', 'cancel_http_readonly_queries_on_client_close', 'replace_running_query', 'mutations_sync',
]);
const READER_MAY = /^(priority|output_format_\w+|date_time_output_format|join_use_nulls|extremes|session_timezone|limit|offset|max_block_size|max_result_rows|max_result_bytes|max_rows_to_read|max_bytes_to_read|result_overflow_mode|join_algorithm|group_by_overflow_mode|max_bytes_before_external_group_by|max_bytes_before_external_sort|optimize_\w+|allow_experimental_analyzer|enable_analyzer|transform_null_in|date_time_input_format|cast_keep_nullable|prefer_column_name_to_alias|use_skip_indexes|force_primary_key|force_index_by_date|bool_true_representation|bool_false_representation|final)$/;
const NAME = /^[a-z][a-z0-9_]{0,100}$/;

/** Limits that a client may lower, not raise; 0 means none, so it means ours. */
function limits(config: StorageConfig): Readonly<Record<string, number>> {
  return {
    max_execution_time: config.read_seconds,
    max_memory_usage: config.read_megabytes * 1024 * 1024,
    max_threads: config.read_threads,
  };
}

export type SettingList = readonly (readonly [name: string, value: string])[];

/** Settings of one read: ours, then what the client may choose. */
export function readSettings(config: StorageConfig, user: User, asked: SettingList): SettingList {
  const most = limits(config);
  const chosen = new Map<string, string>(Object.entries(most).map(([name, value]) => [name, String(value)]));
  chosen.set('timeout_overflow_mode', 'throw');
  chosen.set('max_bytes_before_external_group_by', String(Math.floor((config.read_megabytes * 1024 * 1024) / 2)));
  chosen.set('max_bytes_before_external_sort', String(Math.floor((config.read_megabytes * 1024 * 1024) / 2)));
  chosen.set('max_final_threads', String(config.read_threads));
  chosen.set('output_format_parallel_formatting', '0');
  chosen.set('use_uncompressed_cache', '0');
  // Reads pause while an insert runs, for a moment before each block, and their threads are nicer: a long one gives way
  // again and again. One that somebody waits for, and that an index keeps short, asks for priority 1 and gives way to none.
  chosen.set('priority', '2');
  chosen.set('low_priority_query_wait_time_ms', '5');
  for (const [name, value] of asked) {
    if (isIgnored(name)) continue;
    checkName(name);
    const limit = most[name];
    if (limit !== undefined) chosen.set(name, String(lowered(name, value, limit)));
    else if (user === 'writer' || READER_MAY.test(name)) chosen.set(name, value);
    else throw new ServerException(164, 'READONLY', `Cannot modify '${name}' setting in readonly mode.`);
  }
  chosen.set('os_threads_nice_value_query', chosen.get('priority') === '1' ? '0' : '5');
  return [...chosen];
}

/** Settings of one insert: the client's, over a few of ours. */
export function insertSettings(asked: SettingList): SettingList {
  const chosen = new Map<string, string>([['priority', '1'], ['max_threads', '1'], ['max_insert_threads', '1'], ['input_format_parallel_parsing', '0']]);
  for (const [name, value] of asked) {
    if (isIgnored(name)) continue;
    checkName(name);
    chosen.set(name, value);
  }
  return [...chosen];
}

function isIgnored(name: string): boolean {
  return IGNORED.has(name) || name.startsWith('http_');
}

function checkName(name: string): void {
  if (!NAME.test(name)) throw new ServerException(115, 'UNKNOWN_SETTING', `Unknown setting '${name.slice(0, 64)}'.`);
}

function lowered(name: string, value: string, limit: number): number {
  const asked = Number(value);
  if (!Number.isFinite(asked) || asked < 0) throw badRequest(`Setting ${name} must be a number from 0.`);
  return asked === 0 ? limit : Math.min(asked, limit);
}
