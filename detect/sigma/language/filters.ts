import { shown } from './rule-text.ts';
import type { Condition, Logsource } from '../rule.ts';
import type { Draft, FilterDraft, RuleDraft } from './drafts.ts';
import type { RuleNames } from './rule-names.ts';

/** A rule's filters, in the order they were read. */
export type FiltersOf = ReadonlyMap<RuleDraft, readonly FilterDraft[]>;

/** Which filters apply to which rules. A filter that names a rule it cannot apply to is reported. */
export function filtersOf(drafts: readonly Draft[], names: RuleNames): FiltersOf {
  const filters = new Map<RuleDraft, FilterDraft[]>();
  const rules = drafts.filter((draft) => draft.kind === 'detection');
  for (const filter of drafts) {
    if (filter.kind !== 'filter') continue;
    const filtered = filter.rules === undefined ? rules.filter((rule) => covers(filter.logsource, rule.logsource)) : namedRules(filter, filter.rules, names);
    for (const rule of filtered) {
      const others = filters.get(rule);
      if (others === undefined) filters.set(rule, [filter]);
      else others.push(filter);
    }
  }
  return filters;
}

function namedRules(filter: FilterDraft, written: NonNullable<FilterDraft['rules']>, names: RuleNames): readonly RuleDraft[] {
  const found = new Set<RuleDraft>();
  for (const name of written) {
    const rule = names.find(filter.text, name);
    if (rule === undefined) continue;
    if (rule.kind !== 'detection') filter.text.report(name, `\`${shown(name.value)}\` is a ${rule.kind}: filters apply to detection rules`, rule.kind === 'correlation' ? 'name the rules it refers to' : undefined);
    else if (!covers(filter.logsource, rule.logsource)) filter.text.report(name, `the rule \`${shown(name.value)}\` has another logsource than this filter`, `its logsource is ${printLogsource(rule.logsource)}`);
    else if (found.has(rule)) filter.text.report(name, `the rule \`${shown(name.value)}\` is named twice`);
    else found.add(rule);
  }
  return [...found];
}

/** Whether all that the filter's logsource names is so in the rule's. */
function covers(filter: Logsource, rule: Logsource): boolean {
  return (['category', 'product', 'service'] as const).every((name) => filter[name] === undefined || filter[name] === rule[name]);
}

function printLogsource(logsource: Logsource): string {
  return Object.entries(logsource).map(([name, value]) => `${name}: ${value}`).join(', ');
}

/** The rule's condition with what its filters leave out. */
export function filteredCondition({ condition }: RuleDraft, filters: readonly FilterDraft[]): Condition {
  if (filters.length === 0) return condition;
  const kept = filters.map(({ keeps, head }): Condition => ({ kind: 'and', of: [keeps], label: `filter ${head.title}`, place: head.place }));
  return { kind: 'and', of: [condition, ...kept], place: condition.place };
}
