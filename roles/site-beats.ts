import type { CommitRecord, SnapshotRecord } from '../contracts/control.ts';
import type { ControlStream, EventLog } from '../contracts/event-log.ts';
import { partitionOf } from '../contracts/event-log.ts';
import type { SiteBeat } from '../respond/heartbeat/heartbeat-watch.ts';
import { readingClient } from './connections.ts';
import type { StorageAccess } from './connections.ts';

/** A plugin's stream: `wp-` and letters. */
const BEATS = `
  SELECT site, toUnixTimestamp64Milli(max(received_at)) AS last FROM blocks
  WHERE received_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND provenance = 'plugin' AND startsWith(stream, 'wp-')
  GROUP BY site`;

const DAY_MS = 86_400_000;
/** Sites silent for longer are not heard of again after a start. */
const FIRST_LOOK_MS = 7 * DAY_MS;
/** Blocks are stored a while after they were received. */
const OVERLAP_MS = 15 * 60_000;
const READ_ENTRIES = 500;

export interface SiteBeats extends AsyncDisposable {
  read(): Promise<readonly SiteBeat[]>;
}

/** When plugins were last heard of, from the store; and until when the store knows, from the log's commits. */
export function openSiteBeats(access: StorageAccess, log: EventLog): SiteBeats {
  const client = readingClient(access);
  const last = new Map<string, number>();
  const commits = openCommitEnds(log.control);
  let fromMs = Date.now() - FIRST_LOOK_MS;
  return {
    async read() {
      const startedMs = Date.now();
      const seen = await seenUntil(log, await commits.read(), startedMs);
      // After the commits: what they name is in the store by now.
      const answer = await client.query({ query: BEATS, format: 'JSONEachRow', query_params: { from: fromMs }, clickhouse_settings: { output_format_json_quote_64bit_integers: 0 } });
      for (const row of await answer.json<{ readonly site: string; readonly last: number }>()) last.set(row.site, Math.max(row.last, last.get(row.site) ?? 0));
      fromMs = Math.max(startedMs - FIRST_LOOK_MS, Math.min(startedMs, ...seen) - OVERLAP_MS);
      return Array.from(last, ([site, lastMs]) => ({ site, lastMs, seenUntilMs: seen[partitionOf(site, log.partitions)] ?? 0 }));
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

interface CommitEnd {
  /** Position of the last record it holds. */
  readonly last: number;
  /** Unix ms: when that was received. */
  readonly receivedToMs: number;
}

/** Now where all is committed; otherwise when the last committed record was received, and 0 where nothing is known. */
async function seenUntil(log: EventLog, ends: ReadonlyMap<number, CommitEnd>, nowMs: number): Promise<readonly number[]> {
  return Promise.all(Array.from({ length: log.partitions }, async (_, partition) => {
    const { first, next } = await log.bounds(partition);
    const end = ends.get(partition);
    // A log that was trimmed to its end holds nothing that waits.
    return next === first || (end !== undefined && end.last >= next - 1) ? nowMs : (end?.receivedToMs ?? 0);
  }));
}

/** Our own committer wrote it. A snapshot stands for commits that are there no more. */
function endOf(key: string, value: string): (CommitEnd & { readonly partition: number }) | undefined {
  if (key.startsWith('commit/')) {
    const { partition, last, received_to: receivedToMs } = JSON.parse(value) as CommitRecord;
    return { partition, last, receivedToMs };
  }
  if (!key.startsWith('snapshot/')) return undefined;
  const { partition, next } = JSON.parse(value) as SnapshotRecord;
  return { partition, last: next - 1, receivedToMs: 0 };
}

/** Follows the control stream's commits. */
function openCommitEnds(control: ControlStream): { read(): Promise<ReadonlyMap<number, CommitEnd>> } {
  const ends = new Map<number, CommitEnd>();
  let next: number | undefined;
  return {
    async read() {
      next = Math.max(next ?? 0, (await control.bounds()).first);
      for (;;) {
        const entries = await control.read(next, READ_ENTRIES);
        for (const { key, value } of entries) {
          const end = endOf(key, value);
          if (end !== undefined && end.last > (ends.get(end.partition)?.last ?? -1)) ends.set(end.partition, end);
        }
        const newest = entries.at(-1);
        if (newest === undefined) return ends;
        next = newest.offset + 1;
      }
    },
  };
}
