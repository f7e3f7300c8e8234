import { zstdDecompressSync } from 'node:zlib';
import { parseRecord } from '../../contracts/log-record.ts';
import type { RecordHead } from '../../contracts/log-record.ts';
import type { LogDisk } from '../../contracts/memory-log.ts';

/** For tests whose seal leaves bodies as they are: what stands in a log in memory, and what a worker makes of it. */
export interface LoggedBlock {
  readonly head: RecordHead;
  readonly lines: readonly string[];
}

export function loggedBlocks(disk: LogDisk): readonly LoggedBlock[] {
  return disk.partitions.flatMap(({ records }) => records.map(({ value }) => {
    const raw = parseRecord(value);
    if (raw === undefined) throw new Error('the bridge wrote no record');
    return { head: raw.head, lines: zstdDecompressSync(raw.sealed).toString('latin1').split('\n').slice(0, -1) };
  }));
}

/** The worker's rule: a line below its stream's next offset was stored before. `site`: all of them without. */
export function storedLines(disk: LogDisk, site?: string): readonly string[] {
  const next = new Map<string, number>();
  return loggedBlocks(disk).flatMap(({ head, lines }) => {
    const stream = `${head.site} ${head.stream}`;
    const places = (head.ingress?.runs ?? []).flatMap(([first, records, each]) => Array.from({ length: records * each }, (_, i) => first + Math.floor(i / each)));
    if (places.length !== head.lines || lines.length !== head.lines) throw new Error('the runs do not fit the lines');
    const from = next.get(stream) ?? 0;
    next.set(stream, Math.max(from, (places.at(-1) ?? -1) + 1));
    return site !== undefined && site !== head.site ? [] : lines.filter((_, i) => (places[i] ?? 0) >= from);
  });
}
