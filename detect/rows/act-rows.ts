import type { StageBlock } from '../../contracts/stage.ts';
import type { Tier } from '../../contracts/tiers.ts';
import { DictionaryColumn } from '../columns/dictionary-column.ts';
import { ListColumn } from '../columns/list-column.ts';
import { NumberColumn } from '../columns/number-column.ts';
import { TextColumn } from '../columns/text-column.ts';
import { BlockColumns } from './block-columns.ts';
import type { Deed } from './deed.ts';
import { tableBlock } from './table-block.ts';

/** Columns of an act that are one of few texts, and those of which each row may have its own. */
const FEW = ['actor', 'role', 'key', 'plugin', 'category', 'action', 'outcome', 'how', 'target_kind', 'destination', 'region'] as const;
const MANY = ['session', 'address', 'target', 'batch'] as const;

/** Rows of `acts`, column by column. Kept for the next group after `clear`. */
export class ActRows {
  rows = 0;
  private readonly ofBlock = new BlockColumns();
  private readonly leaf = new NumberColumn('UInt64');
  private readonly timestamp = new NumberColumn('DateTime64');
  private readonly few = FEW.map((name) => ({ name, column: new DictionaryColumn() }));
  private readonly many = MANY.map((name) => ({ name, column: new TextColumn() }));
  private readonly classes = new ListColumn();
  private readonly fields = new ListColumn();
  private readonly records = new NumberColumn('UInt64');
  private readonly subjects = new NumberColumn('UInt32');
  private readonly own = [this.leaf, this.timestamp, this.classes, this.fields, this.records, this.subjects] as const;

  addBlock(block: StageBlock, tier: Tier, deeds: readonly Deed[]): void {
    this.rows += deeds.length;
    this.ofBlock.run(block, tier, deeds.length);
    for (const { leaf, timestamp } of deeds) {
      this.leaf.push(leaf);
      this.timestamp.push(timestamp);
    }
    // Column by column: what one deed says the next often says, too.
    for (const { name, column } of this.few) for (const { act } of deeds) column.push(act[name]);
    for (const { name, column } of this.many) for (const { act } of deeds) column.push(act[name]);
    for (const { act } of deeds) {
      this.classes.push(act.classes);
      this.fields.push(act.fields);
      this.records.push(act.records);
      this.subjects.push(act.subjects);
    }
  }

  /** To be followed by `clear`. */
  block(): Buffer {
    const { leaf, timestamp, classes, fields, records, subjects } = this;
    const texts = [...this.few, ...this.many].map(({ name, column }) => [name, column] as const);
    return tableBlock('acts', new Map([...this.ofBlock.all, ...Object.entries({ leaf, timestamp, classes, fields, records, subjects }), ...texts]), this.rows, this.rows * 160);
  }

  clear(): void {
    this.rows = 0;
    this.ofBlock.clear();
    for (const column of this.own) column.clear();
    for (const { column } of this.few) column.clear();
    for (const { column } of this.many) column.clear();
  }
}
