import type { CommitRecord } from '../../contracts/control.ts';
import type { Gate } from '../../contracts/memory-log.ts';
import { openGate } from '../../contracts/memory-log.ts';
import type { TableRows } from '../../contracts/stage.ts';
import type { GroupRange, GroupStore, InsertFence } from '../../contracts/store.ts';
import { StoreRefusal } from '../../contracts/store.ts';
import type { TableName } from '../../contracts/tables.ts';
import { TABLES } from '../../contracts/tables.ts';

/** A row as JSONEachRow holds it. */
export type StoredRow = Readonly<Record<string, unknown>>;

interface Part {
  readonly token: string;
  readonly table: TableName;
  readonly partition: number;
  readonly rows: StoredRow[];
  /** Positions of its rows. */
  readonly first: number;
  readonly last: number;
  /** Of receipt, as `2026-01`. */
  readonly month: string;
}

/** What survives a crash of the store. */
export interface StoreDisk {
  /** In the order they were inserted. */
  readonly parts: Part[];
  /** The same by table and partition. */
  readonly index: Map<string, Part[]>;
  /** Of each table and partition the newest tokens, oldest first, with the rows they came with. */
  readonly tokens: Map<string, Map<string, string>>;
  /** By partition and first position. */
  readonly commits: Map<string, CommitRecord>;
  /** By partition the highest position of a recorded commit. */
  readonly committed: Map<number, number>;
  /** What must never happen, found while it happened. */
  readonly violations: string[];
}

export function createStoreDisk(): StoreDisk {
  return { parts: [], index: new Map(), tokens: new Map(), commits: new Map(), committed: new Map(), violations: [] };
}

function partsOf(disk: StoreDisk, table: TableName, partition: number): Part[] {
  const key = `${table} ${partition}`;
  const found = disk.index.get(key) ?? [];
  disk.index.set(key, found);
  return found;
}

/** A real window spans all partitions, and thousands of groups. One for each lets a simulation make it short. */
function windowOf(table: TableName, token: string): string {
  return `${table} ${token.split('/')[0]}`;
}

/** Tokens that a window remembers, when no one says otherwise. */
const TOKENS = 10_000;

/** Cuts the power of a disk that lied about its fsyncs: the last inserts are gone, their tokens perhaps not. */
export function losePower(disk: StoreDisk, inserts: number, tokensToo: boolean): void {
  for (const part of disk.parts.splice(Math.max(0, disk.parts.length - inserts))) {
    const same = partsOf(disk, part.table, part.partition);
    same.splice(same.indexOf(part), 1);
    if (tokensToo) disk.tokens.get(windowOf(part.table, part.token))?.delete(part.token);
  }
}

export interface MemoryStoreOptions {
  readonly gate?: Gate;
  readonly refuses?: (table: TableName, row: StoredRow) => boolean;
  /** Tokens that a window remembers: few, so that a late insert finds its own forgotten. */
  readonly tokens?: number;
}

