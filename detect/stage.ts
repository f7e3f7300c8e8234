import type { Pack } from '../contracts/pack.ts';
import type { Stage, StageGroup, TableRows } from '../contracts/stage.ts';
import { DERIVATION } from './derivation/v1/event-columns.ts';
import { detectError } from './errors.ts';
import { loadNative } from './native/binding.ts';
import type { Native } from './native/binding.ts';
import { EventRows } from './rows/event-rows.ts';
import { monthOf, monthRows, tableRows } from './rows/month-rows.ts';
import type { MonthRows } from './rows/month-rows.ts';
import { createScanner } from './scanner.ts';
import type { Scanner } from './scanner.ts';
import { stageBlock } from './stage-block.ts';

export interface StageOptions {
  readonly pack: Pack;
  /** The addon; loaded, and built when it never was, if not given. */
  readonly native?: Native;
  /** Where the compiled pack is kept for the next start; made when missing. Only we may write there. */
  readonly cacheDirectory?: string;
}

function beginGroup(scanner: Scanner, spare: EventRows[]): StageGroup {
  const months = new Map<number, MonthRows>();
  let finished = false;
  const rowsOf = (receivedAtMs: number): MonthRows => {
    const month = monthOf(receivedAtMs);
    const known = months.get(month);
    if (known !== undefined) return known;
    const rows = monthRows(spare.pop() ?? new EventRows(scanner.native));
    months.set(month, rows);
    return rows;
  };
  return {
    add(block) {
      if (finished) throw detectError('groupFinished');
      return stageBlock(scanner, block, rowsOf(block.receivedAtMs));
    },
    finish() {
      if (finished) throw detectError('groupFinished');
      finished = true;
      const inserts: TableRows[] = [];
      for (const [, rows] of [...months].toSorted(([a], [b]) => a - b)) {
        inserts.push(...tableRows(rows));
        rows.events.clear();
        spare.push(rows.events);
      }
      return inserts;
    },
  };
}

/** The detection stage of contracts/stage.ts. Belongs to the thread that made it. */
export async function createStage(options: StageOptions): Promise<Stage> {
  const scanner = createScanner(options.pack, options.native ?? (await loadNative()), options.cacheDirectory);
  // Column memory of finished groups, for the next ones.
  const spare: EventRows[] = [];
  return {
    versions: { derivation: DERIVATION, pack: options.pack.version },
    begin: () => beginGroup(scanner, spare),
  };
}
