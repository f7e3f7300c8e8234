import type { Condition } from '../rule.ts';
import { conditionOf, resolvedCondition } from './condition/detection-condition.ts';
import { expressionOf } from './condition/expression.ts';
import { filterSense } from './condition/filter-condition.ts';
import type { Placeholders } from './detection/placeholders.ts';
import { searchesOf } from './detection/searches.ts';
import type { Searches } from './detection/searches.ts';
import { textsIn } from './document/value.ts';
import { nearest } from './nearest.ts';
import type { RuleText } from './rule-text.ts';
import { entryOf, isText, nameOfKind } from './yaml/node.ts';
import type { YamlEntry, YamlMap, YamlText } from './yaml/node.ts';

function sectionMap(text: RuleText, { key, value }: YamlEntry): YamlMap | undefined {
  if (value.kind === 'map') return value;
  text.report(value, `\`${key.value}\` must be a map, this is ${nameOfKind(value)}`, 'searches by their names, and `condition`');
  return undefined;
}

/** The `condition` of a section and its searches; undefined, reported, when one is missing. */
function partsOf(text: RuleText, section: YamlEntry, placeholders: Placeholders, others: readonly string[]): { readonly condition: YamlEntry; readonly searches: Searches } | undefined {
  const map = sectionMap(text, section);
  if (map === undefined) return undefined;
  const condition = entryOf(map, 'condition');
  const entries = map.entries.filter(({ key }) => key.value !== 'condition' && !others.includes(key.value));
  const slip = condition === undefined ? entries.find(({ key }) => nearest(key.value, ['condition']) !== undefined) : undefined;
  if (slip !== undefined) text.report(slip.key, `\`${section.key.value}\` has no \`condition\``, 'did you mean `condition`?');
  else if (condition === undefined) text.report(section.key, `\`${section.key.value}\` needs a \`condition\``, 'which of its searches have to match, like `condition: selection`');
  const searches = searchesOf(text, entries.filter((entry) => entry !== slip), placeholders);
  if (searches.size > 0) return condition === undefined ? undefined : { condition, searches };
  if (entries.length === 0) text.report(section.key, `\`${section.key.value}\` needs at least one search`, 'like `selection:` with `field: value` under it');
  return undefined;
}

export function detectionIn(text: RuleText, section: YamlEntry, placeholders: Placeholders): Condition | undefined {
  const parts = partsOf(text, section, placeholders, []);
  return parts === undefined ? undefined : conditionOf(text, parts.condition.value, parts.searches);
}

/** A filter as written. */
export interface Filter {
  /** Undefined: every rule whose logsource fits. */
  readonly rules: readonly YamlText[] | undefined;
  /** What has to hold beside the rule's own condition. */
  readonly keeps: Condition;
}

export function filterIn(text: RuleText, section: YamlEntry, placeholders: Placeholders): Filter | undefined {
  const parts = partsOf(text, section, placeholders, ['rules']);
  const rules = section.value.kind === 'map' ? filteredRules(text, section.key, entryOf(section.value, 'rules')) : 'wrong';
  if (parts === undefined) return undefined;
  const { value: node } = parts.condition;
  if (!isText(node)) {
    text.report(node, `the condition of a filter must be text, this is ${nameOfKind(node)}`);
    return undefined;
  }
  const expression = expressionOf(text, node, { quantifiers: true });
  const condition = expression === undefined ? undefined : resolvedCondition(text, expression, parts.searches);
  if (expression === undefined || condition === undefined || rules === 'wrong') return undefined;
  const sense = filterSense(expression);
  if (sense === 'mixed') {
    text.report(node, 'this condition could say what is left out or what stays', 'write `not (…)` around what is to be left out');
    return undefined;
  }
  return { rules: rules === 'any' ? undefined : rules, keeps: sense === 'keeps' ? condition : { kind: 'not', of: condition, place: condition.place } };
}

/** `any` is an extension: every rule of the filter's logsource. */
function filteredRules(text: RuleText, key: YamlText, entry: YamlEntry | undefined): readonly YamlText[] | 'any' | 'wrong' {
  if (entry === undefined) {
    text.report(key, '`filter` needs `rules`', 'a list of ids or names of rules, or `any`');
    return 'wrong';
  }
  const { value: node } = entry;
  if (isText(node) && ['any', 'all'].includes(node.value.toLowerCase())) return 'any';
  const rules = textsIn(text, node, 'rules', { orOne: true });
  if (rules?.length === 0) text.report(node, '`rules` must name at least one rule', 'write `any` for every rule of the logsource');
  return rules === undefined || rules.length === 0 ? 'wrong' : rules;
}
