import process from 'node:process';
import { adviceOn } from '../../../detect/rules/advice.ts';
import { runRuleTests, untestedRules } from '../../../detect/rules/rule-tests.ts';
import { triggerAdvice } from '../../../detect/rules/trigger-advice.ts';
import type { Problem } from '../../../detect/sigma/rule.ts';
import { openRules, planOf } from './opened-rules.ts';
import type { OpenedRules } from './opened-rules.ts';

/** Exit code 1 when there is a problem; warnings alone are none. */
export async function lint(paths: readonly string[], options: { readonly json?: true; readonly quiet?: true }): Promise<number> {
  const opened = openRules(paths);
  const warnings = options.quiet === true ? [] : warningsOf(opened);
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ problems: opened.problems, warnings, rules: countOf(opened), signatures: opened.signatures.length })}\n`);
    return opened.problems.length === 0 ? 0 : 1;
  }
  if (opened.problems.length > 0) process.stdout.write(`${opened.print(opened.problems).trimEnd()}\n\n`);
  if (warnings.length > 0) process.stdout.write(`${opened.print(warnings.map((w) => ({ ...w, message: `warning: ${w.message}` }))).trimEnd()}\n\n`);
  process.stdout.write(opened.problems.length > 0 ? `${counted(opened.problems.length, 'problem')}: none of these rules can be loaded.\n` : `${counted(countOf(opened), 'rule')} and ${counted(opened.signatures.length, 'signature')} load; ${counted(warnings.length, 'warning')}.\n`);
  return opened.problems.length === 0 ? 0 : 1;
}

/** Nothing is said about rules that do not load. */
function warningsOf(opened: OpenedRules): readonly Problem[] {
  const { rules, all, sigma, tests, surroundings, problems } = opened;
  if (problems.length > 0) return [];
  const untested = untestedRules(rules, runRuleTests(all, tests, surroundings));
  const lacking = untested.map(({ rule, lacks }) => ({ place: rule.place, message: `the rule has no ${lacks.join(' and no ')} test`, hint: 'write them into the .test.yml beside it' }));
  return [...adviceOn(rules, sigma, surroundings.mappings), ...triggerAdvice(planOf(opened)), ...lacking].toSorted(byPlace);
}

function byPlace({ place: a }: Problem, { place: b }: Problem): number {
  return a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1;
}

function countOf({ rules }: OpenedRules): number {
  return rules.detections.length + rules.correlations.length;
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
