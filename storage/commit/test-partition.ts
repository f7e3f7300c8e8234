import type { RecordHead } from '../../contracts/log-record.ts';
import { encodeRecordHead, frameRecord, parseRecord } from '../../contracts/log-record.ts';
import { createLogDisk, MemoryLogError, openMemoryLog } from '../../contracts/memory-log.ts';
import { appendLeaf } from '../../contracts/merkle.ts';
import type { StageVersions } from '../../contracts/stage.ts';
import { createCommitter } from './committer.ts';
import type { CommitterDeps, CommitterEvent } from './committer-deps.ts';
import { createControlRelease } from './control-release.ts';
import type { StoredRow } from './memory-store.ts';
import { createStoreDisk, openMemoryStore } from './memory-store.ts';
import { runSteps } from './stepped-run.ts';
import { createToyStage } from './toy-stage.ts';
import { createVirtualClock } from './virtual-clock.ts';

export const JANUARY_END = Date.UTC(2026, 1, 1) - 1_000;
export const VERSIONS: StageVersions = { derivation: 1, rules: 'toy' };
export const CONFIG: CommitterDeps['config'] = { max_group_events: 100, max_group_bytes: 1_000_000, linger_ms: 20, idle_ms: 1_000, recount_groups: 2, snapshot_every: 3, park_ms: 600_000, retry_first_ms: 5, retry_most_ms: 40, key_refresh_ms: 1_000 };

/** A record of plain lines. */
export function plain(lines: readonly string[], receivedAtMs: number, site = 'shop'): Buffer {
  const body = lines.map((l) => `${l}\n`).join('');
  const head: RecordHead = { v: 1, site, stream: 'web', provenance: 'gateway', received_at: receivedAtMs, framing: 'plain', codec: 'none', lines: lines.length, bytes: body.length };
  return frameRecord(encodeRecordHead(head), Buffer.from(body));
}

/** A partition on fakes, and a way to run a worker on it until it has nothing left to do. */
export function createPartition(partitions = 1) {
  const logDisk = createLogDisk(partitions);
  const storeDisk = createStoreDisk();
  const clock = createVirtualClock(JANUARY_END);
  const log = openMemoryLog(logDisk, undefined, clock.sleep);
  const { release } = createControlRelease(log.control, partitions);
  const events: CommitterEvent[] = [];
  const deps = (change: Partial<CommitterDeps> = {}): CommitterDeps => ({
    partition: 0, log, store: openMemoryStore(storeDisk), clock, config: CONFIG,
    stageFor: async (v) => createToyStage(v), currentVersions: () => VERSIONS,
    open: async (record) => {
      const parsed = parseRecord(record.value);
      if (parsed === undefined) throw new MemoryLogError('damaged', false);
      return { head: parsed.head, body: parsed.sealed };
    },
    siteKeys: async (site, epoch) => ({ site, epoch: epoch ?? 1, token: Buffer.alloc(0), deadLetter: Buffer.alloc(0) }),
    tree: { append: (f, leaves) => Array.from({ length: leaves.length / 32 }, (_, i) => leaves.subarray(i * 32, i * 32 + 32)).reduce(appendLeaf, f) },
    releaseControl: release, onEvent: (e) => events.push(e), ...change,
  });
  async function work(change: Partial<CommitterDeps> = {}, steps = 40): Promise<void> {
    const committer = createCommitter(deps(change));
    await runSteps((signal) => committer.run(signal), clock, steps);
  }
  const rows = (table: string): readonly StoredRow[] => storeDisk.parts.filter((p) => p.table === table).flatMap((p) => p.rows);
  return { log, logDisk, storeDisk, clock, events, deps, work, rows };
}
