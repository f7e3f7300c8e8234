import type { Stage, StageGroup, TableRows } from '../contracts/stage.ts';
import { DERIVATION } from './derivation/v1/event-columns.ts';
import type { Engine } from './engine.ts';
import { detectError } from './errors.ts';
import { monthOf, monthRows, tableRows } from './rows/month-rows.ts';
import type { MonthRows } from './rows/month-rows.ts';
import { TierRows } from './rows/tier-rows.ts';
import { stageBlock } from './stage-block.ts';

function beginGroup(engine: Engine, spare: TierRows[]): StageGroup {
  const months = new Map<number, MonthRows>();
  let finished = false;
  const rowsOf = (receivedAtMs: number): MonthRows => {
    const month = monthOf(receivedAtMs);
    const known = months.get(month);
    if (known !== undefined) return known;
    const rows = monthRows(() => spare.pop() ?? new TierRows(engine.scanner.native));
    months.set(month, rows);
    return rows;
  };
  return {
    add(block) {
      if (finished) throw detectError('groupFinished');
      return stageBlock(engine, block, rowsOf(block.receivedAtMs));
    },
    finish() {
      if (finished) throw detectError('groupFinished');
      finished = true;
      const inserts: TableRows[] = [];
      for (const [, rows] of [...months].toSorted(([a], [b]) => a - b)) {
        inserts.push(...tableRows(rows));
        for (const ofTier of rows.tiers.values()) {
          ofTier.clear();
          spare.push(ofTier);
        }
      }
      return inserts;
    },
  };
}

/** The detection stage of contracts/stage.ts. Belongs to the thread that made it. */
export function createStage(engine: Engine): Stage {
  // Column memory of finished groups, for the next ones.
  const spare: TierRows[] = [];
  return {
    versions: { derivation: DERIVATION, rules: engine.ruleSet.version },
    begin: () => beginGroup(engine, spare),
  };
}
