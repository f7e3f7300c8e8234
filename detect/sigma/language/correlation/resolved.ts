import type { CorrelationCondition, GroupField, RuleExpression } from '../../rule.ts';
import type { Expression } from '../condition/expression.ts';
import type { CorrelatedDraft, Draft } from '../drafts.ts';
import { didYouMean } from '../nearest.ts';
import type { RuleNames } from '../rule-names.ts';
import { shown } from '../rule-text.ts';
import type { RuleText } from '../rule-text.ts';
import type { YamlText } from '../yaml/node.ts';
import { contradiction } from './range.ts';
import { isTemporal } from './written-condition.ts';

/** A correlation with the rules it refers to looked up. */
export interface ResolvedCorrelation {
  readonly draft: CorrelatedDraft;
  readonly id: string;
  /** In the author's order. */
  readonly rules: readonly Draft[];
  /** How each of them was named. */
  readonly written: readonly YamlText[];
  readonly groupBy: readonly GroupField[];
  readonly condition: CorrelationCondition;
}

export function resolvedCorrelation(draft: CorrelatedDraft, names: RuleNames): ResolvedCorrelation | undefined {
  const { text, correlation } = draft;
  const rules = new Map<string, Draft>();
  const named: YamlText[] = [];
  let whole = true;
  for (const written of correlation.rules) {
    const rule = names.find(text, written);
    const id = rule === undefined ? undefined : names.idOf(rule);
    if (rule === undefined || id === undefined || rule.kind === 'filter') {
      if (rule !== undefined) text.report(written, `\`${shown(written.value)}\` is a filter: nothing matches it`);
      whole = false;
    } else if (!rules.has(id)) {
      rules.set(id, rule);
      named.push(written);
    }
    // A condition that stands for `rules` may name a rule as often as it likes.
    else if (!namedByCondition(correlation)) text.report(written, `the rule \`${shown(written.value)}\` is named twice`);
  }
  const groupBy = groupFields(draft, rules, names);
  const condition = conditionOf(draft, rules, names, whole);
  if (!whole || condition === undefined) return undefined;
  return { draft, id: names.idOf(draft), rules: [...rules.values()], written: named, groupBy, condition };
}

function namedByCondition({ rules, condition }: CorrelatedDraft['correlation']): boolean {
  return condition?.kind === 'expression' && rules === condition.names;
}

/** The id of one of the correlation's own rules; undefined, reported, when it is none of them. */
function ownRule(text: RuleText, written: YamlText, rules: ReadonlyMap<string, Draft>, names: RuleNames): string | undefined {
  const rule = names.find(text, written);
  if (rule === undefined) return undefined;
  const id = names.idOf(rule);
  if (rules.has(id)) return id;
  const own = [...rules.values()].flatMap(({ head }) => [head.name?.value, head.id?.value]).filter((name) => name !== undefined);
  text.report(written, `\`${shown(written.value)}\` is not among the \`rules\` of this correlation`, didYouMean(written.value, own, 'add it to `rules`'));
  return undefined;
}

function groupFields({ text, correlation }: CorrelatedDraft, rules: ReadonlyMap<string, Draft>, names: RuleNames): readonly GroupField[] {
  const aliased = new Map<string, Map<string, string>>();
  for (const { name, fields } of correlation.aliases) {
    const of = new Map<string, string>();
    for (const { rule, field } of fields) {
      const id = ownRule(text, rule, rules, names);
      if (id !== undefined) of.set(id, field);
    }
    aliased.set(name.value, of);
  }
  return correlation.groupBy.map(({ value: name }) => ({ name, of: Object.fromEntries([...rules.keys()].map((id) => [id, aliased.get(name)?.get(id) ?? name])) }));
}

function conditionOf({ text, correlation }: CorrelatedDraft, rules: ReadonlyMap<string, Draft>, names: RuleNames, whole: boolean): CorrelationCondition | undefined {
  const { type, condition } = correlation;
  // Without a condition every rule has to be seen: only the temporal types may leave it out.
  if (condition === undefined) return { kind: 'rules', expression: { kind: 'and', of: [...rules.keys()].map((rule) => ({ kind: 'rule', rule })) } };
  if (condition.kind === 'compare') {
    const { span, ...compare } = condition;
    const problem = isTemporal(type) && whole ? contradiction(compare.comparisons, true, rules.size) : undefined;
    if (problem !== undefined) text.report(span, problem);
    return compare;
  }
  if (!whole && namedByCondition(correlation)) return undefined; // told already
  const ids = new Map(condition.names.map((name) => [name.value, ownRule(text, name, rules, names)]));
  const expression = ruleExpression(condition.expression, ids);
  return expression === undefined ? undefined : { kind: 'rules', expression };
}

function ruleExpression(expression: Expression, ids: ReadonlyMap<string, string | undefined>): RuleExpression | undefined {
  switch (expression.kind) {
    case 'name': {
      const rule = ids.get(expression.name);
      return rule === undefined ? undefined : { kind: 'rule', rule };
    }
    case 'not': {
      const of = ruleExpression(expression.of, ids);
      return of === undefined ? undefined : { kind: 'not', of };
    }
    case 'and':
    case 'or': {
      const of = expression.of.map((part) => ruleExpression(part, ids));
      const known = of.filter((part) => part !== undefined);
      return known.length < of.length ? undefined : { kind: expression.kind, of: known };
    }
    case 'of':
      return undefined; // the grammar of rule conditions has no quantifiers
    default:
      return expression satisfies never;
  }
}
