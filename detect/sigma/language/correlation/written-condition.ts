import type { Comparison, CorrelationType } from '../../rule.ts';
import { expressionOf } from '../condition/expression.ts';
import type { Expression } from '../condition/expression.ts';
import { isMapOf } from '../document/options.ts';
import { numberIn, textsIn } from '../document/value.ts';
import type { RuleText, Span } from '../rule-text.ts';
import { entryOf, isText, nameOfKind } from '../yaml/node.ts';
import type { YamlMap, YamlNode, YamlText } from '../yaml/node.ts';
import { contradiction } from './range.ts';

export type WrittenCondition =
  | { readonly kind: 'compare'; readonly fields: readonly string[]; readonly percentile?: number; readonly comparisons: readonly WrittenComparison[]; readonly span: Span }
  /** An extension: which rules must have been seen. `names` in order of appearance, each once. */
  | { readonly kind: 'expression'; readonly expression: Expression; readonly names: readonly YamlText[] };

export interface WrittenComparison {
  readonly comparison: Comparison;
  readonly value: number;
}

const COMPARISONS = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'] as const;

export function isTemporal(type: CorrelationType): boolean {
  return type === 'temporal' || type === 'temporal_ordered';
}

/** What the condition of a correlation says; undefined when there is none, or when it is wrong, which is reported. */
export function writtenCondition(text: RuleText, type: CorrelationType, section: YamlText, node: YamlNode | undefined): WrittenCondition | undefined {
  if (node === undefined) {
    if (!isTemporal(type)) text.report(section, `\`${type}\` needs a \`condition\``, conditionHint(type));
    return undefined;
  }
  if (isText(node)) return ruleCondition(text, type, node);
  if (node.kind !== 'map') {
    text.report(node, `\`condition\` must be a map, this is ${nameOfKind(node)}`, conditionHint(type));
    return undefined;
  }
  if (!isMapOf(text, node, 'condition', [...COMPARISONS, ...(type.startsWith('value_') ? ['field'] : []), ...(type === 'value_percentile' ? ['percentile'] : [])])) return undefined;
  const comparisons = comparisonsIn(text, type, node);
  const fields = fieldsIn(text, type, node);
  const percentileNode = entryOf(node, 'percentile')?.value;
  const percentile = percentileNode === undefined || type !== 'value_percentile' ? undefined : numberIn(text, percentileNode, 'percentile');
  if (percentile !== undefined && percentileNode !== undefined && !(percentile >= 0 && percentile <= 100)) text.report(percentileNode, '`percentile` must be from 0 to 100');
  if (comparisons === undefined || fields === undefined) return undefined;
  return { kind: 'compare', fields, comparisons, span: node, ...(percentile === undefined ? {} : { percentile }) };
}

function conditionHint(type: CorrelationType): string {
  if (isTemporal(type)) return 'a number of rules like `gte: 2`, or rules like `rule_a and not rule_b`';
  return type === 'event_count' ? 'like `gte: 10`' : 'a `field` and a number like `gte: 10`';
}

function ruleCondition(text: RuleText, type: CorrelationType, node: YamlText): WrittenCondition | undefined {
  if (!isTemporal(type)) {
    text.report(node, `the condition of \`${type}\` must be a map, this is text`, conditionHint(type));
    return undefined;
  }
  const expression = expressionOf(text, node, { quantifiers: false });
  if (expression === undefined) return undefined;
  if (holdsForNothing(expression)) {
    text.report(node, 'this condition holds when none of the rules was seen', 'join a rule that must be seen with `and`');
    return undefined;
  }
  return { kind: 'expression', expression, names: namesOf(expression, node) };
}

function holdsForNothing(expression: Expression): boolean {
  switch (expression.kind) {
    case 'and':
      return expression.of.every(holdsForNothing);
    case 'or':
      return expression.of.some(holdsForNothing);
    case 'not':
      return !holdsForNothing(expression.of);
    default:
      return false;
  }
}

function namesOf(expression: Expression, node: YamlText): readonly YamlText[] {
  const names = new Map<string, YamlText>();
  const visit = (part: Expression): void => {
    if (part.kind === 'name') {
      if (!names.has(part.name)) names.set(part.name, { ...node, value: part.name, ...part.span, quoted: false });
    } else if (part.kind === 'not') visit(part.of);
    else if (part.kind !== 'of') part.of.forEach(visit);
  };
  visit(expression);
  return [...names.values()];
}

function comparisonsIn(text: RuleText, type: CorrelationType, node: YamlMap): readonly WrittenComparison[] | undefined {
  const whole = type === 'event_count' || type === 'value_count' || isTemporal(type);
  const comparisons: WrittenComparison[] = [];
  let wrong = false;
  for (const { key, value } of node.entries) {
    const comparison = COMPARISONS.find((name) => name === key.value);
    if (comparison === undefined) continue;
    const number = numberIn(text, value, comparison);
    if (number !== undefined && whole && !(Number.isInteger(number) && number >= 0)) text.report(value, `\`${comparison}\` counts: it takes a whole number from 0`);
    if (number === undefined) wrong = true;
    else comparisons.push({ comparison, value: number });
  }
  if (wrong) return undefined;
  if (comparisons.length === 0) {
    if (node.entries.every(({ key }) => key.value === 'field' || key.value === 'percentile')) text.report(node, '`condition` compares with nothing', `expected one of ${COMPARISONS.join(', ')}`);
    return undefined;
  }
  const problem = contradiction(comparisons, whole);
  if (problem === undefined) return comparisons;
  text.report(node, problem);
  return undefined;
}

function fieldsIn(text: RuleText, type: CorrelationType, node: YamlMap): readonly string[] | undefined {
  if (!type.startsWith('value_')) return [];
  const entry = entryOf(node, 'field');
  if (entry === undefined) {
    text.report(node, `\`${type}\` needs a \`field\` in its condition`, 'the field whose values are looked at');
    return undefined;
  }
  const fields = textsIn(text, entry.value, 'field', { orOne: true });
  if (fields === undefined || (fields.length > 0 && (type === 'value_count' || fields.length === 1))) return fields?.map(({ value }) => value);
  text.report(entry.value, fields.length === 0 ? '`field` must name a field' : `\`${type}\` looks at one field`);
  return undefined;
}
