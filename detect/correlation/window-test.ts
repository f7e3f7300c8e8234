import { detectError } from '../errors.ts';
import type { CorrelationCondition, CorrelationRule, RuleExpression } from '../sigma/rule.ts';
import { countMeasure } from './measures/count.ts';
import { distinctMeasure } from './measures/distinct.ts';
import type { Comparisons, Measure } from './measures/measure.ts';
import { orderedCountMeasure, orderedMeasure } from './measures/ordered.ts';
import type { Alternative } from './measures/ordered.ts';
import { rankMeasure } from './measures/rank.ts';
import { seenMeasure } from './measures/seen.ts';
import type { PlaceExpression } from './measures/seen.ts';
import { shareMeasure } from './measures/share.ts';
import { sumMeasure } from './measures/sum.ts';

/** When a window of a correlation is told, made out of its type and condition. */
export interface WindowTest {
  /** Whether entries can only be what completes a window, never what undoes it: then it is told at once, else once it is over. */
  readonly reached: boolean;
  /** Entries a window that holds has at least. */
  readonly least: number;
  /** What the mark of an entry is: nothing, which finding it is of, texts of fields, a number that is at least `floor`, the rule's place. */
  readonly mark: 'none' | 'finding' | 'texts' | 'number' | 'rule';
  /** Smaller numbers are not counted. */
  readonly floor: number;
  createMeasure(): Measure;
}

/** Alternatives an expression about order may have: each is looked at for each entry. */
const MOST_ALTERNATIVES = 64;

/** `chained`: findings of other correlations are among what it counts. Throws TQ-DETECT-07 when a condition has too many alternatives, or does not fit its type. */
export function windowTest(rule: CorrelationRule, chained: boolean): WindowTest {
  const { type, condition } = rule;
  if (condition.kind === 'rules') return rulesTest(rule, condition.expression);
  const { comparisons } = condition;
  const onlyMore = comparisons.every(({ comparison }) => comparison === 'gt' || comparison === 'gte');
  const counted = { reached: onlyMore, least: leastCount(comparisons), floor: -Infinity };
  const measured = { reached: false, least: 1, floor: -Infinity };
  switch (type) {
    case 'event_count':
      // Of a finding there may be several entries: it is counted once.
      if (chained) return { ...counted, mark: 'finding', createMeasure: () => distinctMeasure(comparisons) };
      return { ...counted, mark: 'none', createMeasure: () => countMeasure(comparisons) };
    case 'value_count':
      return { ...counted, mark: 'texts', createMeasure: () => distinctMeasure(comparisons) };
    case 'temporal':
      return { ...counted, mark: 'rule', createMeasure: () => distinctMeasure(comparisons) };
    case 'temporal_ordered':
      return { ...counted, mark: 'rule', createMeasure: () => orderedCountMeasure(comparisons, rule.rules.length) };
    case 'value_sum':
      if (onlyMore && comparisons.every(({ value }) => value >= 0)) return { reached: true, least: 1, floor: 0, mark: 'number', createMeasure: () => sumMeasure(comparisons, 'sum') };
      return { ...measured, mark: 'number', createMeasure: () => sumMeasure(comparisons, 'sum') };
    case 'value_avg':
      return { ...measured, mark: 'number', createMeasure: () => sumMeasure(comparisons, 'average') };
    case 'value_median':
      return { ...measured, mark: 'number', createMeasure: () => rankMeasure(comparisons, 50) };
    case 'value_percentile':
      return percentileTest(condition, measured);
    default:
      return type satisfies never;
  }
}

function percentileTest({ percentile, comparisons }: Extract<CorrelationCondition, { readonly kind: 'compare' }>, measured: Pick<WindowTest, 'reached' | 'least' | 'floor'>): WindowTest {
  if (percentile === undefined) return { ...measured, mark: 'texts', createMeasure: () => shareMeasure(comparisons) };
  return { ...measured, mark: 'number', createMeasure: () => rankMeasure(comparisons, percentile) };
}

/** The smallest count, at least 1, that is not too small. */
function leastCount(comparisons: Comparisons): number {
  let least = 1;
  for (const { comparison, value } of comparisons) {
    if (comparison === 'gte' || comparison === 'eq') least = Math.max(least, Math.ceil(value));
    if (comparison === 'gt') least = Math.max(least, Math.floor(value) + 1);
  }
  return least;
}

function rulesTest(rule: CorrelationRule, expression: RuleExpression): WindowTest {
  const places = new Map(rule.rules.map((id, place) => [id, place]));
  const placed = placeExpression(expression, places);
  const alternatives = alternativesOf(placed, true);
  const reached = !hasNot(placed);
  const base = { reached, least: fewest(placed), floor: -Infinity, mark: 'rule' } as const;
  if (rule.type === 'temporal') return { ...base, createMeasure: () => seenMeasure(placed) };
  if (rule.type !== 'temporal_ordered' || alternatives === undefined) throw detectError('rulesInvalid', `the condition of ${rule.id} has too many alternatives, or does not fit its type`);
  return { ...base, createMeasure: () => orderedMeasure(alternatives) };
}

function placeExpression(expression: RuleExpression, places: ReadonlyMap<string, number>): PlaceExpression {
  switch (expression.kind) {
    case 'and':
    case 'or': return { kind: expression.kind, of: expression.of.map((part) => placeExpression(part, places)) };
    case 'not': return { kind: 'not', of: placeExpression(expression.of, places) };
    // A rule that is not among the correlation's has no place and is never seen.
    case 'rule': return { kind: 'rule', place: places.get(expression.rule) ?? -1 };
    default: return expression satisfies never;
  }
}

function hasNot(expression: PlaceExpression): boolean {
  if (expression.kind === 'rule') return false;
  return expression.kind === 'not' || expression.of.some(hasNot);
}

/** Rules that must have been seen at least: a lower bound. */
function fewest(expression: PlaceExpression): number {
  if (expression.kind === 'rule' || expression.kind === 'not') return 1;
  const each = expression.of.map(fewest);
  if (expression.kind === 'or') return Math.min(...each);
  const single = new Set(expression.of.flatMap((part) => (part.kind === 'rule' ? [part.place] : [])));
  return Math.max(1, single.size, ...each);
}

/** An `or` of `and`s, `wanted` or not; undefined when there are too many. */
function alternativesOf(expression: PlaceExpression, wanted: boolean): readonly Alternative[] | undefined {
  switch (expression.kind) {
    case 'rule': return [wanted ? { needed: [expression.place], unwanted: [] } : { needed: [], unwanted: [expression.place] }];
    case 'not': return alternativesOf(expression.of, !wanted);
    case 'and':
    case 'or': {
      const either = (expression.kind === 'or') === wanted;
      let found: readonly Alternative[] = either ? [] : [{ needed: [], unwanted: [] }];
      for (const part of expression.of) {
        const of = alternativesOf(part, wanted);
        if (of === undefined) return undefined;
        found = either ? [...found, ...of] : found.flatMap((a) => of.map((b) => both(a, b)));
        if (found.length > MOST_ALTERNATIVES) return undefined;
      }
      return found;
    }
    default: return expression satisfies never;
  }
}

function both(a: Alternative, b: Alternative): Alternative {
  const join = (one: readonly number[], other: readonly number[]): readonly number[] => [...new Set([...one, ...other])].toSorted((x, y) => x - y);
  return { needed: join(a.needed, b.needed), unwanted: join(a.unwanted, b.unwanted) };
}
