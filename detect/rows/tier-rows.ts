import type { StageBlock, TableRows } from '../../contracts/stage.ts';
import type { Tier } from '../../contracts/tiers.ts';
import type { LinesRequest, Native } from '../native/binding.ts';
import { AccessRows } from './access-rows.ts';
import { ActRows } from './act-rows.ts';
import type { Deed } from './deed.ts';
import { EventRows } from './event-rows.ts';
import type { StoredLines } from './event-rows.ts';

/** The rows of one tier and month that expire together. Memory is kept for the next group after `clear`. */
export class TierRows {
  private readonly events: EventRows;
  private readonly acts = new ActRows();
  private readonly accesses = new AccessRows();

  constructor(native: Native) {
    this.events = new EventRows(native);
  }

  /** `lines`: which of the block's stored lines are of the tier; `request` names no others. `deeds`: in order, those of such lines. */
  addBlock(block: StageBlock, tier: Tier, request: LinesRequest, lines: StoredLines, deeds: readonly Deed[]): void {
    this.events.addBlock(block, tier, request, lines);
    if (deeds.length === 0) return;
    this.acts.addBlock(block, tier, deeds);
    this.accesses.addBlock(block, tier, deeds);
  }

  /** One insert for each table that has rows, events first. To be followed by `clear`. */
  inserts(tier: Tier): readonly TableRows[] {
    const inserts: TableRows[] = [];
    if (this.events.rows > 0) inserts.push({ table: 'events', tier, rows: this.events.rows, format: 'Native', data: this.events.block() });
    if (this.acts.rows > 0) inserts.push({ table: 'acts', tier, rows: this.acts.rows, format: 'Native', data: this.acts.block() });
    if (this.accesses.rows > 0) inserts.push({ table: 'accesses', tier, rows: this.accesses.rows, format: 'Native', data: this.accesses.block() });
    return inserts;
  }

  clear(): void {
    this.events.clear();
    this.acts.clear();
    this.accesses.clear();
  }
}
