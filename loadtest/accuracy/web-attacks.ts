import { seededRandom } from '../../contracts/seeded-random.ts';
import type { Random } from '../../contracts/seeded-random.ts';
import { createRuleSet } from '../../contracts/rule-set.ts';
import { createEngine } from '../../detect/engine.ts';
import { readRuleSources } from '../../detect/rule-set/read-sources.ts';
import { createLineScan } from '../../detect/scan.ts';
import { ATTACK_CLASSES } from './attack-classes.ts';
import type { AttackClass } from './attack-classes.ts';
import { benignLines } from './benign-values.ts';
import type { ClassTally, Figure, Section } from './section.ts';
import { crsRequests, httpParams, requestLine, valueLine } from './web-events.ts';
import type { CrsRequest, HttpParam } from './web-events.ts';
import { cacheFolder } from '../../roles/home.ts';

const BENIGN_LINES = 20_000;
const COMPOSED = 4_000;
const BATCH_LINES = 2_000;

/** The classes of attacks found in each line. */
type Finder = (lines: readonly string[]) => readonly ReadonlySet<string>[];

async function finder(): Promise<Finder> {
  const scan = createLineScan(await createEngine(createRuleSet(await readRuleSources({})), { cacheDirectory: cacheFolder() }));
  return (lines) => {
    const found = lines.map(() => new Set<string>());
    for (let first = 0; first < lines.length; first += BATCH_LINES) {
      const batch = lines.slice(first, first + BATCH_LINES);
      for (const result of scan.scan(batch, batch.map((_, i) => first + i))) if (result.kind === 'detection') found[result.line]?.add(result.class);
    }
    return found;
  };
}

function isAttack(name: string): boolean {
  return name.startsWith('attack.');
}

/** How many of the lines something of these classes is found in. */
function countOf(found: readonly ReadonlySet<string>[], classes: readonly string[]): number {
  return found.filter((one) => classes.some((name) => one.has(name))).length;
}

interface Measured {
  readonly find: Finder;
  readonly crs: readonly CrsRequest[];
  readonly params: readonly HttpParam[];
  /** What is found in lines that look alike. */
  readonly benign: readonly ReadonlySet<string>[];
  readonly random: Random;
}

/**
 * Positives are the requests that must fire one of the class's CRS rules of paranoia level 1: those of higher levels are
 * often words or signs alone, which fire on purpose. Negatives are all its requests that must not fire theirs, of every
 * level, but for those that are attacks all the same.
 */
function crsTally({ name, classes, crs: family, attacksAnyway, limits }: AttackClass, { find, crs }: Measured): ClassTally {
  const rows = crs.filter(({ rule }) => String(rule).startsWith(family));
  const lines = (of: readonly CrsRequest[]): readonly string[] => of.map(requestLine);
  const level = (row: CrsRequest): number => row.paranoia ?? 1;
  const shares = [1, 2, 3, 4].map((wanted) => {
    const positives = rows.filter((row) => row.expected === 'match' && level(row) === wanted);
    const seen = find(lines(positives));
    return { wanted, positives: positives.length, found: countOf(seen, classes), anyFound: seen.filter((one) => [...one].some(isAttack)).length };
  });
  const negatives = rows.filter(({ expected, rule, test }) => expected === 'no_match' && !attacksAnyway.includes(`${rule}-${test}`));
  const [first] = shares;
  return {
    name: `${name}: CRS`, positives: first?.positives ?? 0, found: first?.found ?? 0, negatives: negatives.length, falseFound: countOf(find(lines(negatives)), classes), ...limits.crs,
    note: `paranoia level 1, of which ${first?.anyFound ?? 0} are called an attack of some class; ${shares.filter(({ wanted, positives }) => wanted > 1 && positives > 0).map(({ wanted, positives, found }) => `level ${wanted}: ${found} of ${positives}`).join(', ')}`,
  };
}

function talliesOf(one: AttackClass, measured: Measured): readonly ClassTally[] {
  const { find, params, benign, random } = measured;
  const { name, classes, httpParams: type, compose, limits } = one;
  const negatives = { negatives: benign.length, falseFound: countOf(benign, classes) };
  const tallies = [crsTally(one, measured)];
  if (type !== undefined) {
    const lines = params.filter((row) => row.type === type).map(({ payload }, i) => valueLine('s', payload, i % 2 === 0 ? 'query' : 'body'));
    tallies.push({ name: `${name}: HttpParams`, positives: lines.length, found: countOf(find(lines), classes), ...negatives, ...limits.httpParams });
  }
  if (compose !== undefined) {
    const lines = Array.from({ length: COMPOSED }, () => requestLine({ method: 'GET', uri: `/shop/?s=${compose(random)}&page=2`, headers: { Host: 'shop.example' }, body: null }));
    tallies.push({ name: `${name}: composed`, positives: lines.length, found: countOf(find(lines), classes), ...negatives, ...limits.composed });
  }
  return tallies;
}

export const webAttacks: Section = {
  name: 'web-attacks',
  title: 'attacks of the CRS and HttpParams corpora and composed ones; requests that look alike',
  async run(seed) {
    const crs = crsRequests();
    const params = httpParams();
    if (crs === undefined || params === undefined) return undefined;
    const random = seededRandom(seed);
    const find = await finder();
    const benign = find(benignLines(random, BENIGN_LINES).map(({ line }) => line));
    const measured = { find, crs, params, benign, random };
    const anyFalse = benign.filter((found) => [...found].some(isAttack)).length;
    const figures: readonly Figure[] = [{ name: 'look-alikes called an attack', value: anyFalse, unit: `of ${benign.length} lines`, aim: { most: benign.length / 100 } }];
    return { classes: ATTACK_CLASSES.flatMap((one) => talliesOf(one, measured)), figures };
  },
};
