import { createRuleSet } from '../../contracts/rule-set.ts';
import { createEngine } from '../../detect/engine.ts';
import { readRuleSources } from '../../detect/rule-set/read-sources.ts';
import { createLineScan } from '../../detect/scan.ts';
import { generatedTallies } from './identity/generated.ts';
import { presidioTallies } from './identity/presidio.ts';
import type { ClassTally, Section } from './section.ts';
import { cacheFolder } from '../../roles/home.ts';

/** Several tallies as one. */
function sum(name: string, tallies: readonly ClassTally[], limits: Pick<ClassTally, 'floor' | 'aim' | 'note'>): ClassTally {
  const total = (of: (tally: ClassTally) => number): number => tallies.reduce((all, tally) => all + of(tally), 0);
  return { name, positives: total((t) => t.positives), found: total((t) => t.found), negatives: total((t) => t.negatives), falseFound: total((t) => t.falseFound), ...limits };
}

export const personalData: Section = {
  name: 'personal-data',
  title: 'vectors of the Presidio corpus, generated identifiers, look-alikes',
  async run(seed) {
    const scan = createLineScan(await createEngine(createRuleSet(await readRuleSources()), { cacheDirectory: cacheFolder() }));
    const presidio = presidioTallies(scan);
    if (presidio === undefined) return undefined;
    const { tallies, lookAlikes, lookAlikesFound } = generatedTallies(scan, seed);
    return {
      classes: [
        sum('Presidio, all claimed', presidio.strong, { floor: { precision: 0.97, recall: 0.97 }, aim: { precision: 0.99, recall: 0.99 } }),
        sum('Presidio, weak', presidio.weak, { note: 'a number without a check digit, and no word: not claimed' }),
        ...presidio.strong, ...presidio.weak,
        sum('generated, all kinds', tallies, { floor: { precision: 0.98, recall: 0.98 }, aim: { precision: 0.99, recall: 0.99 } }),
        ...tallies,
      ],
      figures: [
        { name: 'look-alikes called personal data', value: lookAlikesFound / lookAlikes, unit: 'share', floor: { most: 0.005 }, aim: { most: 0.001 }, note: `of ${lookAlikes}, by any signature of identity` },
      ],
    };
  },
};
