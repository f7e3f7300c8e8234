import { tierOf } from '../contracts/tiers.ts';
import type { Tier, TierRules } from '../contracts/tiers.ts';
import type { StageBlock } from '../contracts/stage.ts';
import { PASSED_OVER } from './native/binding.ts';
import type { LinesRequest } from './native/binding.ts';
import type { Deed } from './rows/deed.ts';
import type { MonthRows } from './rows/month-rows.ts';

const STATUS_MASK = 255;

/** What the columns cannot say of a block's stored lines, gathered line by line; `store` puts all of them into the rows of their tiers. */
export interface TieredLines {
  /** The next stored line: the data classes found in it, in rising order, and its deed. */
  add(classes: readonly string[], deed: Deed | undefined): void;
  /** `request`: of the lines that are ok, which are those that were added. */
  store(request: LinesRequest, out: MonthRows): void;
}

export function tieredLines(block: StageBlock, rules: TierRules): TieredLines {
  const usual = tierOf(rules, block.site, []);
  const strays = new Map<number, Tier>();
  const classes: (readonly [line: number, classes: readonly string[]])[] = [];
  const deeds: Deed[] = [];
  let added = 0;
  return {
    add(found, deed) {
      const line = added++;
      if (found.length > 0) classes.push([line, found]);
      if (deed !== undefined) deeds.push(deed);
      if (found.length === 0 && (deed === undefined || deed.act.classes.length === 0)) return;
      const tier = tierOf(rules, block.site, deed === undefined ? found : [...found, ...deed.act.classes]);
      if (tier !== usual) strays.set(line, tier);
    },
    store(request, out) {
      if (strays.size === 0) {
        out.tier(usual).addBlock(block, usual, request, { count: added, runs: [[block.firstLeaf, added]], classes }, deeds);
        return;
      }
      const tierAt = (line: number): Tier => strays.get(line) ?? usual;
      for (const tier of new Set(Array.from({ length: added }, (_, line) => tierAt(line)))) {
        const places = new Map<number, number>();
        for (let line = 0; line < added; line++) if (tierAt(line) === tier) places.set(line, places.size);
        const ofTier = { count: places.size, runs: runsOf(places.keys(), block.firstLeaf), classes: classes.flatMap(([line, found]) => (tierAt(line) === tier ? [[places.get(line) ?? 0, found] as const] : [])) };
        out.tier(tier).addBlock(block, tier, { ...request, table: tableOf(request.table, places) }, ofTier, deeds.filter(({ leaf }) => places.has(leaf - block.firstLeaf)));
      }
    },
  };
}

/** Leaves that follow each other, as first and number. */
function runsOf(lines: Iterable<number>, firstLeaf: number): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const line of lines) {
    const last = runs.at(-1);
    if (last !== undefined && last[0] + last[1] === firstLeaf + line) last[1]++;
    else runs.push([firstLeaf + line, 1]);
  }
  return runs;
}

/** The table with all lines passed over but these of the stored ones. */
function tableOf(table: Uint32Array, stored: ReadonlyMap<number, number>): Uint32Array {
  const copy = table.slice();
  let line = 0;
  for (let at = 2; at < copy.length; at += 3) {
    if (((copy[at] ?? 0) & STATUS_MASK) === 0 && !stored.has(line++)) copy[at] = PASSED_OVER;
  }
  return copy;
}
