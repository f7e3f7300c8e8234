import type { Rule, SigmaRules } from '../sigma/rule.ts';

/** By id, else by name, else by title. */
export function ruleNamed(rules: SigmaRules, name: string): Rule | undefined {
  const all: readonly Rule[] = [...rules.detections, ...rules.correlations];
  return all.find((rule) => rule.id === name) ?? all.find((rule) => rule.name === name) ?? all.find((rule) => rule.title === name);
}

/** How rules are shown: by `name` where there is one, else by id. */
export function shortName(rule: Rule): string {
  return rule.name ?? rule.id;
}
