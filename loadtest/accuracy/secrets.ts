import { createRuleSet } from '../../contracts/rule-set.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { createEngine } from '../../detect/engine.ts';
import { readRuleSources } from '../../detect/rule-set/read-sources.ts';
import { createLineScan } from '../../detect/scan.ts';
import type { ClassTally, Section } from './section.ts';
import { cardLookAlikes } from './secrets/card-look-alikes.ts';
import { cardTexts } from './secrets/cards.ts';
import { gitleaksRows } from './secrets/gitleaks-rows.ts';
import type { SecretRow } from './secrets/gitleaks-rows.ts';
import { secretLookAlikes } from './secrets/look-alikes.ts';
import type { Text } from './secrets/text.ts';
import { cacheFolder } from '../../roles/home.ts';

const CARDS = 20_000;
const CARD_LOOK_ALIKES = 24_000;
const SECRET_LOOK_ALIKES = 21_000;
const BATCH_LINES = 2_000;

/** How the classes found in each of the texts begin. */
type Finder = (texts: readonly Text[], ofClass: string) => readonly boolean[];

async function finder(): Promise<Finder> {
  const scan = createLineScan(await createEngine(createRuleSet(await readRuleSources({})), { cacheDirectory: cacheFolder() }));
  return (texts, ofClass) => {
    const found = texts.map(() => false);
    for (let first = 0; first < texts.length; first += BATCH_LINES) {
      const lines = texts.slice(first, first + BATCH_LINES).map(({ field, text }) => JSON.stringify({ [field]: text }));
      for (const result of scan.scan(lines, lines.map((_, i) => first + i))) if (result.kind === 'detection' && result.class.startsWith(ofClass)) found[result.line] = true;
    }
    return found;
  };
}

function count(flags: readonly boolean[]): number {
  return flags.filter(Boolean).length;
}

function tallyOf(name: string, rows: readonly (SecretRow & { readonly found: boolean })[], limits: Pick<ClassTally, 'floor' | 'aim' | 'note'>): ClassTally {
  const positives = rows.filter((row) => row.holdsSecret);
  const negatives = rows.filter((row) => !row.holdsSecret);
  return { name, positives: positives.length, found: count(positives.map((row) => row.found)), negatives: negatives.length, falseFound: count(negatives.map((row) => row.found)), ...limits };
}

export const secrets: Section = {
  name: 'secrets',
  title: 'texts of the gitleaks corpus, generated cards, look-alikes of both',
  async run(seed) {
    const corpus = gitleaksRows();
    if (corpus === undefined) return undefined;
    const random = seededRandom(seed);
    const find = await finder();
    const { rows, leftOut } = corpus;
    const found = find(rows.map(({ text }) => ({ field: 'message', text })), 'secret.');
    const judged = rows.map((row, i) => ({ ...row, found: found[i] === true }));
    const families = [...new Set(rows.map(({ family }) => family))].toSorted();
    const looksAlike = find(secretLookAlikes(random, SECRET_LOOK_ALIKES), 'secret.');
    const all = tallyOf('secret.*, all', judged, { floor: { precision: 0.98, recall: 0.97 }, aim: { precision: 0.98, recall: 0.98 }, note: `${leftOut} rows out of scope` });
    const cards = find(cardTexts(random, CARDS), 'pci.pan');
    const numbers = find(cardLookAlikes(random, CARD_LOOK_ALIKES), 'pci.pan');
    return {
      classes: [
        ...families.map((family) => tallyOf(`secret.*, ${family}`, judged.filter((row) => row.family === family), { floor: { precision: 0.9, recall: 0.94 }, aim: { precision: 0.9, recall: 0.97 } })),
        { ...all, negatives: all.negatives + looksAlike.length, falseFound: all.falseFound + count(looksAlike) },
        { name: 'pci.pan', positives: cards.length, found: count(cards), negatives: numbers.length, falseFound: count(numbers), floor: { precision: 0.985, recall: 0.985 }, aim: { precision: 0.99, recall: 0.99 } },
      ],
      figures: [{ name: 'look-alikes taken for a secret', value: count(looksAlike) / looksAlike.length, unit: 'of all', floor: { most: 0.01 }, aim: { most: 0.002 } }],
    };
  },
};
