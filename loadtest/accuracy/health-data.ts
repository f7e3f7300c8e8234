import { seededRandom } from '../../contracts/seeded-random.ts';
import { createLineScan } from '../../detect/scan.ts';
import { createEngine } from '../../detect/engine.ts';
import { createRuleSet } from '../../contracts/rule-set.ts';
import { readRuleSources } from '../../detect/rule-set/read-sources.ts';
import { identifierSamples } from './health-identifiers.ts';
import type { Sample } from './health-identifiers.ts';
import { lookAlikes } from './health-look-alikes.ts';
import { sentenceSamples } from './health-sentences.ts';
import type { ClassTally, Section } from './section.ts';
import { cacheFolder } from '../../roles/home.ts';

const EACH_IDENTIFIER = 500;
const EACH_SENTENCE = 1_000;
const LOOK_ALIKES = 24_000;
const BATCH = 2_000;
/** Kinds whose check digit or shape leaves little doubt. */
const CHECKED = /NHS|NPI|DEA|MBI|KVNR|LOINC|SNOMED/;

/** Classes of health data found in each of these texts. */
type Finder = (texts: readonly { readonly field: string; readonly text: string }[]) => readonly ReadonlySet<string>[];

async function finder(): Promise<Finder> {
  const scan = createLineScan(await createEngine(createRuleSet(await readRuleSources({})), { cacheDirectory: cacheFolder() }));
  return (texts) => {
    const found = texts.map(() => new Set<string>());
    for (let first = 0; first < texts.length; first += BATCH) {
      const batch = texts.slice(first, first + BATCH);
      const lines = batch.map(({ field, text }) => JSON.stringify({ [field]: text }));
      for (const result of scan.scan(lines, lines.map((_, i) => first + i))) if (result.kind === 'detection' && result.class.startsWith('phi.')) found[result.line]?.add(result.class);
    }
    return found;
  };
}

function floorOf(name: string): NonNullable<ClassTally['floor']> {
  return CHECKED.test(name) ? { recall: 0.98, precision: 0.97 } : { recall: 0.9, precision: 0.95 };
}

function aimOf(name: string): NonNullable<ClassTally['aim']> {
  return CHECKED.test(name) ? { recall: 0.99, precision: 0.99 } : { recall: 0.95, precision: 0.98 };
}

/** Look-alikes count against every kind of the class that was found in them. */
function tallies(samples: readonly Sample[], found: readonly ReadonlySet<string>[], falseClasses: readonly ReadonlySet<string>[]): readonly ClassTally[] {
  return [...new Set(samples.map((sample) => sample.class))].map((name) => {
    const own = samples.flatMap((sample, i) => (sample.class === name ? [found[i]] : []));
    const classes = name.includes('medication sentences') ? ['phi.prescription', 'phi.medication'] : [name.split(' ')[0] ?? name];
    const holds = (set: ReadonlySet<string> | undefined): boolean => classes.some((one) => set?.has(one) === true);
    return { name, positives: own.length, found: own.filter(holds).length, negatives: falseClasses.length, falseFound: falseClasses.filter(holds).length, floor: floorOf(name), aim: aimOf(name) };
  });
}

export const healthData: Section = {
  name: 'health-data',
  title: 'generated identifiers, records and sentences; look-alikes of pharmacies, blogs and shops',
  async run(seed) {
    const random = seededRandom(seed);
    const find = await finder();
    const samples = [...identifierSamples(random, EACH_IDENTIFIER), ...sentenceSamples(random, EACH_SENTENCE)];
    const benign = lookAlikes(random, LOOK_ALIKES);
    const inBenign = find(benign);
    const wrong = inBenign.filter((classes) => classes.size > 0).length;
    return {
      classes: tallies(samples, find(samples), inBenign),
      figures: [{ name: 'look-alikes with any finding of health data', value: wrong / benign.length, unit: 'of all', floor: { most: 0.01 }, aim: { most: 0.002 } }],
    };
  },
};
