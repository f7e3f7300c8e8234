import type { StageBlock } from '../../contracts/stage.ts';
import { TABLES } from '../../contracts/tables.ts';
import { BytesColumn } from '../columns/bytes-column.ts';
import { DictionaryColumn } from '../columns/dictionary-column.ts';
import { ListColumn } from '../columns/list-column.ts';
import { nativeBlock } from '../columns/native-block.ts';
import type { WritableColumn } from '../columns/native-block.ts';
import { NumberColumn } from '../columns/number-column.ts';
import { DERIVATION, deriveColumns } from '../derivation/v1/event-columns.ts';
import type { EventColumns } from '../derivation/v1/event-columns.ts';
import { LINE_COLUMNS, REWRITTEN, TEXT_COLUMNS } from '../native/binding.ts';
import type { LinesRequest, Native, NativeRows } from '../native/binding.ts';

type Column = WritableColumn & { clear(): void };

/** The one retention tier there is yet. */
export const TIER = 'standard';

/** The columns of a line; those of an empty event should our own code fail on it, which must not hold up its block. */
function columnsOf(line: Buffer, receivedAtMs: number): EventColumns {
  try {
    return deriveColumns(JSON.parse(line.toString()), receivedAtMs);
  } catch {
    return deriveColumns({}, receivedAtMs);
  }
}

/** Rows of the `events` table of one month, column by column. Kept for the next group after `clear`. */
export class EventRows {
  rows = 0;
  private readonly native: Native;
  private readonly lines: NativeRows;
  private readonly site = new DictionaryColumn();
  private readonly leaf = new NumberColumn('UInt64');
  private readonly stream = new DictionaryColumn();
  private readonly epoch = new NumberColumn('UInt32');
  private readonly receivedAt = new NumberColumn('DateTime64');
  private readonly provenance = new DictionaryColumn();
  private readonly derivation = new NumberColumn('UInt16');
  private readonly tier = new DictionaryColumn();
  private readonly partition = new NumberColumn('UInt16');
  private readonly position = new NumberColumn('UInt64');
  private readonly classes = new ListColumn();
  private readonly own: ReadonlyMap<string, Column> = new Map<string, Column>(Object.entries({
    site: this.site, leaf: this.leaf, stream: this.stream, epoch: this.epoch, received_at: this.receivedAt, provenance: this.provenance,
    derivation: this.derivation, tier: this.tier, partition: this.partition, position: this.position, classes: this.classes,
  }));

  constructor(native: Native) {
    this.native = native;
    this.lines = native.eventRows();
  }

  /** Data classes of the block's stored line `ordinal`; in rising order, before `addBlock`. Others have none. */
  classify(ordinal: number, classes: readonly string[]): void {
    this.classes.pad(this.rows + ordinal);
    this.classes.push(classes);
  }

  /** The block's `stored` lines, which are those of `request` whose status is ok. Their bytes are copied. */
  addBlock(block: StageBlock, request: LinesRequest, stored: number): void {
    const lines = request.table.length / 3;
    for (let at = this.native.addLines(this.lines, request, 0); at < lines; at = this.native.addLines(this.lines, request, at + 1)) this.addDerived(request, at);
    this.rows += stored;
    this.site.run(block.site, stored);
    this.leaf.range(block.firstLeaf, stored);
    this.stream.run(block.stream, stored);
    this.epoch.run(block.epoch, stored);
    this.receivedAt.run(block.receivedAtMs, stored);
    this.provenance.run(block.provenance, stored);
    this.derivation.run(DERIVATION, stored);
    this.tier.run(TIER, stored);
    this.partition.run(block.partition, stored);
    this.position.run(block.position, stored);
    this.classes.pad(this.rows);
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

  /** The rows as one Native block that shares no memory with the columns. To be followed by `clear`. */
  block(): Buffer {
    const taken = this.native.takeColumns(this.lines);
    const all = new Map<string, WritableColumn>([...this.own, ...LINE_COLUMNS.map((name, i) => [name, new BytesColumn(taken[i] ?? Buffer.alloc(0))] as const)]);
    const columns = TABLES.events.map(({ name, type }) => {
      const column = all.get(name);
      if (column === undefined) throw new TypeError(`contracts/tables.ts has a column that derivation 1 does not make: ${name}`);
      return { name, type, column };
    });
    const bytes = taken.reduce((sum, values) => sum + values.length, 0);
    return nativeBlock(columns, this.rows, bytes + this.rows * 64 + 65_536);
  }

  clear(): void {
    this.rows = 0;
    for (const column of this.own.values()) column.clear();
  }
}
