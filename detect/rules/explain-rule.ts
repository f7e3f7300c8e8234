import type { EventObject, FieldValue } from '../sigma/event/field-value.ts';
import { explain } from '../sigma/naive/explain.ts';
import type { Explanation } from '../sigma/naive/explain.ts';
import { printExplanation } from '../sigma/naive/print-explanation.ts';
import type { Surroundings } from '../sigma/naive/matches.ts';
import type { CorrelationRule, DetectionRule, Logsource, Rule, SigmaRules } from '../sigma/rule.ts';
import { consider } from './consideration.ts';
import type { Consideration } from './consideration.ts';
import { shortName } from './rule-named.ts';
import { harmless } from '../sigma/language/print-problems.ts';

/** Why a rule matches an event or not; of a correlation, whether the event counts. Plain data. */
export interface RuleExplanation {
  readonly rule: string;
  readonly title: string;
  /** Of a correlation: whether any rule it refers to matches. */
  readonly matched: boolean;
  /** Of a detection rule. */
  readonly consideration?: Consideration;
  readonly tree?: Explanation;
  /** Of a correlation: the rules it refers to. */
  readonly counts: readonly RuleExplanation[];
  /** What the event is grouped by in the correlation that refers to the rule; a field without a value: the event is not counted. */
  readonly group?: Readonly<Record<string, FieldValue | undefined>>;
}

export function explainRule(rules: SigmaRules, rule: Rule, event: EventObject, fixed: 'any' | Logsource | undefined, surroundings: Surroundings): RuleExplanation {
  return rule.kind === 'detection' ? explainDetection(rule, event, fixed, surroundings) : explainCorrelation(rules, rule, event, fixed, surroundings);
}

function explainDetection(rule: DetectionRule, event: EventObject, fixed: 'any' | Logsource | undefined, surroundings: Surroundings): RuleExplanation {
  const consideration = consider(rule, event, fixed, surroundings);
  const tree = explain(rule, event, surroundings);
  return { rule: shortName(rule), title: rule.title, matched: consideration.considered && tree.matched, consideration, tree, counts: [] };
}

/** Correlations stand after those they refer to, so there is an end to it. */
function explainCorrelation(rules: SigmaRules, rule: CorrelationRule, event: EventObject, fixed: 'any' | Logsource | undefined, surroundings: Surroundings): RuleExplanation {
  const all: readonly Rule[] = [...rules.detections, ...rules.correlations];
  const counts = rule.rules.flatMap((id) => all.filter((one) => one.id === id)).map((base) => {
    const explained = explainRule(rules, base, event, fixed, surroundings);
    return base.kind === 'detection' && explained.matched ? { ...explained, group: groupOf(rule, base, event, surroundings) } : explained;
  });
  return { rule: shortName(rule), title: rule.title, matched: counts.some(({ matched }) => matched), counts };
}

function groupOf({ groupBy }: CorrelationRule, base: DetectionRule, event: EventObject, { mappings }: Surroundings): Readonly<Record<string, FieldValue | undefined>> {
  return Object.fromEntries(groupBy.map(({ name, of }) => [name, mappings.fieldPath(of[base.id] ?? name, base.logsource).read(event)]));
}

export function printRuleExplanation(explanation: RuleExplanation): string {
  return [...linesOf(explanation, '')].map((line) => `${line}\n`).join('');
}

function* linesOf({ rule, title, matched, consideration, tree, counts, group }: RuleExplanation, indent: string): Generator<string> {
  yield `${indent}${matched ? '✓' : '✗'} ${harmless(rule)}: ${harmless(title)}`;
  if (consideration !== undefined) yield `${indent}  ${consideration.considered ? '✓ considered' : '✗ not considered'}: ${harmless(consideration.because)}`;
  // Of a rule that a correlation counts, a tree that decides nothing only hides the others.
  if (tree !== undefined && (indent === '' || consideration?.considered === true)) {
    for (const line of printExplanation(tree).trimEnd().split('\n')) yield `${indent}  ${line}`;
    for (const [field, names] of mappedFields(tree)) yield `${indent}  looked for ${harmless(field)} also under ${names.map(harmless).join(', ')}`;
  }
  for (const inner of counts) yield* linesOf(inner, `${indent}  `);
  if (group === undefined) return;
  const fields = Object.entries(group).map(([field, value]) => `${harmless(field)} ${value === undefined ? 'absent: not counted' : harmless(JSON.stringify(value) ?? '')}`);
  yield `${indent}  grouped by ${fields.length === 0 ? 'nothing: all events together' : fields.join(', ')}`;
}

/** Fields that were looked for under further names, with these. */
function mappedFields({ looked, of }: Explanation): ReadonlyMap<string, readonly string[]> {
  const own = looked?.field === undefined || looked.names.length < 2 ? [] : [[looked.field, looked.names.slice(1)] as const];
  return new Map([...own, ...of.flatMap((inner) => [...mappedFields(inner)])]);
}
