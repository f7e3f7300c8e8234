import type { StageBlock } from '../../contracts/stage.ts';
import type { Tier } from '../../contracts/tiers.ts';
import { BytesColumn } from '../columns/bytes-column.ts';
import { DictionaryColumn } from '../columns/dictionary-column.ts';
import { ListColumn } from '../columns/list-column.ts';
import type { WritableColumn } from '../columns/native-block.ts';
import { NumberColumn } from '../columns/number-column.ts';
import { DERIVATION, deriveColumns } from '../derivation/v1/event-columns.ts';
import type { EventColumns } from '../derivation/v1/event-columns.ts';
import { LINE_COLUMNS, REWRITTEN, TEXT_COLUMNS } from '../native/binding.ts';
import type { LinesRequest, Native, NativeRows } from '../native/binding.ts';
import { BlockColumns } from './block-columns.ts';
import { tableBlock } from './table-block.ts';

type Column = WritableColumn & { clear(): void };

/** Some of a block's stored lines. */
export interface StoredLines {
  readonly count: number;
  /** Pairs of the first leaf and the number of leaves that follow each other. */
  readonly runs: readonly (readonly [firstLeaf: number, count: number])[];
  /** Data classes of those that have any: which one of the lines (0 is the first), and its classes in rising order. */
  readonly classes: readonly (readonly [line: number, classes: readonly string[]])[];
}

/** The columns of a line; those of an empty event should our own code fail on it, which must not hold up its block. */
function columnsOf(line: Buffer, receivedAtMs: number): EventColumns {
  try {
    return deriveColumns(JSON.parse(line.toString()), receivedAtMs);
  } catch {
    return deriveColumns({}, receivedAtMs);
  }
}

/** Rows of the `events` table of one month and tier, column by column. Kept for the next group after `clear`. */
export class EventRows {
  rows = 0;
  private readonly native: Native;
  private readonly lines: NativeRows;
  private readonly ofBlock = new BlockColumns();
  private readonly leaf = new NumberColumn('UInt64');
  private readonly stream = new DictionaryColumn();
  private readonly epoch = new NumberColumn('UInt32');
  private readonly derivation = new NumberColumn('UInt16');
  private readonly classes = new ListColumn();
  private readonly own: ReadonlyMap<string, Column> = new Map<string, Column>(Object.entries({
    leaf: this.leaf, stream: this.stream, epoch: this.epoch, derivation: this.derivation, classes: this.classes,
  }));

  constructor(native: Native) {
    this.native = native;
    this.lines = native.eventRows();
  }

  /** The lines of `request` whose status is ok, which are those of `stored`. Their bytes are copied. */
  addBlock(block: StageBlock, tier: Tier, request: LinesRequest, { count, runs, classes }: StoredLines): void {
    const lines = request.table.length / 3;
    for (let at = this.native.addLines(this.lines, request, 0); at < lines; at = this.native.addLines(this.lines, request, at + 1)) this.addDerived(request, at);
    for (const [line, named] of classes) {
      this.classes.pad(this.rows + line);
      this.classes.push(named);
    }
    this.rows += count;
    this.classes.pad(this.rows);
    for (const [firstLeaf, length] of runs) this.leaf.range(firstLeaf, length);
    this.ofBlock.run(block, tier, count);
    this.stream.run(block.stream, count);
    this.epoch.run(block.epoch, count);
    this.derivation.run(DERIVATION, count);
  }

  private addDerived(request: LinesRequest, index: number): void {
    const { table } = request;
    const source = ((table[index * 3 + 2] ?? 0) & REWRITTEN) === 0 ? request.body : request.rewritten;
    const line = source.subarray(table[index * 3], table[index * 3 + 1]);
    const columns = columnsOf(line, request.receivedAtMs);
    this.native.addRow(this.lines, {
      seq: request.firstSeq + index, timestamp: columns.timestamp, status: columns.status, responseBytes: columns.response_bytes,
      texts: TEXT_COLUMNS.map((name) => columns[name]), line,
    });
  }

  /** To be followed by `clear`. */
  block(): Buffer {
    const taken = this.native.takeColumns(this.lines);
    const fromLines = LINE_COLUMNS.map((name, i) => [name, new BytesColumn(taken[i] ?? Buffer.alloc(0))] as const);
    const bytes = taken.reduce((sum, values) => sum + values.length, 0);
    return tableBlock('events', new Map<string, WritableColumn>([...this.ofBlock.all, ...this.own, ...fromLines]), this.rows, bytes + this.rows * 64);
  }

  clear(): void {
    this.rows = 0;
    this.ofBlock.clear();
    for (const column of this.own.values()) column.clear();
  }
}
