import type { StageBlock } from '../../contracts/stage.ts';
import type { Tier } from '../../contracts/tiers.ts';
import { DictionaryColumn } from '../columns/dictionary-column.ts';
import { ListColumn } from '../columns/list-column.ts';
import { NumberColumn } from '../columns/number-column.ts';
import { TextColumn } from '../columns/text-column.ts';
import { BlockColumns } from './block-columns.ts';
import type { Deed } from './deed.ts';
import { tableBlock } from './table-block.ts';

const FEW = ['actor', 'role', 'key', 'plugin', 'action', 'outcome', 'how', 'destination'] as const;
const MANY = ['session', 'address'] as const;

/** Rows of `accesses`, a deed's as often as it touched persons. Kept for the next group after `clear`. */
export class AccessRows {
  rows = 0;
  private readonly ofBlock = new BlockColumns();
  private readonly subject = new TextColumn();
  private readonly kind = new DictionaryColumn();
  private readonly jurisdiction = new DictionaryColumn();
  private readonly leaf = new NumberColumn('UInt64');
  private readonly timestamp = new NumberColumn('DateTime64');
  private readonly few = FEW.map((name) => ({ name, column: new DictionaryColumn() }));
  private readonly many = MANY.map((name) => ({ name, column: new TextColumn() }));
  private readonly classes = new ListColumn();
  private readonly fields = new ListColumn();
  private readonly own = [this.subject, this.kind, this.jurisdiction, this.leaf, this.timestamp, this.classes, this.fields] as const;

  addBlock(block: StageBlock, tier: Tier, deeds: readonly Deed[]): void {
    let rows = 0;
    for (const deed of deeds) {
      if (deed.subjects.length === 0) continue;
      rows += deed.subjects.length;
      this.addDeed(deed);
    }
    this.rows += rows;
    this.ofBlock.run(block, tier, rows);
  }

  private addDeed({ leaf, timestamp, act, subjects }: Deed): void {
    const rows = subjects.length;
    for (const { subject, kind, jurisdiction } of subjects) {
      this.subject.push(subject);
      this.kind.push(kind);
      this.jurisdiction.push(jurisdiction);
    }
    this.leaf.run(leaf, rows);
    this.timestamp.run(timestamp, rows);
    for (const { name, column } of this.few) column.run(act[name], rows);
    for (const { name, column } of this.many) column.run(act[name], rows);
    this.classes.run(act.classes, rows);
    this.fields.run(act.fields, rows);
  }

  /** To be followed by `clear`. */
  block(): Buffer {
    const { subject, kind, jurisdiction, leaf, timestamp, classes, fields } = this;
    const texts = [...this.few, ...this.many].map(({ name, column }) => [name, column] as const);
    const all = new Map([...this.ofBlock.all, ...Object.entries({ subject, subject_kind: kind, jurisdiction, leaf, timestamp, classes, fields }), ...texts]);
    return tableBlock('accesses', all, this.rows, this.rows * 160);
  }

  clear(): void {
    this.rows = 0;
    this.ofBlock.clear();
    for (const column of this.own) column.clear();
    for (const { column } of this.few) column.clear();
    for (const { column } of this.many) column.clear();
  }
}
