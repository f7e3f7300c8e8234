import type { FieldValue } from '../sigma/event/field-value.ts';
import { numberOf, scalarsOf } from '../sigma/event/field-value.ts';
import { BY_SITE } from '../../contracts/observation.ts';
import type { CorrelationRule } from '../sigma/rule.ts';
import type { Mark } from './entries.ts';
import { combinations, MOST_VALUES, SITE_FIELD, textsOf } from './observed-text.ts';
import { createSweep } from './sweep.ts';
import type { Sweep } from './sweep.ts';
import { windowTest } from './window-test.ts';
import type { WindowTest } from './window-test.ts';

/** A correlation in the place where its observations come together. */
export interface CorrelationNode {
  /** `by` of its observations: all of one site, or the id of the correlation across sites that is told. */
  readonly by: string;
  /** In the order of the rules: one that it refers to has a smaller one. */
  readonly index: number;
  readonly rule: CorrelationRule;
  readonly test: WindowTest;
  /** Whether its findings are told, not only counted by others. */
  readonly told: boolean;
  /** Correlations that count its findings. */
  readonly users: readonly Link[];
  /** How much later than its event a finding among what it counts may come. */
  readonly delayMs: number;
  /** Lent to groups that are too small for one of their own. */
  readonly sweep: Sweep;
}

/** How a correlation looks at what a rule matched. */
export interface Link {
  readonly node: CorrelationNode;
  /** The rule's place among the correlation's rules. */
  readonly place: number;
  /** Fields to group by, as the rule names them. */
  readonly group: readonly string[];
  readonly values: readonly string[];
}

/** Correlations whose observations come together. */
export interface Tree {
  /** By id of the correlation. */
  readonly nodes: ReadonlyMap<string, CorrelationNode>;
  /** By id of the detection rule that matched. */
  readonly links: ReadonlyMap<string, readonly Link[]>;
}

/** By `by` of the observations. */
export type Forest = ReadonlyMap<string, Tree>;

export type ReadField = (field: string) => FieldValue | undefined;

/** `rules`: each after those it refers to, as `readRules` gives them. Throws what `windowTest` throws. */
export function createForest(rules: readonly CorrelationRule[]): Forest {
  const forest = new Map<string, Tree>();
  const local = rules.filter(({ options }) => options.scope === 'site');
  grow(forest, BY_SITE, local, (rule) => rule.standalone);
  const shared = rules.filter(({ options }) => options.scope === 'deployment');
  for (const root of shared) if (root.standalone) grow(forest, root.id, partsOf(shared, root), (rule) => rule === root);
  return forest;
}

/** A correlation with all it rests on. */
function partsOf(rules: readonly CorrelationRule[], root: CorrelationRule): readonly CorrelationRule[] {
  const wanted = new Set([root.id]);
  for (const rule of rules.toReversed()) if (wanted.has(rule.id)) for (const id of rule.rules) wanted.add(id);
  return rules.filter(({ id }) => wanted.has(id));
}

function grow(forest: Map<string, Tree>, by: string, rules: readonly CorrelationRule[], told: (rule: CorrelationRule) => boolean): void {
  if (rules.length === 0) return;
  const links = new Map<string, Link[]>();
  const nodes = new Map<string, CorrelationNode & { readonly users: Link[] }>();
  for (const [index, rule] of rules.entries()) {
    const referred = rule.rules.flatMap((id) => nodes.get(id) ?? []);
    const delayMs = Math.max(0, ...referred.map((other) => other.delayMs + (other.test.reached ? 0 : other.rule.timespanMs)));
    const test = windowTest(rule, referred.length > 0);
    const node = { by, index, rule, test, told: told(rule), users: [], delayMs, sweep: createSweep(test.createMeasure()) };
    for (const [place, id] of rule.rules.entries()) {
      const link: Link = { node, place, group: rule.groupBy.map(({ name, of }) => (Object.hasOwn(of, id) ? (of[id] ?? name) : name)), values: rule.condition.kind === 'compare' ? rule.condition.fields : [] };
      const other = nodes.get(id);
      if (other !== undefined) other.users.push(link);
      else links.set(id, [...(links.get(id) ?? []), link]);
    }
    nodes.set(rule.id, node);
  }
  forest.set(by, { nodes, links });
}

/** The groups an observation belongs to: one for each combination of values, none when a field is absent. */
export function groupKeys({ group }: Link, read: ReadField): readonly string[] {
  return textsOfAll(group, read);
}

function textsOfAll(fields: readonly string[], read: ReadField): readonly string[] {
  // Nearly all rules look at one field.
  const [only = ''] = fields;
  return fields.length === 1 ? textsOf(read(only)) : combinations(fields.map((field) => textsOf(read(field))));
}

/** The marks of an observation's entries: none when it is not counted. `finding` tells observations of one finding from those of others. */
export function marksOf({ node: { test }, place, values }: Link, read: ReadField, finding: () => string): readonly Mark[] {
  switch (test.mark) {
    case 'none': return NO_MARK;
    case 'rule': return [place];
    case 'finding': return [finding()];
    case 'texts': return textsOfAll(values, read);
    case 'number': return numbersOf(read(values[0] ?? SITE_FIELD), test.floor);
    default: return test.mark satisfies never;
  }
}

const NO_MARK = [0] as const;
const NO_NUMBERS: readonly number[] = [];
/** Larger numbers are not exact. */
const MOST_NUMBER = Number.MAX_SAFE_INTEGER;

function numbersOf(value: FieldValue | undefined, floor: number): readonly number[] {
  const counts = (number: number): boolean => number >= floor && Math.abs(number) <= MOST_NUMBER;
  if (typeof value === 'number') return counts(value) ? [value] : NO_NUMBERS;
  return scalarsOf(value).slice(0, MOST_VALUES).flatMap((scalar) => numberOf(scalar) ?? []).filter(counts);
}