/** A fake store on a disk in memory. It reads JSONEachRow only and refuses unknown columns and what `refuses` names. */
export function openMemoryStore(disk: StoreDisk, { gate = openGate, refuses = () => false, tokens = TOKENS }: MemoryStoreOptions = {}): GroupStore & { recordCommit(record: CommitRecord): Promise<void> } {
  return {
    insert: (token, rows, fence) => gate('insert', () => {
      if (!holds(disk, rows.table, fence)) return;
      const parsed = parseRows(rows, refuses);
      const text = rows.data.toString();
      if (parsed.some((r) => monthOf(r['received_at']) !== monthOf(parsed[0]?.['received_at']))) disk.violations.push(`insert ${token} goes into more than one month`);
      const window = windowOf(rows.table, token);
      const known = disk.tokens.get(window) ?? new Map<string, string>();
      disk.tokens.set(window, known);
      const earlier = known.get(token);
      if (earlier !== undefined && earlier !== text) disk.violations.push(`token ${token} came again with other rows`);
      if (earlier !== undefined || parsed.length === 0) return;
      known.set(token, text);
      for (const oldest of known.keys()) if (known.size > tokens) known.delete(oldest);
      for (const [partition, ofPartition] of Map.groupBy(parsed, (r) => Number(r['partition']))) {
        const positions = ofPartition.map((r) => Number(r['position']));
        const part = { token, table: rows.table, partition, rows: ofPartition, first: Math.min(...positions), last: Math.max(...positions), month: monthOf(parsed[0]?.['received_at']) };
        disk.parts.push(part);
        partsOf(disk, part.table, partition).push(part);
      }
    }),
    count: (table, range, fromMs, toMs, tier) => gate('count', () => countRows(disk, table, range, fromMs, toMs, tier)),
    probe: (rows) => gate('probe', () => void parseRows(rows, refuses)),
    hasBlock: (site, stream, lastSeq, head) => gate('hasBlock', () => disk.parts.some((p) => p.table === 'blocks'
      && p.rows.some((r) => r['head'] === head && r['site'] === site && r['stream'] === stream && Number(r['first_seq']) + Number(r['lines']) - 1 === lastSeq))),
    recordCommit: (record) => gate('recordCommit', () => {
      const key = `${record.partition}/${record.first}`;
      if (!disk.commits.has(key)) disk.commits.set(key, record);
      disk.committed.set(record.partition, Math.max(record.last, disk.committed.get(record.partition) ?? -1));
    }),
  };
}

function holds(disk: StoreDisk, table: TableName, fence: InsertFence): boolean {
  const { partition, first } = fence.range;
  if (fence.kind === 'rows') return countRows(disk, table, fence.range, fence.receivedFromMs, fence.receivedToMs) === fence.found;
  return (disk.committed.get(partition) ?? -1) < first;
}

function countRows(disk: StoreDisk, table: TableName, { partition, first, last }: GroupRange, fromMs: number, toMs: number, tier?: string): number {
  const [from, to] = [monthOf(new Date(fromMs).toISOString()), monthOf(new Date(toMs).toISOString())];
  let found = 0;
  for (const part of partsOf(disk, table, partition)) {
    if (part.last < first || part.first > last || part.month < from || part.month > to) continue;
    if (part.first >= first && part.last <= last && tier === undefined) found += part.rows.length;
    else for (const row of part.rows) if (Number(row['position']) >= first && Number(row['position']) <= last && (tier === undefined || row['tier'] === tier)) found += 1;
  }
  return found;
}

function monthOf(receivedAt: unknown): string {
  return String(receivedAt).slice(0, 7);
}

const COLUMNS = new Map(Object.entries(TABLES).map(([table, columns]) => [table, new Set<string>(columns.map((c) => c.name))]));

function parseRows(rows: TableRows, refuses: (table: TableName, row: StoredRow) => boolean): StoredRow[] {
  if (rows.format !== 'JSONEachRow') throw new StoreRefusal('the fake reads JSONEachRow only', 73);
  const columns = COLUMNS.get(rows.table);
  if (columns === undefined) throw new StoreRefusal('no such table', 60);
  return rows.data.toString().split('\n').filter((line) => line !== '').map((line) => {
    let row: unknown;
    try {
      row = JSON.parse(line);
    } catch {
      // The parser's message quotes the row.
      throw new StoreRefusal('a row is not JSON', 117);
    }
    if (typeof row !== 'object' || row === null) throw new StoreRefusal('a row is not an object', 117);
    const parsed: StoredRow = { ...row };
    if (Object.keys(parsed).some((name) => !columns.has(name))) throw new StoreRefusal('a row has a column that the table lacks', 117);
    if (refuses(rows.table, parsed)) throw new StoreRefusal('a row breaks a constraint', 469);
    return parsed;
  });
}
