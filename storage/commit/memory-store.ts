import type { CommitRecord } from '../../contracts/control.ts';
import type { Gate } from '../../contracts/memory-log.ts';
import { openGate } from '../../contracts/memory-log.ts';
import type { TableRows } from '../../contracts/stage.ts';
import type { GroupStore } from '../../contracts/store.ts';
import { StoreRefusal } from '../../contracts/store.ts';
import type { TableName } from '../../contracts/tables.ts';
import { TABLES } from '../../contracts/tables.ts';

/** A row as JSONEachRow holds it. */
export type StoredRow = Readonly<Record<string, unknown>>;

interface Part {
  readonly token: string;
  readonly table: TableName;
  readonly rows: readonly StoredRow[];
}

/** What survives a crash of the store. */
export interface StoreDisk {
  parts: Part[];
  /** Tokens with the rows they came with. */
  readonly tokens: Map<string, string>;
  readonly commits: Map<number, CommitRecord>;
  /** What must never happen, found while it happened. */
  readonly violations: string[];
}

export function createStoreDisk(): StoreDisk {
  return { parts: [], tokens: new Map(), commits: new Map(), violations: [] };
}

/** Cuts the power of a disk that lied about its fsyncs: the last inserts are gone, their tokens perhaps not. */
export function losePower(disk: StoreDisk, inserts: number, tokensToo: boolean): void {
  for (const part of disk.parts.splice(Math.max(0, disk.parts.length - inserts))) if (tokensToo) disk.tokens.delete(part.token);
}

/** A fake store on a disk in memory. It reads JSONEachRow only and refuses unknown columns and what `refuses` names. */
export function openMemoryStore(disk: StoreDisk, gate: Gate = openGate, refuses: (table: TableName, row: StoredRow) => boolean = () => false): GroupStore & { recordCommit(record: CommitRecord): Promise<void> } {
  return {
    insert: (token, rows) => gate('insert', () => {
      const parsed = parseRows(rows, refuses);
      const text = rows.data.toString();
      if (new Set(parsed.map((r) => String(r['received_at']).slice(0, 7))).size > 1) disk.violations.push(`insert ${token} goes into more than one month`);
      const earlier = disk.tokens.get(token);
      if (earlier !== undefined && earlier !== text) disk.violations.push(`token ${token} came again with other rows`);
      if (earlier !== undefined || parsed.length === 0) return;
      disk.tokens.set(token, text);
      disk.parts.push({ token, table: rows.table, rows: parsed });
    }),
    count: (table, { partition, first, last }, fromMs, toMs) => gate('count', () => {
      let found = 0;
      for (const part of disk.parts) {
        if (part.table !== table) continue;
        for (const row of part.rows) if (row['partition'] === partition && inRange(row['position'], first, last) && inMonths(row['received_at'], fromMs, toMs)) found += 1;
      }
      return found;
    }),
    probe: (rows) => gate('probe', () => void parseRows(rows, refuses)),
    hasBlock: (site, stream, lastSeq, head) => gate('hasBlock', () => disk.parts.some((p) => p.table === 'blocks'
      && p.rows.some((r) => r['head'] === head && r['site'] === site && r['stream'] === stream && Number(r['first_seq']) + Number(r['lines']) - 1 === lastSeq))),
    recordCommit: (record) => gate('recordCommit', () => void disk.commits.set(record.first, record)),
  };
}

function inRange(position: unknown, first: number, last: number): boolean {
  return typeof position === 'number' && position >= first && position <= last;
}

function inMonths(receivedAt: unknown, fromMs: number, toMs: number): boolean {
  const month = String(receivedAt).slice(0, 7);
  return month >= new Date(fromMs).toISOString().slice(0, 7) && month <= new Date(toMs).toISOString().slice(0, 7);
}

const COLUMNS = new Map(Object.entries(TABLES).map(([table, columns]) => [table, new Set<string>(columns.map((c) => c.name))]));

function parseRows(rows: TableRows, refuses: (table: TableName, row: StoredRow) => boolean): readonly StoredRow[] {
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
