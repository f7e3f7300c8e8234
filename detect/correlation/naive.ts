import { SYSTEM_SITE } from '../../contracts/names.ts';
import { BY_SITE } from '../../contracts/observation.ts';
import type { Observation } from '../../contracts/observation.ts';
import type { Comparison, CorrelationRule, RuleExpression } from '../sigma/rule.ts';
import { findingId } from './finding.ts';
import { createForest, groupKeys, marksOf } from './forest.ts';
import type { CorrelationNode, Link, ReadField } from './forest.ts';
import { SITE_FIELD } from './observed-text.ts';

/**
 * What correlations mean, as slow as it reads: the oracle of the engine's tests. Of observations that are all on time it
 * gives the ids that have to be told, in order.
 */
export function naiveFindings(rules: readonly CorrelationRule[], observations: readonly Observation[]): readonly string[] {
  const told: string[] = [];
  const places = Map.groupBy(observations, ({ by, site }) => `${by} ${by === BY_SITE ? site : ''}`);
  const forest = createForest(rules);
  for (const here of places.values()) {
    const [{ by, site } = { by: '', site: '' }] = here;
    const tree = forest.get(by);
    if (tree === undefined) continue;
    /** What each rule was seen at. */
    const seen = Map.groupBy(here.map((o) => occurrenceOf(o)), ({ rule }) => rule);
    for (const node of tree.nodes.values()) {
      const groups = entriesByGroup(node, linksTo(node, [...tree.links.values(), ...[...tree.nodes.values()].map(({ users }) => users)]), seen);
      for (const [key, entries] of groups) {
        const name = by === BY_SITE ? site : SYSTEM_SITE;
        for (const { place, last, passedOn } of node.test.reached ? reachedWindows(node, entries) : closedWindows(node, entries)) {
          const id = findingId(node.rule, name, key, place);
          if (node.told && !told.includes(id)) told.push(id);
          if (passedOn) seen.set(node.rule.id, [...(seen.get(node.rule.id) ?? []), findingOccurrence(node, id, key, last)]);
        }
      }
    }
  }
  return told.toSorted();
}

interface Occurrence {
  readonly rule: string;
  readonly at: number;
  readonly site: string;
  readonly leaf: number;
  readonly finding: string;
  readonly onlyGroup: string | undefined;
  readonly read: ReadField;
}

interface Counted extends Occurrence {
  readonly mark: string | number;
  readonly place: number;
}

interface Window {
  readonly place: number;
  readonly last: Counted;
  readonly passedOn: boolean;
}

function occurrenceOf({ by, value, site, leaf, timestamp, rule, fields }: Observation): Occurrence {
  return { rule, at: timestamp, site, leaf, finding: `${site}/${leaf}/${rule}`, onlyGroup: by === BY_SITE ? undefined : value, read: (field) => (field === SITE_FIELD ? site : fields[field]) };
}

function findingOccurrence({ rule, by }: CorrelationNode, id: string, key: string, { at, site, leaf }: Counted): Occurrence {
  const parts = rule.groupBy.length > 1 ? (JSON.parse(key) as readonly string[]) : [key]; // as groups are written
  const read: ReadField = (field) => parts[rule.groupBy.findIndex(({ name }) => name === field)] ?? (field === SITE_FIELD && by === BY_SITE ? site : undefined);
  return { rule: rule.id, at, site, leaf, finding: id, onlyGroup: by === BY_SITE ? undefined : key, read };
}

function linksTo(node: CorrelationNode, links: readonly (readonly Link[])[]): readonly Link[] {
  return links.flat().filter((link) => link.node === node);
}

function entriesByGroup(node: CorrelationNode, links: readonly Link[], seen: ReadonlyMap<string, readonly Occurrence[]>): ReadonlyMap<string, readonly Counted[]> {
  const groups = new Map<string, Counted[]>();
  for (const link of links) {
    for (const occurrence of seen.get(node.rule.rules[link.place] ?? '') ?? []) {
      for (const key of groupKeys(link, occurrence.read)) {
        if (occurrence.onlyGroup !== undefined && occurrence.onlyGroup !== key) continue;
        for (const mark of marksOf(link, occurrence.read, () => occurrence.finding)) groups.set(key, [...(groups.get(key) ?? []), { ...occurrence, mark, place: link.place }]);
      }
    }
  }
  for (const entries of groups.values()) entries.sort((a, b) => a.at - b.at);
  return groups;
}

function reachedWindows({ rule, users }: CorrelationNode, entries: readonly Counted[]): readonly Window[] {
  // Entries of one time complete the same windows.
  return entries.filter(({ at }, i) => entries[i + 1]?.at !== at).flatMap((last) => {
    const window = entries.filter(({ at }) => at > last.at - rule.timespanMs && at <= last.at);
    return holds(rule, window) ? [{ place: Math.floor(last.at / rule.timespanMs), last, passedOn: users.length > 0 }] : [];
  });
}

