import type { Native, PatternDatabase } from '../../native/binding.ts';
import { scanned } from '../../scanner.ts';
import type { SigmaPlan } from './plan.ts';

const STATUS_MASK = 255;

/** Finds a plan's atoms in lines, for tests and measures: a database of nothing else. */
export interface LineHits {
  /** The atoms found in each line; undefined: the line is no event. */
  readonly find: (lines: readonly string[]) => readonly (readonly number[] | undefined)[];
}

export function lineHits(native: Native, plan: SigmaPlan): LineHits {
  const database: PatternDatabase | undefined = plan.atoms.length === 0 ? undefined : native.compile(plan.atoms);
  return {
    find: (lines) => {
      const hits = lines.map((): number[] => []);
      if (database === undefined) return hits;
      const body = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      const processed = scanned({ native, database }, body);
      for (let i = 0; i < processed.hits.length; i += 2) hits[processed.hits[i] ?? 0]?.push(processed.hits[i + 1] ?? 0);
      return hits.map((line, i) => (((processed.table[i * 3 + 2] ?? 0) & STATUS_MASK) === 0 ? line : undefined));
    },
  };
}
