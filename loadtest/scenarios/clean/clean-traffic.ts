import { seededRandom } from '../../../contracts/seeded-random.ts';
import { LEVELS } from '../../../contracts/pack.ts';
import type { Engine } from '../../../detect/engine.ts';
import { createLineScan } from '../../../detect/scan.ts';
import { backgroundOf } from '../background/background.ts';
import { SITES } from '../sites.ts';
import { phpLogs, queries, scriptErrors, themeCss } from './code.ts';
import type { CleanEvent, CleanSource } from './clean-source.ts';
import { editorSaves } from './editor-saves.ts';
import { mails, reviews } from './letters.ts';
import { imports, restPayloads } from './payloads.ts';
import { productCopy } from './product-copy.ts';
import { recordedRequests } from './recorded.ts';
import { searches } from './searches.ts';

const SOURCES: readonly CleanSource[] = [searches, editorSaves, restPayloads, imports, themeCss, scriptErrors, phpLogs, queries, mails, reviews, productCopy];
/** What the background's own forms, mails and prompts hold. */
const OF_BACKGROUND = ['pii.'] as const;
const BATCH = 2_000;
const LEAST_LEVEL = LEVELS.indexOf('medium');

/** A rule or signature that matched a clean event at level medium or above. */
export interface FalseMatch {
  /** The rule's name, its id where it has none. */
  readonly rule: string;
  readonly source: string;
  readonly line: string;
}

export interface CleanRun {
  readonly events: number;
  readonly falseMatches: readonly FalseMatch[];
}

interface Sorted extends CleanEvent {
  readonly source: string;
}

function* background(seed: number, days: number): Generator<Sorted> {
  for (let day = 0; day < days; day++) {
    for (const site of SITES) for (const { event } of backgroundOf(site, day, { seed, views: 1_000, calm: true })) yield { event, holds: OF_BACKGROUND, source: 'background' };
  }
}

function* mixture(sources: readonly CleanSource[], count: number, seed: number): Generator<Sorted> {
  const random = seededRandom(seed);
  const all = sources.reduce((sum, { share }) => sum + share, 0);
  for (let i = 0; i < count; i++) {
    let left = random.below(all);
    const source = sources.find(({ share }) => (left -= share) < 0);
    if (source !== undefined) yield { ...source.make(random), source: source.name };
  }
}

/** False matches in some events: each rule once an event, correlations left out. */
export function falseMatches(engine: Engine, events: Iterable<Sorted>): CleanRun {
  const scan = createLineScan(engine);
  const found: FalseMatch[] = [];
  let count = 0;
  function look(batch: readonly Sorted[]): void {
    const lines = batch.map(({ event }) => JSON.stringify(event));
    const seen = new Set<string>();
    for (const result of scan.scan(lines, lines.map((_, i) => i))) {
      if (result.kind === 'correlation' || LEVELS.indexOf(result.level) < LEAST_LEVEL || seen.has(`${result.line} ${result.rule}`)) continue;
      seen.add(`${result.line} ${result.rule}`);
      const one = batch[result.line];
      if (one === undefined || one.holds.some((start) => result.class.startsWith(start))) continue;
      found.push({ rule: engine.rule(result.rule)?.name ?? result.rule, source: one.source, line: lines[result.line] ?? '' });
    }
    count += batch.length;
  }
  let batch: Sorted[] = [];
  for (const event of events) {
    batch.push(event);
    if (batch.length === BATCH) {
      look(batch);
      batch = [];
    }
  }
  look(batch);
  return { events: count, falseMatches: found };
}

/** The traffic of `days` of all sites at their calmest, and `count` events of the other sorts. */
export function* cleanTraffic(seed: number, days: number, count: number): Generator<Sorted> {
  const recorded = recordedRequests();
  yield* background(seed, days);
  yield* mixture(recorded === undefined ? SOURCES : [...SOURCES, recorded], count, seed);
}