function closedWindows({ rule, users }: CorrelationNode, entries: readonly Counted[]): readonly Window[] {
  const windows: Window[] = [];
  let toldUntil = -Infinity;
  let lastEnd = -Infinity;
  for (const first of entries) {
    const window = entries.filter(({ at }) => at >= first.at && at < first.at + rule.timespanMs);
    const last = window.at(-1) ?? first;
    if (last.at > lastEnd && first.at >= toldUntil && holds(rule, window)) {
      windows.push({ place: first.at, last, passedOn: users.length > 0 });
      toldUntil = first.at + rule.timespanMs;
    }
    lastEnd = Math.max(lastEnd, last.at);
  }
  return windows;
}

function passes(comparisons: readonly { readonly comparison: Comparison; readonly value: number }[], number: number): boolean {
  const ways: Readonly<Record<Comparison, (limit: number) => boolean>> = {
    eq: (limit) => number === limit, neq: (limit) => number !== limit, lt: (limit) => number < limit,
    lte: (limit) => number <= limit, gt: (limit) => number > limit, gte: (limit) => number >= limit,
  };
  return comparisons.every(({ comparison, value }) => ways[comparison](value));
}

function holds(rule: CorrelationRule, window: readonly Counted[]): boolean {
  const { type, condition } = rule;
  if (condition.kind === 'rules') return type === 'temporal' ? isTrue(rule, condition.expression, new Set(window.map(({ place }) => place))) : orderedHolds(rule, condition.expression, window);
  if (type === 'value_percentile' && condition.percentile === undefined) return [...Map.groupBy(window, ({ mark }) => mark).values()].some((same) => passes(condition.comparisons, (100 * same.length) / window.length));
  return passes(condition.comparisons, measured(rule, condition.percentile ?? 50, window));
}

function measured({ type }: CorrelationRule, percentile: number, window: readonly Counted[]): number {
  switch (type) {
    case 'event_count': return new Set(window.map(({ finding }) => finding)).size;
    case 'value_count': return new Set(window.map(({ mark }) => mark)).size;
    case 'temporal': return new Set(window.map(({ place }) => place)).size;
    case 'temporal_ordered': return Math.max(...window.map((first) => longestFrom(first, window)));
    // In thousandths: the tests' numbers have no more decimals.
    case 'value_sum': return window.reduce((sum, { mark }) => sum + Math.round(Number(mark) * 1_000), 0) / 1_000;
    case 'value_avg': return window.reduce((sum, { mark }) => sum + Math.round(Number(mark) * 1_000), 0) / 1_000 / window.length;
    case 'value_percentile':
    case 'value_median': return ranked(window.map(({ mark }) => Number(mark)).toSorted((a, b) => a - b), percentile);
    default: return type satisfies never;
  }
}

function ranked(numbers: readonly number[], percentile: number): number {
  const rank = (percentile / 100) * (numbers.length - 1);
  const [below = 0, above = 0] = [numbers[Math.floor(rank)], numbers[Math.ceil(rank)]];
  return below + (above - below) * (rank % 1);
}

/** Different rules seen one after the other, in the author's order, beginning with an entry. */
function longestFrom(first: Counted, window: readonly Counted[]): number {
  return 1 + Math.max(0, ...window.filter(({ at, place }) => at > first.at && place > first.place).map((next) => longestFrom(next, window)));
}

function isTrue(rule: CorrelationRule, expression: RuleExpression, places: ReadonlySet<number>): boolean {
  switch (expression.kind) {
    case 'and': return expression.of.every((part) => isTrue(rule, part, places));
    case 'or': return expression.of.some((part) => isTrue(rule, part, places));
    case 'not': return !isTrue(rule, expression.of, places);
    case 'rule': return places.has(rule.rules.indexOf(expression.rule));
    default: return expression satisfies never;
  }
}

/** Some rules that were seen one after the other make it true, where `not` means not seen at all. */
function orderedHolds(rule: CorrelationRule, expression: RuleExpression, window: readonly Counted[]): boolean {
  const seen = new Set(window.map(({ place }) => place));
  const wanted = (part: RuleExpression, chain: ReadonlySet<number>, negated: boolean): boolean => {
    if (part.kind === 'not') return wanted(part.of, chain, !negated);
    if (part.kind === 'rule') return negated ? !seen.has(rule.rules.indexOf(part.rule)) : chain.has(rule.rules.indexOf(part.rule));
    return (part.kind === 'and') === negated ? part.of.some((one) => wanted(one, chain, negated)) : part.of.every((one) => wanted(one, chain, negated));
  };
  const chainsFrom = (at: number, chain: readonly number[]): boolean => wanted(expression, new Set(chain), false)
    || window.some((next) => next.at > at && next.place > (chain.at(-1) ?? -1) && chainsFrom(next.at, [...chain, next.place]));
  return window.length > 0 && chainsFrom(-Infinity, []);
}
