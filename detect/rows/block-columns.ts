import type { StageBlock } from '../../contracts/stage.ts';
import type { Tier } from '../../contracts/tiers.ts';
import { DictionaryColumn } from '../columns/dictionary-column.ts';
import type { WritableColumn } from '../columns/native-block.ts';
import { NumberColumn } from '../columns/number-column.ts';

/** The columns that all rows of a block and tier have alike. */
export class BlockColumns {
  private readonly site = new DictionaryColumn();
  private readonly receivedAt = new NumberColumn('DateTime64');
  private readonly provenance = new DictionaryColumn();
  private readonly tier = new DictionaryColumn();
  private readonly partition = new NumberColumn('UInt16');
  private readonly position = new NumberColumn('UInt64');
  readonly all: ReadonlyMap<string, WritableColumn> = new Map<string, WritableColumn>(Object.entries({
    site: this.site, received_at: this.receivedAt, provenance: this.provenance, tier: this.tier, partition: this.partition, position: this.position,
  }));

  run(block: StageBlock, tier: Tier, rows: number): void {
    this.site.run(block.site, rows);
    this.receivedAt.run(block.receivedAtMs, rows);
    this.provenance.run(block.provenance, rows);
    this.tier.run(tier, rows);
    this.partition.run(block.partition, rows);
    this.position.run(block.position, rows);
  }

  clear(): void {
    for (const column of [this.site, this.receivedAt, this.provenance, this.tier, this.partition, this.position]) column.clear();
  }
}
